"""Signing in through the hub's own OpenID Connect provider, there and back, over the network."""

import os
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from capofila import settings as package
from capofila.accounts import second_factor
from capofila.accounts.models import User
from capofila.accounts.tests import identity_provider
from capofila.accounts.tests.builders import make_user
from capofila.accounts.tests.identity_provider import CLIENT, SECRET, Provider

pytestmark = pytest.mark.django_db
ALICE = {"sub": "17", "email": "alice@example.org", "email_verified": True, "name": "Alice"}


@pytest.fixture
def provider(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """A provider, named in the environment as docs/settings.md says."""
    with identity_provider.running() as made:
        monkeypatch.setenv("CAPOFILA_OIDC_ISSUER", made.issuer)
        monkeypatch.setenv("CAPOFILA_OIDC_CLIENT", CLIENT)
        monkeypatch.setenv("CAPOFILA_OIDC_SECRET", SECRET)
        settings.SOCIALACCOUNT_PROVIDERS = package._identity_provider()
        made.person = dict(ALICE)
        yield made


def sign_in(client: Client) -> Any:
    """From our sign-in page to the provider, as its button does, and back with what it says."""
    left = client.post("/account/provider/hub/?process=login")
    assert left.status_code == 302, left.content
    there = urlsplit(left["Location"])
    connection = HTTPConnection(there.netloc, timeout=10)
    connection.request("GET", f"{there.path}?{there.query}")
    back = urlsplit(connection.getresponse().headers["Location"])
    connection.close()
    return client.get(f"{back.path}?{back.query}")


def user_of(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def test_a_member_signs_in_and_later_again_by_the_same_identity(client: Client, provider: Provider) -> None:
    alice = make_user()

    first = sign_in(client)
    provider.person["email"] = "alice.married@example.org"  # the provider knows her by `sub`
    other = Client(HTTP_HOST="localhost")
    sign_in(other)

    assert first["Location"] == "/"
    assert user_of(client) == user_of(other) == str(alice.pk)
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    "person",
    [
        {"sub": "18", "email": "stranger@example.org", "email_verified": True},
        {"sub": "19", "email": "alice@example.org", "email_verified": False},
        {"sub": "20", "email": "contact@example.org", "email_verified": True},
        {"sub": "21"},
    ],
)
def test_who_is_unknown_unverified_or_enters_by_link_does_not_get_in(
    client: Client, provider: Provider, person: dict[str, object]
) -> None:
    make_user()
    make_user("Contact", by_link=True)
    provider.person = person

    sign_in(client)

    assert user_of(client) is None
    assert User.objects.count() == 2


def test_an_answer_that_was_not_asked_for_opens_nothing(client: Client, provider: Provider) -> None:
    make_user()

    response = client.get("/account/provider/hub/back/?code=invented&state=invented")

    assert user_of(client) is None
    assert response.status_code == 401


def test_a_wrong_secret_opens_nothing(client: Client, provider: Provider, settings: Settings) -> None:
    make_user()
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["secret"] = "another"

    sign_in(client)

    assert user_of(client) is None


def test_the_second_factor_that_a_role_asks_is_asked_after_a_provider_too(
    client: Client, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_user()
    monkeypatch.setattr(second_factor, "_rules", [lambda asked: True])

    sign_in(client)

    assert client.get("/partners/")["Location"] == "/account/second-factor/"


def test_the_settings_come_from_the_environment() -> None:
    script = (
        "from capofila import settings as s; print(s.SOCIALACCOUNT_PROVIDERS['openid_connect']['APPS'][0])"
    )
    said = {"CAPOFILA_OIDC_ISSUER": "https://id.example.org", "CAPOFILA_OIDC_CLIENT": "hub"}

    shown = subprocess.run(
        [sys.executable, "-c", script], env={**os.environ, **said}, check=True, capture_output=True, text=True
    ).stdout

    assert "https://id.example.org" in shown
    assert "'client_id': 'hub'" in shown
