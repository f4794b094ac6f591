"""Invited, signed in with password and code by the keyboard alone, with a passkey, by a link."""

import re
import time

import pytest
from allauth.mfa.totp.internal import auth as totp
from playwright.sync_api import Browser, Page, expect

from tests.journeys.barriers import barriers
from tests.journeys.conftest import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MANAGER = "Tommaso Vergani"
PASSWORD = "a ladder in the orchard"


def newest_mail(page: Page, subject: str) -> str:
    """The address in the newest mail of that subject, as the outbox shows it."""
    page.goto("/outbox/")
    mail = page.get_by_role("article").filter(has=page.get_by_role("heading", name=subject)).first
    return mail.get_by_role("link").first.get_attribute("href") or ""


def invite(page: Page, name: str, email: str) -> str:
    """Invite a consultant into the manager's partner; the address in the mail."""
    page.goto("/partners/")
    page.get_by_role("link", name="Rete Officine del Po").click()
    page.get_by_role("link", name="Invita qualcuno").click()
    page.get_by_label("Nome e cognome").fill(name)
    page.get_by_label("Indirizzo di posta").fill(email)
    page.get_by_label("consulente").check()
    page.get_by_role("button", name="Manda l’invito").click()
    expect(page.get_by_text(email)).to_be_visible()
    return newest_mail(page, "vi invita")


def join(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Accetta l’invito").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Siete dentro")


def sign_in_by_keyboard(page: Page, email: str) -> None:
    """Nothing but keys, from the address line on."""
    page.goto("/account/sign-in/")
    page.get_by_label("Indirizzo di posta").focus()
    page.keyboard.type(email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")


def code(secret: str, *, steps_ahead: int = 0) -> str:
    """The code that an app shows; one of the next half minute, where this one was used."""
    counter = int(time.time()) // 30 + steps_ahead
    return str(totp.format_hotp_value(totp.hotp_value(secret, counter)))


def test_an_invited_consultant_signs_in_with_password_and_code_by_the_keyboard_alone(
    open_page: OpenPage,
) -> None:
    email = "elisa.rota@rete.example"
    address = invite(open_page("/", persona=MANAGER), "Elisa Rota", email)
    page = open_page(address.partition("8200")[2] or address, persona=None)
    join(page, page.url)
    sign_in_by_keyboard(page, email)
    expect(page.get_by_role("link", name="Elisa Rota")).to_be_visible()

    page.goto("/account/second-factor/")
    page.get_by_role("link", name="Configura l’app").press("Enter")
    if page.get_by_role("heading", name="Siete ancora voi?").is_visible():
        page.locator("input[type=password]").focus()
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
    secret = page.locator("main b").first.inner_text()
    page.locator("input[name=code]").focus()
    page.keyboard.type(code(secret))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Codici di recupero")
    page.goto("/account/")
    page.get_by_role("button", name="Esci").press("Enter")

    sign_in_by_keyboard(page, email)
    expect(page.get_by_role("heading", level=1)).to_have_text("Il secondo fattore")
    page.locator("input[name=code]").focus()
    page.keyboard.type(code(secret, steps_ahead=1))
    page.keyboard.press("Enter")

    expect(page.get_by_role("link", name="Elisa Rota")).to_be_visible()


def test_a_passkey_is_added_and_opens_without_a_password(open_page: OpenPage) -> None:
    email = "dino.sala@rete.example"
    address = invite(open_page("/", persona=MANAGER), "Dino Sala", email)
    page = open_page(address.partition("8200")[2] or address, persona=None)
    join(page, page.url)
    sign_in_by_keyboard(page, email)
    expect(page.get_by_role("link", name="Dino Sala")).to_be_visible()
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
            "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
        }},
    )  # fmt: skip

    page.goto("/account/passkeys/add/")
    if page.get_by_role("heading", name="Siete ancora voi?").is_visible():
        page.locator("input[type=password]").fill(PASSWORD)
        page.get_by_role("button", name="Continua").click()
    page.locator("input[name=name]").fill("Portatile")
    page.locator("input[name=passwordless]").check()
    page.get_by_role("button", name="Aggiungi una passkey").click()
    page.wait_for_url(re.compile(r"/account/(second-factor/codes|passkeys)/$"))
    page.goto("/account/")
    page.get_by_role("button", name="Esci").click()

    page.goto("/account/sign-in/")
    page.get_by_role("button", name="Accedi con una passkey").click()

    expect(page.get_by_role("link", name="Dino Sala")).to_be_visible()


