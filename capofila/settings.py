"""The only settings. Every value has a working default and comes from the environment.

| Variable | Meaning | Default |
|---|---|---|
| `CAPOFILA_DATA` | folder of the database, the reports and the secret key | `var/` in the checkout |
| `DATABASE_URL` | `postgresql://USER:PASSWORD@HOST:PORT/DATABASE` | SQLite in the data folder |
| `CAPOFILA_SECRET_KEY` | signs cookies and forms | made at first run, kept in the data folder |
| `CAPOFILA_HOSTS` | names under which the pages are reached, with commas | localhost only |
| `CAPOFILA_DEMO` | `1` opens the demonstration pages, on this machine alone | off |
| `CAPOFILA_DEBUG` | `1` shows traces to whoever asks: never where others can reach it | off |
| `CAPOFILA_INSTRUMENTS` | a hub's own folder of instruments | none |
| `CAPOFILA_MAIL` | the mail server, such as `smtp://user:password@host:587` | this machine's |
| `CAPOFILA_MAIL_FROM` | the address that mails come from | `capofila@localhost` |
| `CAPOFILA_OIDC_ISSUER`, `_CLIENT`, `_SECRET`, `_NAME` | the hub's own identity provider | none |
| `CAPOFILA_PROXIES` | how many proxies stand before the server; with any, cookies need TLS | 0 |
"""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

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


def _database(url: str, file: Path) -> dict[str, object]:
    """The PostgreSQL database that `url` names; without one, SQLite in `file`."""
    return _postgresql(url) if url else _sqlite(file)


def _sqlite(file: Path) -> dict[str, object]:
    """An acknowledged row must survive a power cut: hence FULL. A writer takes its lock when its transaction
    begins. Without recursive triggers, INSERT OR REPLACE would pass by those that keep rows.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 10,  # seconds to wait for another writer
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA recursive_triggers=ON;"
            "PRAGMA mmap_size=134217728;PRAGMA cache_size=-20000;PRAGMA temp_store=MEMORY;",
        },
    }


def _postgresql(url: str) -> dict[str, object]:
    """The address is read by PostgreSQL's own library, and what it says beyond the usual (sslmode, options)
    is passed on. Each process keeps a pool of connections, and tries one before it is used again. Nobody
    waits longer for one than on SQLite for another writer.
    """
    from psycopg import ProgrammingError, conninfo  # noqa: PLC0415 (SQLite does not need it)

    expected = "DATABASE_URL is expected as postgresql://USER:PASSWORD@HOST:PORT/DATABASE"
    if not url.startswith(("postgresql://", "postgres://")):
        raise ImproperlyConfigured(f"{expected}; leave it out for SQLite.")
    try:
        said = conninfo.conninfo_to_dict(url)
    except ProgrammingError:  # its message may hold the password
        raise ImproperlyConfigured(f"{expected}; what it holds cannot be read.") from None
    if not said.get("dbname") and not said.get("service"):
        raise ImproperlyConfigured(f"{expected}; what it holds names no database.")
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **{name: said.pop(word, "") for name, word in names.items()},
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**said, "pool": {"min_size": 2, "max_size": 8, "timeout": 10}},
    }


def _on(name: str) -> bool:
    return os.environ.get(name, "") not in {"", "0"}


def _identity_provider() -> dict[str, object]:
    """The hub's own OpenID Connect provider, when it names one."""
    issuer = os.environ.get("CAPOFILA_OIDC_ISSUER", "")
    if not issuer:
        return {}
    app = {
        "provider_id": "hub",
        "name": os.environ.get("CAPOFILA_OIDC_NAME", "OpenID Connect"),
        "client_id": os.environ.get("CAPOFILA_OIDC_CLIENT", ""),
        "secret": os.environ.get("CAPOFILA_OIDC_SECRET", ""),
        "settings": {"server_url": issuer, "oauth_pkce_enabled": True},
    }
    return {"openid_connect": {"APPS": [app]}}


