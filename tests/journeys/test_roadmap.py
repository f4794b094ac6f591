"""The roadmap by keyboard: money changed, an action moved, refused, undone, handed over, followed up."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import OpenPage
from tests.journeys.hubs import CONSULTANT, CONTACT, Hub, enter, stranger

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ROADMAP = "/assessments/1/roadmap/"
SOON = 30_000  # milliseconds
PROVEN = 180_000


def open_as(browser: Browser, hub: Hub, name: str, **facts: Any) -> Page:
    page = stranger(browser, hub, **facts)
    enter(page, name)
    page.goto(ROADMAP)
    return page


def move(page: Page, action: str, key: str, quarter: int) -> None:
    """One press of an arrow key on a bar."""
    page.locator(f"[data-bar='{action}']").press(key)
    expect(page.locator(f"[data-bar='{action}']")).to_have_attribute(
        "data-quarter", str(quarter), timeout=SOON
    )
    expect(page.locator(f"[data-bar='{action}']")).to_be_focused()


def test_a_consultant_works_on_the_roadmap_with_the_keyboard_and_hands_it_over(
    hub: Hub, browser: Browser
) -> None:
    page = open_as(browser, hub, CONSULTANT)
    planned = page.get_by_role("heading", level=1).inner_text()

    page.get_by_label("Budget per tre anni, in euro").fill("20000")
    page.keyboard.press("Enter")
    expect(page.get_by_text("/ 20.000")).to_be_visible(timeout=SOON)
    expect(page.get_by_role("heading", level=1)).not_to_have_text(planned)

    bar = page.locator("[data-bar][data-quarter='2']").first
    action = bar.get_attribute("data-bar") or ""
    bar.focus()
    move(page, action, "ArrowRight", 3)
    move(page, action, "ArrowRight", 4)
    expect(page.locator(f"[data-bar='{action}']")).to_have_accessible_name(re.compile("fissata$"))

    page.get_by_label("Giornate del vostro personale, per trimestre").fill("0")
    page.keyboard.press("Enter")
    problems = page.get_by_role("alert")
    expect(problems).to_be_focused(timeout=SOON)
    expect(problems).to_contain_text("Nel trimestre 4 le azioni fissate prendono")
    expect(problems).not_to_contain_text(action)
    expect(page.locator(f"[data-bar='{action}']")).to_have_attribute("data-quarter", "4")

    page.get_by_role("button", name="Annulla l’ultimo cambiamento").press("Enter")
    expect(page.locator(f"[data-bar='{action}']")).to_have_attribute("data-quarter", "3", timeout=SOON)

    expect(page.locator("#how-good")).to_contain_text("Dimostrato", timeout=PROVEN)
    page.get_by_role("link", name="Consegna", exact=True).press("Enter")
    page.get_by_role("button", name=re.compile("Consegna la versione")).press("Enter")
    expect(page.get_by_text(re.compile("^Consegnato il"))).to_be_visible()

    company = open_as(browser, hub, CONTACT)
    expect(company.get_by_role("button", name="Pianifica con questi")).to_have_count(0)
    company.goto(f"{ROADMAP}actions/{action}/")
    company.get_by_label("cominciata", exact=True).check()
    company.get_by_label("Nota").fill("Due reparti su tre")
    company.keyboard.press("Tab")
    company.keyboard.press("Enter")
    expect(company.locator("#progress ol")).to_contain_text("Due reparti su tre")
    assert hub.rows("SELECT action, state, by_company FROM roadmap_progress ORDER BY id DESC LIMIT 1") == [
        (action, "begun", 1)
    ]


def test_the_map_is_walked_with_the_arrow_keys(open_page: OpenPage) -> None:
    page = open_page(ROADMAP)
    told = page.locator("[data-told-here]")
    stop = page.locator("#map .wide-only .dot[tabindex='0']")
    expect(stop).to_have_count(1)

    stop.focus()
    first = told.inner_text()
    page.keyboard.press("ArrowRight")

    expect(told).not_to_have_text(first)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/roadmap/actions/"))


def test_without_scripts_the_same_forms_change_the_plan(hub: Hub, browser: Browser) -> None:
    page = open_as(browser, hub, CONSULTANT, java_script_enabled=False)

    page.get_by_label("Azione", exact=True).select_option(index=10)
    page.get_by_role("button", name="Scegli").press("Enter")
    page.get_by_role("button", name="Lasciala fuori").press("Enter")

    expect(page.get_by_role("button", name="Riprendila")).to_be_visible()
    assert hub.rows("SELECT change FROM roadmap_roadmap ORDER BY id DESC LIMIT 1") == [("excluded",)]
