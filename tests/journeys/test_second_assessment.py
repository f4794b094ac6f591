"""The second assessment: the first stands beside each question; a page says what changed, what was done."""

import re
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from capofila.instruments import library
from tests.journeys.barriers import barriers
from tests.journeys.conftest import OpenPage
from tests.journeys.hubs import (
    CONSULTANT,
    Hub,
    all_sent,
    answer,
    begin_assessment,
    current,
    open_area,
    visitor,
)
from tests.journeys.test_other_partner import call, session

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LANGUAGES, WIDTHS = ("it", "en"), (1280, 375)
OURS = library.load("digital-maturity@1.0")


def answer_all_but(page: Page, assessment: int, area: str, *, level: int) -> None:
    """Every question of the other areas, as a device sends them."""
    asked = [question.code for question in OURS.applicable("manufacturing") if question.area != area]
    entries = [
        {
            "format": 1, "id": str(uuid4()), "question": code, "state": "answered", "value": level,
            "device": "journey", "device_time": datetime.now(UTC).isoformat(),
        }
        for code in asked
    ]  # fmt: skip
    body = {"author": session(page)["user"], "entries": entries}
    assert call(page, "post", f"/api/assessments/{assessment}/entries", body).ok


def close(page: Page, assessment: int) -> None:
    page.goto(f"/assessments/{assessment}/complete/")
    page.locator("main form button.btn").press("Enter")
    page.wait_for_url(f"**/assessments/{assessment}/")


def test_the_first_stands_beside_the_second_which_is_closed_and_compared(browser: Browser, hub: Hub) -> None:
    page = visitor(browser, hub, CONSULTANT)
    second = begin_assessment(page)
    answer_all_but(page, second, "str", level=3)

    open_area(page, second, "str")
    expect(current(page).locator(".chip.before").first).to_have_text("2026")
    expect(current(page).locator(".earlier")).to_contain_text("L’elenco delle cose da comprare è di Paolo")
    for place in range(14):
        answer(page, 4 if place == 0 else 3)
        page.keyboard.press("Enter")
    all_sent(page)
    close(page, second)
    page.get_by_role("link", name="Che cosa è cambiato").press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Che cosa è cambiato")
    expect(page.locator("p.fig")).to_contain_text(re.compile(r"2,\d\d → 3,\d\d"))
    row = page.get_by_role("row", name=re.compile(r"^1\.01 "))
    expect(row).to_contain_text("Il magazzino non lo ha mai visto")
    expect(page.get_by_role("heading", name="Azioni fatte nel frattempo")).to_be_visible()
    expect(page.get_by_role("heading", name="Che cosa non si può confrontare")).to_be_visible()


def test_a_third_is_compared_with_the_second_or_with_the_first(browser: Browser, hub: Hub) -> None:
    page = visitor(browser, hub, CONSULTANT)
    alone = begin_assessment(page, stage="T2")
    page.goto(f"/assessments/{alone}/comparison/")
    expect(page.locator("main p.meta").nth(1)).to_contain_text("prima valutazione")
    second = begin_assessment(page)
    answer_all_but(page, second, "env", level=3)
    close(page, second)

    page.goto(f"/assessments/{alone}/comparison/")
    expect(page.locator("[aria-current=true]")).to_contain_text("seconda valutazione")
    page.get_by_role("link", name=re.compile("^prima valutazione"), exact=False).last.click()

    expect(page.locator("[aria-current=true]")).to_contain_text("prima valutazione")
    assert "with=1" in page.url


def test_the_demonstration_shows_a_year_and_what_was_done_in_it(open_page: OpenPage) -> None:
    page = open_page("/", persona=CONSULTANT)
    page.get_by_role("link", name="Torneria Valtrebbia").first.click()
    found = page.request.get("/api/assessments").json()["items"]
    second = next(one["id"] for one in found if one["stage"] == "T1")

    page.goto(f"/assessments/{second}/comparison/")

    expect(page.locator("p.fig")).to_contain_text("2,07 → 2,26")
    done = page.locator("section", has=page.get_by_role("heading", name="Azioni fatte nel frattempo"))
    assert done.locator("li").count() == 6
    told = page.request.get(f"/api/assessments/{second}/comparison").json()
    assert [one["on"] for one in told["actions_done"]] == sorted(one["on"] for one in told["actions_done"])
    assert (told["questions"], len(told["changed"]), len(told["not_comparable"])) == (137, 25, 3)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_comparison_raises_no_barrier(open_page: OpenPage, width: int, language: str) -> None:
    page = open_page("/", width=width, language=language, persona=CONSULTANT)
    found = page.request.get("/api/assessments").json()["items"]
    second = next(one for one in found if one["stage"] == "T1")
    mistakes: list[str] = []

    for path in (
        f"/assessments/{second['id']}/comparison/", f"/assessments/{second['id']}/",
        "/assessments/1/comparison/",
        f"/companies/{second['company']}/", f"/companies/{second['company']}/file/",
    ):  # fmt: skip
        page.goto(path)
        mistakes += barriers(page)

    assert not mistakes, "\n".join(mistakes)
