"""The only settings. Every value has a working default and comes from the environment.

| Variable | Meaning | Default |
|---|---|---|
| `CAPOFILA_DATA` | folder of the database, the reports and the secret key | `var/` in the checkout |
| `CAPOFILA_SECRET_KEY` | signs cookies and forms | made at first run, kept in the data folder |
| `CAPOFILA_HOSTS` | names under which the pages are reached, with commas | localhost only |
| `CAPOFILA_DEMO` | `1` opens the demonstration pages, on this machine alone | off |
| `CAPOFILA_DEBUG` | `1` shows traces to whoever asks: never where others can reach it | off |
| `CAPOFILA_INSTRUMENTS` | a hub's own folder of instruments | none |
"""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def _data() -> Path:
    """The data folder; outside a checkout, `var` where the command was called."""
    stated = os.environ.get("CAPOFILA_DATA")
    if stated:
        return Path(stated).resolve()
    checkout = PACKAGE.parent
    return (checkout if (checkout / "pyproject.toml").is_file() else Path.cwd()) / "var"


def _secret_key(file: Path) -> str:
    """The key kept in `file`, made there once; of two first runs at the same time one wins."""
    stated = os.environ.get("CAPOFILA_SECRET_KEY")
    if stated:
        return stated
    if not file.is_file():
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=file.parent, prefix=".secret-key.") as draft:  # mode 600
            draft.write(secrets.token_urlsafe(50))
            draft.flush()
            with suppress(FileExistsError):
                os.link(draft.name, file)
    return file.read_text(encoding="ascii")


def _on(name: str) -> bool:
    return os.environ.get(name, "") not in {"", "0"}


CAPOFILA_DATA = _data()
CAPOFILA_DEMO = _on("CAPOFILA_DEMO")

SECRET_KEY = _secret_key(CAPOFILA_DATA / "secret-key")
DEBUG = _on("CAPOFILA_DEBUG")
ALLOWED_HOSTS = os.environ.get("CAPOFILA_HOSTS", "localhost,127.0.0.1,[::1]").split(",")

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.staticfiles",
    "capofila.web",
    "capofila.accounts",
    "capofila.companies",
    "capofila.assessments",
    "capofila.reports",
    "capofila.desk",
]
MIDDLEWARE = [
    "capofila.web.middleware.SafeHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "capofila.web.middleware.ClosedByDefault",
    "capofila.web.middleware.ProblemPages",
]
ROOT_URLCONF = "capofila.urls"
WSGI_APPLICATION = "capofila.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "capofila.desk.menu.frame",
            ],
        },
    },
]

# An acknowledged row must survive a power cut: hence FULL. A writer takes its lock when its transaction
# begins. Without recursive triggers, INSERT OR REPLACE would pass by those that keep rows.
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": CAPOFILA_DATA / "capofila.sqlite3",
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 10,  # seconds to wait for another writer
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA recursive_triggers=ON;"
            "PRAGMA mmap_size=134217728;PRAGMA cache_size=-20000;PRAGMA temp_store=MEMORY;",
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"

LANGUAGE_CODE = "it"
LANGUAGES = [("it", "Italiano"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
TIME_ZONE = "Europe/Rome"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "static/"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "capofila.web.fonts.FontsFinder",
]
WHITENOISE_USE_FINDERS = True  # no step between a checkout and its pages
WHITENOISE_AUTOREFRESH = False

CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000  # bytes of a form; the longest area with full notes stays below

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