def _mail_server(url: str) -> dict[str, object]:
    """Django's names for `smtp://user:password@host:587` (with STARTTLS) or `smtps://…:465`."""
    if not url:
        return {"EMAIL_HOST": "localhost", "EMAIL_PORT": 25}
    parts = urlsplit(url)
    secure = parts.scheme == "smtps"
    return {
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or (465 if secure else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": secure,
        "EMAIL_USE_TLS": not secure,
        "EMAIL_TIMEOUT": 30,
    }


CAPOFILA_DATA = _data()
CAPOFILA_DEMO = _on("CAPOFILA_DEMO")

SECRET_KEY = _secret_key(CAPOFILA_DATA / "secret-key")
DEBUG = _on("CAPOFILA_DEBUG")
ALLOWED_HOSTS = os.environ.get("CAPOFILA_HOSTS", "localhost,127.0.0.1,[::1]").split(",")

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "capofila.web",
    "capofila.accounts",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_tasks",
    "django_tasks_db",
    "capofila.journal",
    "capofila.files",
    "capofila.consortium",
    "capofila.companies",
    "capofila.assessments",
    "capofila.roadmap",
    "capofila.reports",
    "capofila.desk",
]
MIDDLEWARE = [
    "capofila.web.middleware.SafeHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "capofila.accounts.middleware.Sessions",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "capofila.desk.middleware.FirstVisit",
    "capofila.accounts.middleware.SecondFactor",
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

DATABASES = {"default": _database(os.environ.get("DATABASE_URL", ""), CAPOFILA_DATA / "capofila.sqlite3")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":  # PostgreSQL takes many writers at once
    MIDDLEWARE.insert(0, "capofila.assessments.middleware.OneSaveAtATime")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"

# People and how they sign in (capofila/accounts). Nobody signs up: people are invited.
AUTHENTICATION_BACKENDS = ["capofila.accounts.signed_in.Backend"]
LOGIN_URL = "desk:personas" if CAPOFILA_DEMO else "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "capofila.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "capofila.accounts.forms.SignInForm",
    "reauthenticate": "capofila.accounts.forms.ConfirmForm",
    "reset_password": "capofila.accounts.forms.AskResetForm",
    "reset_password_from_key": "capofila.accounts.forms.ResetForm",
    "change_password": "capofila.accounts.forms.ChangeForm",
    "set_password": "capofila.accounts.forms.SetForm",
    "add_email": "capofila.accounts.forms.AddressForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation or a link came to that address
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True  # who owns an account is told what changes in it
ACCOUNT_CHANGE_EMAIL = True  # one address, replaced once the new one is confirmed
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # an open laptop does not change who an account belongs to
ACCOUNT_SESSION_REMEMBER = True  # an interview over two visits must not end at the sign-in page
ACCOUNT_RATE_LIMITS = {
    "link": "20/m/ip,3/10m/key",
    "enter": "20/m/ip",
    "accept": "20/m/ip",
}  # beside allauth's
SOCIALACCOUNT_ADAPTER = "capofila.accounts.adapter.SocialAccountAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True  # an address that the hub's own provider has verified
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_PROVIDERS = _identity_provider()
MFA_ADAPTER = "capofila.accounts.adapter.MFAAdapter"
MFA_FORMS = {
    "authenticate": "capofila.accounts.forms.CodeForm",
    "reauthenticate": "capofila.accounts.forms.ConfirmCodeForm",
    "activate_totp": "capofila.accounts.forms.AppForm",
    "add_webauthn": "capofila.accounts.forms.PasskeyForm",
    "edit_webauthn": "capofila.accounts.forms.PasskeyNameForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # localhost; a browser allows no other without TLS
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
     "OPTIONS": {"user_attributes": ["email", "name"]}},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]  # fmt: skip
SESSION_ENGINE = "capofila.accounts.signed_in"
SESSION_COOKIE_SAMESITE = "Lax"
# Rates are counted across worker processes: hence in the database.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "accounts_rates"}}

# Behind as many proxies as stated, each of which appends to X-Forwarded-For and says https or http.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("CAPOFILA_PROXIES", "0"))
if ALLAUTH_TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True

# Mail and other work in the background (capofila work).
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
vars().update(_mail_server(os.environ.get("CAPOFILA_MAIL", "")))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = os.environ.get("CAPOFILA_MAIL_FROM", "capofila@localhost")

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
FILE_UPLOAD_HANDLERS = [
    "capofila.files.uploads.LimitedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000  # bytes of a form; the longest area with full notes stays below

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
