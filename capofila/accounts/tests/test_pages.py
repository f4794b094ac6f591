"""Signing in, by password and second factor, by link, and what these pages do not tell."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from capofila.accounts import actions, second_factor
from capofila.accounts.adapter import SocialAccountAdapter
from capofila.accounts.models import EntryLink, Mail, User
from capofila.accounts.tests.builders import PASSWORD, make_user

pytestmark = pytest.mark.django_db
SIGN_IN = "/account/sign-in/"
SECRET = "JBSWY3DPEHPK3PXP"
OWN_PAGES = ["/account/", "/account/second-factor/", "/account/password/change/", "/account/passkeys/"]


def sign_in(client: Client, email: str = "alice@example.org", password: str = PASSWORD) -> Any:
    return client.post(SIGN_IN, {"login": email, "password": password})


def user_of(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def give_app(user: User) -> None:
    totp.TOTP.activate(user, SECRET)


def code_now() -> str:
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return str(totp.format_hotp_value(totp.hotp_value(SECRET, counter)))


def body(response: Any) -> str:
    """The page without what differs by itself: the token of its form, and the address that was typed."""
    text = re.sub(
        r'csrfmiddlewaretoken" value="\w+"|name="next" value="[^"]*"', "", response.content.decode()
    )
    return re.sub(r"[\w.]+@example\.org", "", text)


# Password


def test_somebody_signs_in_with_address_and_password_and_finds_the_page_they_wanted(client: Client) -> None:
    user = make_user()

    response = client.post(
        SIGN_IN, {"login": "ALICE@example.org", "password": PASSWORD, "next": "/account/passkeys/"}
    )

    assert response["Location"] == "/account/passkeys/"
    assert user_of(client) == str(user.pk)


def test_nobody_is_sent_to_another_site_after_signing_in(client: Client) -> None:
    make_user()

    response = client.post(
        SIGN_IN, {"login": "alice@example.org", "password": PASSWORD, "next": "https://example.com/"}
    )

    assert response["Location"] == "/"


def test_pages_come_in_the_language_that_the_person_chose(client: Client) -> None:
    make_user()
    User.objects.update(language="en")
    sign_in(client)

    assert "Your account" in client.get("/account/").content.decode()


def test_choosing_a_language_keeps_it_with_the_person(client: Client) -> None:
    user = make_user()
    client.force_login(user)

    client.post("/account/language/", {"language": "en", "next": "/account/"})
    client.post("/account/language/", {"language": "xx", "next": "/account/"})

    user.refresh_from_db()
    assert user.language == "en"


def test_a_person_changes_name_and_language_of_the_account(client: Client) -> None:
    user = make_user()
    client.force_login(user)

    response = client.post("/account/", {"name": "Alice Rossi", "language": "en"})
    refused = client.post("/account/", {"name": "", "language": "xx"})

    user.refresh_from_db()
    assert (response.status_code, refused.status_code) == (302, 422)
    assert (user.name, user.language) == ("Alice Rossi", "en")


@pytest.mark.parametrize("address", OWN_PAGES)
def test_the_own_account_asks_to_sign_in(client: Client, address: str) -> None:
    response = client.get(address)

    assert response.status_code == 302
    assert response["Location"] == f"{SIGN_IN}?next={address}"


@pytest.mark.parametrize("address", ["/account/sign-up/", "/account/provider/sign-up/"])
def test_nobody_signs_up(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404
    assert client.post(address, {"email": "zoe@example.org"}).status_code == 404


def test_a_closed_account_does_not_open(client: Client) -> None:
    make_user()
    User.objects.update(is_active=False)

    response = sign_in(client)

    assert response["Location"] == "/account/inactive/"
    assert user_of(client) is None


# Nothing tells who exists


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client: Client) -> None:
    make_user()
    make_user("Contact", by_link=True)
    User.objects.create_user("closed@example.org", PASSWORD, is_active=False)

    answers = [
        sign_in(client, f"{name}@example.org", "wrong password")
        for name in ("alice", "nobody", "contact", "closed")
    ]

    assert {answer.status_code for answer in answers} == {200}
    assert len({body(answer) for answer in answers}) == 1


@pytest.mark.parametrize("name", ["alice", "nobody", "contact"])
def test_asking_for_a_new_password_gets_the_same_answer_and_one_mail_whoever_asks(
    client: Client, name: str
) -> None:
    make_user()
    make_user("Contact", by_link=True)

    response = client.post("/account/password/reset/", {"email": f"{name}@example.org"})

    assert response["Location"] == "/account/password/reset/asked/"
    assert Mail.objects.count() == 1


@pytest.mark.parametrize("name", ["alice", "nobody", "contact"])
def test_asking_for_a_link_gets_the_same_answer_and_one_mail_whoever_asks(client: Client, name: str) -> None:
    make_user()
    make_user("Contact", by_link=True)

    response = client.post("/account/link/", {"email": f"{name}@example.org"})

    assert response["Location"] == "/account/link/asked/"
    assert Mail.objects.count() == 1
    assert EntryLink.objects.count() == (1 if name == "contact" else 0)


def test_the_same_number_of_statements_runs_whoever_asks_for_a_link(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    make_user("Contact", by_link=True)
    counts = []
    for name in ("contact", "nobody"):
        with django_assert_max_num_queries(60) as asked:
            client.post("/account/link/", {"email": f"{name}@example.org"})
        counts.append(len(asked))

    assert abs(counts[0] - counts[1]) <= 1


# Rates


@pytest.mark.parametrize(
    ("address", "typed", "most"),
    [
        (SIGN_IN, {"login": "alice@example.org", "password": "wrong"}, 5),
        ("/account/password/reset/", {"email": "alice@example.org"}, 5),
        ("/account/link/", {"email": "alice@example.org"}, 3),
        ("/account/enter/wrong/", {}, 20),
    ],
)
def test_attempts_are_limited(client: Client, address: str, typed: dict[str, str], most: int) -> None:
    make_user()
    for _ in range(most):
        assert client.post(address, typed).status_code != 429

    response = client.post(address, typed)

    assert response.status_code == 429 or "Too many" in body(response) or "Troppi" in body(response)


def test_too_many_wrong_passwords_keep_out_the_right_one_for_a_while(client: Client) -> None:
    make_user()
    for _ in range(5):
        sign_in(client, password="wrong password")

    sign_in(client)

    assert user_of(client) is None


# Reset


def test_a_new_password_is_chosen_by_a_link_that_works_once(client: Client) -> None:
    make_user()
    client.post("/account/password/reset/", {"email": "alice@example.org"})
    address = re.findall(r"http://localhost(/\S+)", Mail.objects.get().text)[0]
    page = client.get(address)["Location"]

    weak = client.post(page, {"password1": "secret", "password2": "secret"})
    new = "a boat under the bridge"
    client.post(page, {"password1": new, "password2": new})

    assert weak.status_code == 200
    assert User.objects.get().check_password(new)
    again = Client(HTTP_HOST="localhost").get(address, headers={"accept-language": "en"})
    assert "Ask for a new one" in again.content.decode()


def test_a_contact_receives_a_link_in_the_place_of_a_reset(client: Client) -> None:
    make_user("Contact", by_link=True)

    client.post("/account/password/reset/", {"email": "contact@example.org"})

    text = Mail.objects.get().text
    assert "/account/enter/" in text
    assert "/password/" not in text


# The link of a company's contact


def link(user: User) -> str:
    return f"/account/enter/{actions.make_link(user, at=timezone.now(), goes_to='/account/')}/"


def test_opening_a_link_lets_nobody_in_and_pressing_the_button_does_once(client: Client) -> None:
    user = make_user("Contact", by_link=True)
    address = link(user)

    opened = client.get(address)
    before = user_of(client)
    entered = client.post(address)
    client.logout()
    again = client.post(address)

    assert (opened.status_code, before) == (200, None)
    assert (entered.status_code, entered["Location"]) == (302, "/account/")
    assert again.status_code == 410
    assert user_of(client) is None


def test_a_link_says_nothing_about_whose_it_is_or_whether_it_holds(client: Client) -> None:
    held = body(client.get(link(make_user("Contact", by_link=True))))

    assert held == body(client.get("/account/enter/wrong/"))
    assert "Contact" not in held


def test_a_link_sends_no_address_of_its_own_to_other_pages(client: Client) -> None:
    response = client.get("/account/enter/wrong/")

    assert response["Referrer-Policy"] == "same-origin"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    "address", ["/account/password/set/", "/account/password/change/", "/account/second-factor/"]
)
def test_who_enters_by_link_gets_no_password(client: Client, address: str) -> None:
    client.force_login(make_user("Contact", by_link=True))

    assert client.get(address).status_code == 404
    assert client.post(address, {"password1": PASSWORD, "password2": PASSWORD}).status_code == 404


# The second factor


def test_with_a_second_factor_the_password_alone_opens_nothing(client: Client) -> None:
    user = make_user()
    give_app(user)

    response = sign_in(client)
    before = user_of(client)
    client.post("/account/second-factor/sign-in/", {"code": "000000"})
    wrong = user_of(client)
    client.post("/account/second-factor/sign-in/", {"code": code_now()})

    assert response["Location"] == "/account/second-factor/sign-in/"
    assert (before, wrong, user_of(client)) == (None, None, str(user.pk))


def test_an_app_is_set_up_and_recovery_codes_follow(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(totp, "generate_totp_secret", lambda length=20: SECRET)
    user = make_user()
    sign_in(client)
    client.post("/account/confirm/", {"password": PASSWORD})
    page = client.get("/account/second-factor/app/").content.decode()

    response = client.post("/account/second-factor/app/", {"code": code_now()})
    codes = client.get("/account/second-factor/codes/").content.decode()

    assert SECRET in page
    assert response["Location"] == "/account/second-factor/codes/"
    assert second_factor.has_one(user)
    assert codes.count("<li>") >= 10


def test_removing_the_app_asks_for_the_password_again(client: Client) -> None:
    user = make_user()
    give_app(user)
    client.force_login(user)

    response = client.post("/account/second-factor/app/remove/")

    assert response["Location"].startswith("/account/confirm/")
    assert Authenticator.objects.exists()


def test_who_must_have_a_second_factor_is_shown_where_to_set_it_up(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = make_user()
    monkeypatch.setattr(second_factor, "_rules", [lambda asked: asked.email == "alice@example.org"])
    client.force_login(user)

    elsewhere, own = client.get("/partners/"), client.get("/account/second-factor/")
    give_app(user)
    after = client.get("/partners/")

    assert elsewhere["Location"] == "/account/second-factor/"
    assert own.status_code == 200
    assert after.status_code == 404  # a second factor grants nothing


def test_recovery_codes_alone_are_no_second_factor() -> None:
    user = make_user()
    Authenticator.objects.create(user=user, type=Authenticator.Type.RECOVERY_CODES, data={})

    assert not second_factor.has_one(user)


def test_forms_of_other_sites_sign_nobody_in() -> None:
    make_user()
    client = Client(enforce_csrf_checks=True, HTTP_HOST="localhost")

    assert sign_in(client).status_code == 403


# The hub's own identity provider


def test_a_provider_that_the_hub_names_is_offered_for_signing_in(client: Client, settings: Settings) -> None:
    app = {"provider_id": "hub", "name": "Polo di prova", "client_id": "capofila", "secret": "s"}
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"APPS": [{**app, "settings": {"server_url": "https://login.example.org"}}]}
    }

    shown = client.get(SIGN_IN).content.decode()

    assert "Accedi con Polo di prova" in shown
    assert 'action="/account/provider/hub/?process=login"' in shown


def test_without_a_provider_none_is_offered(client: Client) -> None:
    assert "/account/provider/" not in client.get(SIGN_IN).content.decode()
    assert client.post("/account/provider/hub/").status_code == 404


def test_a_provider_lets_nobody_in_who_is_not_a_member_nor_who_enters_by_link() -> None:
    make_user("Contact", by_link=True)
    adapter = SocialAccountAdapter()

    assert not adapter.is_open_for_signup(HttpRequest(), None)
    assert not adapter.can_authenticate_by_email(None, "contact@example.org")


# The cookie of a session


@pytest.mark.parametrize("address", ["/", "/account/sign-in/", "/api/session"])
def test_a_request_of_an_ended_session_takes_no_cookie_with_it(client: Client, address: str) -> None:
    client.cookies["sessionid"] = "x" * 32

    assert "sessionid" not in client.get(address).cookies


def test_who_signs_out_has_no_cookie_left(client: Client) -> None:
    client.force_login(make_user())

    response = client.post("/account/sign-out/")

    assert response.cookies["sessionid"].value == ""
