"""One's own tokens on their page: made, shown once, ended; nobody else's."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from capofila.accounts import api_tokens
from capofila.accounts.models import ApiToken, User
from capofila.consortium.models import Role
from capofila.consortium.tests.builders import make_member, make_user
from capofila.consortium.tests.test_pages import page, signed_in

pytestmark = pytest.mark.django_db
TYPED = {"name": "Nightly export", "scope": "read", "days": "30"}


def secret_of(text: str) -> str:
    return str(re.findall(r'<code class="secret">([^<]+)</code>', text)[0])


def test_a_token_is_shown_once_and_works_until_its_day() -> None:
    client = signed_in(make_member("Alice"))

    response = client.post("/tokens/", TYPED)
    secret = secret_of(response.content.decode())

    assert "no-store" in response["Cache-Control"]
    token = api_tokens.valid(secret, at=timezone.now())
    assert token is not None
    assert (token.name, token.scope) == ("Nightly export", "read")
    assert api_tokens.valid(secret, at=timezone.now() + timedelta(days=31)) is None
    listed = page(client, "/tokens/")
    assert "Nightly export" in listed
    assert secret not in listed
    called = Client(HTTP_HOST="localhost").get("/api/session", headers={"authorization": f"Bearer {secret}"})
    assert called.json()["name"] == "Alice"


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"name": "x" * 101}, {"scope": "all"}, {"days": "0"}, {"days": "367"}, {"days": ""}],
)
def test_a_token_needs_a_name_a_scope_and_a_last_day(wrong: dict[str, str]) -> None:
    client = signed_in(make_member("Alice"))

    response = client.post("/tokens/", {**TYPED, **wrong})

    assert response.status_code == 422
    assert not ApiToken.objects.exists()


def test_a_token_is_ended_at_once() -> None:
    member = make_member("Alice")
    token, secret = api_tokens.create(
        User.objects.get(pk=member.user_id), name="Export", scope="write", days=30, at=timezone.now()
    )
    client = signed_in(member)

    response = client.post("/tokens/", {"end": token.pk})

    assert response["Location"] == "/tokens/"
    assert api_tokens.valid(secret, at=timezone.now()) is None
    assert "ended on" in page(client, "/tokens/")


@pytest.mark.parametrize("number", ["own", "999999", "x", "-1"])
def test_nobody_ends_or_sees_the_token_of_somebody_else(number: str) -> None:
    bob = make_member("Bob")
    token, secret = api_tokens.create(
        User.objects.get(pk=bob.user_id), name="Of Bob", scope="read", days=30, at=timezone.now()
    )
    client = signed_in(make_member("Alice"))

    response = client.post("/tokens/", {"end": token.pk if number == "own" else number})

    assert response.status_code == 404
    assert api_tokens.valid(secret, at=timezone.now()) is not None
    assert "Of Bob" not in page(client, "/tokens/")


def test_the_account_leads_to_the_tokens_of_those_who_may_have_any() -> None:
    consultant, auditor = signed_in(make_member("Alice")), signed_in(make_member("Dora", Role.AUDITOR))
    contact = Client(HTTP_HOST="localhost")
    contact.force_login(make_user("Carla", by_link=True))

    assert 'href="/tokens/"' in page(consultant, "/account/")
    for client in (auditor, contact):
        assert "/tokens/" not in page(client, "/account/")
        page(client, "/tokens/", status=404)


def test_tokens_wait_for_the_second_factor_that_a_role_asks() -> None:
    member = make_member("Alice")
    hub = member.partner.hub
    hub.second_factor_roles = [Role.CONSULTANT]
    hub.save()

    response = signed_in(member).get("/tokens/")

    assert response["Location"] == "/account/second-factor/"
