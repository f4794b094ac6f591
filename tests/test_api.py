"""The API as a whole: who gets in, refusals in JSON, the committed schema, and odd requests."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from capofila.accounts import api_tokens
from capofila.accounts.models import ApiToken, User
from capofila.api import api, schema_text
from capofila.assessments.tests.people import entry, make_scene, signed_in
from capofila.consortium.access import TABLE
from capofila.consortium.models import Role
from capofila.consortium.tests.builders import make_member
from capofila.wsgi import application

CHECKOUT = Path(__file__).parent.parent
OPENAPI = CHECKOUT / "docs" / "openapi.json"


def test_the_committed_schema_is_that_of_the_code() -> None:
    """To write it anew: capofila openapi > docs/openapi.json"""
    assert OPENAPI.read_text(encoding="utf-8") == schema_text()


def test_every_route_says_which_right_it_needs_in_the_words_of_the_table() -> None:
    said = [
        (path, method, need)
        for path, methods in json.loads(schema_text())["paths"].items()
        for method, facts in methods.items()
        for need in facts["x-needs"]
    ]

    assert said
    for _, _, need in said:
        action, thing = need.split()
        assert action in TABLE[thing]


def test_commands_from_files_do_not_load_the_api() -> None:
    code = "import sys; from capofila.__main__ import main; main(['score', '--help'])"
    script = f"try:\n exec({code!r})\nexcept SystemExit: pass\nassert 'ninja' not in sys.modules"

    subprocess.run([sys.executable, "-c", f"import sys\n{script}"], check=True, capture_output=True)


# Who gets in


def bearer(secret: str) -> Client:
    return Client(HTTP_HOST="localhost", headers={"Authorization": f"Bearer {secret}"})


def code(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["problems"][0]["code"]


@pytest.mark.django_db
def test_nobody_gets_in_without_signing_in() -> None:
    assert code(Client(HTTP_HOST="localhost").get("/api/session")) == (401, "api.sign-in")


@pytest.mark.django_db
def test_a_browser_writes_with_the_csrf_token_of_its_session_and_not_without() -> None:
    scene = make_scene()
    client = signed_in(scene.alice, enforce_csrf_checks=True)
    body = json.dumps({"author": scene.alice.pk, "entries": [entry()]})
    path = f"{scene.path}/entries"

    refused = client.post(path, body, content_type="application/json")
    session = client.get("/api/session").json()
    taken = client.post(path, body, content_type="application/json", headers={"X-CSRFToken": session["csrf"]})

    assert code(refused) == (403, "api.csrf")
    assert taken.status_code == 200
    assert (session["user"], session["role"]) == (scene.alice.pk, "consultant")


def make_token(user: User, scope: str = "write", days: int = 30) -> str:
    return api_tokens.create(user, name="a program", scope=scope, days=days, at=timezone.now())[1]


@pytest.mark.django_db
def test_a_program_does_what_its_person_may_without_a_csrf_token() -> None:
    scene = make_scene()
    client = bearer(make_token(scene.alice))
    body = json.dumps({"author": scene.alice.pk, "entries": [entry()]})

    assert client.post(f"{scene.path}/entries", body, content_type="application/json").status_code == 200
    eve = make_member("Eve", partner=None, role=Role.AUDITOR).user
    response = bearer(make_token(eve)).post(
        f"{scene.path}/entries",
        body.replace(str(scene.alice.pk), str(eve.pk)),
        content_type="application/json",
    )
    assert code(response) == (403, "access.denied")


@pytest.mark.django_db
def test_a_token_to_read_does_not_write() -> None:
    scene = make_scene()
    client = bearer(make_token(scene.alice, "read"))

    assert client.get(scene.path).status_code == 200
    response = client.post(f"{scene.path}/entries", "{}", content_type="application/json")
    assert code(response) == (403, "api.scope")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "ends",
    [
        {
            "expires_at": timezone.now() - timedelta(seconds=1),
            "created_at": timezone.now() - timedelta(days=2),
        },
        {"revoked_at": timezone.now()},
        {"digest": "0" * 64},
    ],
)
def test_a_token_that_has_ended_opens_nothing(ends: dict[str, Any]) -> None:
    scene = make_scene()
    client = bearer(make_token(scene.alice))
    ApiToken.objects.update(**ends)

    assert code(client.get(scene.path)) == (401, "api.sign-in")


@pytest.mark.django_db
def test_somebody_whose_account_is_closed_gets_in_with_no_token() -> None:
    scene = make_scene()
    client = bearer(make_token(scene.alice))
    User.objects.update(is_active=False)

    assert client.get(scene.path).status_code == 401


@pytest.mark.django_db
def test_a_token_is_made_at_the_browser_shown_once_kept_as_a_checksum_and_ended() -> None:
    alice = make_scene().alice
    client = signed_in(alice)

    made = client.post("/api/tokens", {"name": "My sheet", "scope": "read"}, content_type="application/json")

    secret, pk = made.json()["token"], made.json()["id"]
    assert made.status_code == 201
    assert secret not in json.dumps(list(ApiToken.objects.values()), default=str)
    assert "token" not in client.get("/api/tokens").json()["items"][0]
    assert bearer(secret).get("/api/session").status_code == 200
    assert code(bearer(secret).get("/api/tokens")) == (403, "api-token.for-people")
    assert client.delete(f"/api/tokens/{pk}").status_code == 204
    assert bearer(secret).get("/api/session").status_code == 401


@pytest.mark.django_db
def test_nobody_ends_the_token_of_somebody_else_and_contacts_have_none() -> None:
    scene = make_scene()
    make_token(scene.alice)
    bob = make_member("Bob", partner=scene.partner).user

    assert code(signed_in(bob).delete(f"/api/tokens/{ApiToken.objects.get().pk}")) == (
        404,
        "api-token.unknown",
    )
    assert signed_in(scene.carla).get("/api/tokens").status_code == 404
    assert ApiToken.objects.get().revoked_at is None


@pytest.mark.django_db
@pytest.mark.parametrize("facts", [{"name": ""}, {"name": "x", "days": 0}, {"name": "x", "days": 9_999}])
def test_a_token_has_a_name_and_an_end(facts: dict[str, Any]) -> None:
    client = signed_in(make_scene().alice)

    response = client.post("/api/tokens", facts, content_type="application/json")

    assert code(response) == (422, "api-token.facts")


@pytest.mark.django_db
def test_where_the_hub_asks_a_second_factor_the_api_waits_for_it_in_json() -> None:
    scene = make_scene()
    hub = scene.partner.hub
    hub.second_factor_roles = ["consultant"]
    hub.save()

    assert code(signed_in(scene.alice).get(scene.path)) == (403, "api.second-factor")


# Every refusal is a problem


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "path", "body", "found"),
    [
        ("get", "/api/nothing/here", None, (404, "api.not-found")),
        ("get", "/api/", None, (404, "api.not-found")),
        ("delete", "/api/session", None, (405, "api.method")),
        ("get", "/api/assessments/0", None, (422, "api.malformed")),
        ("get", "/api/assessments/99999999999999999999", None, (422, "api.malformed")),
        ("get", "/api/assessments?page=0", None, (422, "api.malformed")),
        ("post", "/api/assessments/1/entries", "{", (422, "api.malformed")),
        ("post", "/api/assessments/1/entries", '{"entries": [NaN]}', (422, "api.malformed")),
        ("post", "/api/assessments/1/entries", '{"author": 1e999, "entries": []}', (422, "api.malformed")),
        ("post", "/api/assessments/1/entries", "[" * 100_000, (422, "api.malformed")),
        ("post", "/api/assessments/1/entries", '{"author": 1}', (422, "api.malformed")),
        ("post", "/api/assessments/1/entries", '"' + "x" * 2_000_001 + '"', (413, "api.too-large")),
    ],
)
def test_every_refusal_is_a_problem_in_json(
    method: str, path: str, body: str | None, found: tuple[int, str]
) -> None:
    client = signed_in(make_scene().alice)
    facts = {} if body is None else {"data": body, "content_type": "application/json"}

    assert code(getattr(client, method)(path, **facts)) == found


@pytest.mark.django_db
def test_more_than_two_hundred_entries_are_too_many_at_once() -> None:
    scene = make_scene()
    body = {"author": scene.alice.pk, "entries": [entry() for _ in range(201)]}

    response = signed_in(scene.alice).post(f"{scene.path}/entries", body, content_type="application/json")

    assert code(response) == (413, "api.too-large")


@pytest.mark.django_db
def test_our_own_fault_is_told_calmly_and_logged(monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    client = signed_in(make_scene().alice)

    def broken(*args: object, **facts: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("capofila.assessments.queries.readable", broken)

    response = client.get("/api/assessments")

    assert code(response) == (500, "api.our-fault")
    assert "secret detail" not in response.content.decode()
    assert "secret detail" in caplog.text


def test_problems_are_told_in_the_language_of_the_page() -> None:
    response = Client(HTTP_HOST="localhost", headers={"Accept-Language": "it"}).get("/api/nothing")

    assert response.json()["problems"][0]["sentence"] == "A questo indirizzo non c’è nulla."


def test_no_address_of_the_api_escapes_the_wrapper() -> None:
    mounted: Any = next(found for found in get_resolver().url_patterns if str(found.pattern) == "api/")

    assert all(found.callback.asks_second_factor_itself for found in mounted.url_patterns)


# Odd requests by the hundred


schema = schemathesis.openapi.from_dict(api.get_openapi_schema(path_prefix="/api/"))


@pytest.fixture
def one_connection() -> Iterator[None]:
    """The application answers inside the test's transaction, so its connection stays open."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.usefixtures("one_connection")
@schema.parametrize()
@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_request_breaks_the_api_and_every_answer_is_as_described(case: Case[Any], token: str) -> None:
    response = case.call(
        app=application, base_url="http://localhost", headers={"Authorization": f"Bearer {token}"}
    )

    case.validate_response(
        response, checks=[not_a_server_error, status_code_conformance, response_schema_conformance]
    )


@pytest.fixture
def token(db: None) -> str:
    return make_token(make_scene().alice)
