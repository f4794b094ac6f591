"""What a person changes in the own account, who is told, and that nothing tells who exists."""

import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from allauth.account.internal.flows import manage_email, password_change, password_reset
from allauth.mfa.recovery_codes.internal import flows as codes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.totp.internal import flows as totp_flows
from allauth.mfa.webauthn.internal import flows as passkeys
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from capofila.accounts import adapter, api_tokens
from capofila.accounts.models import Mail, User
from capofila.accounts.tests.builders import PASSWORD, make_user

pytestmark = pytest.mark.django_db
NEW = "alice.new@example.org"
FLOWS = (password_change, password_reset, manage_email, totp_flows, passkeys, codes)
NOTIFIED = re.compile(r'send_notification_mail\(\s*"([^"]+)"')
DELETED = {"account/email/email_deleted"}  # one address is all that somebody has here


@pytest.fixture
def alice(client: Client) -> User:
    """Signed in, and her password typed once more a moment ago."""
    user = make_user()
    client.post("/account/sign-in/", {"login": user.email, "password": PASSWORD})
    client.post("/account/confirm/", {"password": PASSWORD})
    return user


def mails() -> list[tuple[str, str]]:
    return list(Mail.objects.order_by("pk").values_list("to", "subject"))


def ask_for(client: Client, address: str) -> None:
    client.post("/address/", {"email": address, "action_add": ""})


def link() -> str:
    found = re.search(r"http://localhost(/address/confirm/\S+)", Mail.objects.get(to=NEW).text)
    assert found
    return found[1]


def test_an_address_changes_when_the_new_one_is_confirmed_and_the_old_one_is_told(
    client: Client, alice: User
) -> None:
    ask_for(client, NEW)
    before = User.objects.get().email
    opened = Client().get(link())  # as a scanner of mail does
    still = User.objects.get().email
    client.post(link())

    assert (before, still, User.objects.get().email) == ("alice@example.org", "alice@example.org", NEW)
    assert opened.status_code == 200
    assert mails() == [
        (NEW, "Confermate il nuovo indirizzo per Capofila"),
        ("alice@example.org", "Il vostro indirizzo per Capofila è cambiato"),
    ]
    assert Client().post("/account/sign-in/", {"login": NEW, "password": PASSWORD}).status_code == 302


def test_an_address_of_somebody_else_is_neither_taken_nor_told(client: Client, alice: User) -> None:
    make_user("Bob")

    ask_for(client, "bob@example.org")
    page = client.get("/address/").content.decode()

    assert "Un link è in viaggio" in page  # as for any other
    assert "/confirm/" not in Mail.objects.get(to="bob@example.org").text
    assert set(User.objects.values_list("email", flat=True)) == {"alice@example.org", "bob@example.org"}


def test_of_two_who_want_one_address_the_first_gets_it(client: Client, alice: User) -> None:
    ask_for(client, NEW)
    User.objects.create_user(NEW, PASSWORD)  # invited meanwhile

    client.post(link())

    alice.refresh_from_db()
    assert alice.email == "alice@example.org"


def test_an_address_changes_only_soon_after_the_password(client: Client) -> None:
    client.force_login(make_user())  # a session without a password typed in it

    response = client.post("/address/", {"email": NEW, "action_add": ""})

    assert response["Location"].startswith("/account/confirm/")
    assert mails() == []


def test_who_enters_by_link_changes_no_address(client: Client) -> None:
    client.force_login(make_user("Contact", by_link=True))

    assert client.get("/address/").status_code == 404


def test_a_changed_password_is_told(client: Client, alice: User) -> None:
    client.post(
        "/account/password/change/",
        {"oldpassword": PASSWORD, "password1": "another long sentence", "password2": "another long sentence"},
    )

    assert mails() == [(alice.email, "La password del vostro accesso a Capofila è cambiata")]


def test_an_app_added_and_removed_and_new_codes_are_told(
    client: Client, alice: User, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    client.get("/account/second-factor/app/")
    secret = client.session[totp.SECRET_SESSION_KEY]
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    code = totp.format_hotp_value(totp.hotp_value(secret, counter))
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/account/second-factor/app/", {"code": code})
        client.post("/account/second-factor/codes/new/")
    client.post("/account/second-factor/app/remove/")

    told = [subject for _, subject in mails()]
    assert "Un’app di codici protegge il vostro accesso a Capofila" in told
    assert "Nuovi codici di recupero per il vostro accesso a Capofila" in told
    assert told[-1] == "L’app di codici del vostro accesso a Capofila è stata tolta"


def test_a_new_token_is_told() -> None:
    user = make_user()

    api_tokens.create(user, name="Robot", scope="read", days=1, at=timezone.now())

    assert mails() == [(user.email, "Un token per programmi è stato creato per il vostro accesso a Capofila")]


@pytest.mark.parametrize("language", ["it", "en"])
@pytest.mark.parametrize("change", sorted({*adapter.CHANGES.values(), "token"}))
def test_every_change_has_a_subject_and_a_sentence(change: str, language: str) -> None:
    from capofila.accounts import actions  # noqa: PLC0415 (beside its only use)

    user = make_user()
    User.objects.update(language=language)
    user.refresh_from_db()

    actions.tell_change(user, change, at=timezone.now(), to=user.email)

    told = Mail.objects.get()
    assert told.subject
    assert re.search(r"[a-zàèìòù] (on|il) \d", told.text)


def test_allauth_tells_of_no_change_that_we_have_no_words_for() -> None:
    """Each notification of the flows that can happen here."""
    sources = [Path(inspect.getfile(flows)).read_text(encoding="utf-8") for flows in FLOWS]

    told = {name for source in sources for name in NOTIFIED.findall(source)}

    assert told
    assert told - DELETED <= set(adapter.CHANGES)


# Nothing tells who exists: the same work, whoever is named


@pytest.fixture
def hashed() -> Iterator[list[str]]:
    """Every password that is hashed."""
    found: list[str] = []
    encode = PBKDF2PasswordHasher.encode

    def counted(self: PBKDF2PasswordHasher, password: str, *args: object, **options: object) -> str:
        found.append(password)
        return encode(self, password, *args, **options)  # type: ignore[arg-type]

    with patch.object(PBKDF2PasswordHasher, "encode", counted):
        yield found


@pytest.mark.parametrize("address", ["/account/sign-in/", "/account/password/reset/", "/account/link/"])
def test_the_same_work_is_done_for_whoever_is_named(
    address: str, hashed: list[str], settings: Settings
) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    make_user()
    make_user("Contact", by_link=True)
    work = {}
    for name in ("alice", "contact", "nobody"):
        email = f"{name}@example.org"
        typed = {"login": email, "email": email, "password": "wrong password"}
        client = Client()
        client.get(address)
        hashed.clear()
        response = client.post(address, typed)
        work[name] = (response.status_code, len(hashed), Mail.objects.filter(to=email).count())

    assert work["alice"] == work["nobody"] == work["contact"]
    assert address != "/account/sign-in/" or work["nobody"][1] == 1