def test_a_contact_asks_for_a_link_and_enters_by_it_once(open_page: OpenPage) -> None:
    page = open_page("/account/link/", persona=None)
    page.get_by_label("Indirizzo di posta").fill("nadia@albarelli.example")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Guardate la posta")
    address = newest_mail(open_page("/outbox/"), "Il vostro collegamento")

    page.goto(address)
    page.get_by_role("button", name="Entra").press("Enter")
    expect(page.get_by_role("link", name="Nadia Albarelli")).to_be_visible()
    again = open_page(address.partition("8200")[2] or address, persona=None)
    again.get_by_role("button", name="Entra").press("Enter")

    expect(again.get_by_role("heading", level=1)).to_have_text("Questo collegamento non apre più")


def test_a_token_for_a_program_is_shown_once_and_ended(open_page: OpenPage) -> None:
    page = open_page("/account/", persona="Irene Bassani")
    page.get_by_role("link", name="Token per programmi").press("Enter")
    page.get_by_label("Nome").fill("Esportazione notturna")
    page.get_by_role("button", name="Crea il token").press("Enter")
    secret = page.locator("code.secret").inner_text()
    assert barriers(page) == []

    page.goto("/tokens/")
    expect(page.get_by_role("row", name="Esportazione notturna")).to_be_visible()
    assert secret not in page.content()
    answers = [
        page.request.get("/api/assessments", headers={"Authorization": f"Bearer {secret}", "Cookie": ""})
    ]
    page.get_by_role("button", name="Revoca il token Esportazione notturna").press("Enter")
    expect(page.get_by_text("revocato il")).to_be_visible()
    answers.append(
        page.request.get("/api/assessments", headers={"Authorization": f"Bearer {secret}", "Cookie": ""})
    )

    assert [answer.status for answer in answers] == [200, 401]


@pytest.mark.parametrize("scripts", [True, False])
def test_on_a_phone_the_menu_leads_everywhere_with_scripts_or_without(
    browser: Browser, demonstration_address: str, scripts: bool
) -> None:
    page = browser.new_context(
        viewport={"width": 375, "height": 800}, base_url=demonstration_address, locale="it",
        java_script_enabled=scripts,
    ).new_page()  # fmt: skip
    page.goto("/enter/")
    page.get_by_role("button", name="Irene Bassani").click()
    for address in ("/", "/assessments/1/areas/str/"):
        page.goto(address)
        menu = page.locator("details.menu")
        expect(menu.get_by_role("link", name="Registro")).to_be_hidden()
        menu.locator("summary").click()
        expect(menu.get_by_role("link", name="Irene Bassani")).to_be_visible()
        expect(menu.get_by_role("button", name="English")).to_be_visible()
        menu.get_by_role("link", name="Registro").click()
        page.wait_for_url("**/companies/")
    page.context.close()


@pytest.mark.parametrize(
    "persona", [MANAGER, "Irene Bassani", "Guido Pellerey", "Nadia Albarelli", "Sara Colnaghi"]
)
def test_everybody_finds_in_the_menu_what_opens_to_them(open_page: OpenPage, persona: str) -> None:
    page = open_page("/", persona=persona)
    addresses = [link.get_attribute("href") or "" for link in page.locator("header nav a").all()]

    for address in addresses:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200


def test_a_form_that_is_sent_back_raises_no_barrier(open_page: OpenPage) -> None:
    lead = open_page("/partners/1/invite/", width=375)

    lead.locator("main form button").click()

    assert barriers(lead) == []
