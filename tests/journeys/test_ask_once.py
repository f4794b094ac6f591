"""Ask once: a European assessment begins with what an interview implies, an interview with what it left."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.barriers import barriers
from tests.journeys.conftest import OpenPage
from tests.journeys.hubs import (
    CONSULTANT,
    Hub,
    all_sent,
    begin_assessment,
    current,
    open_area,
    ready,
    visitor,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LANGUAGES, WIDTHS = ("it", "en"), (1280, 375)
FORM = "SELECT id FROM assessments_assessment WHERE instrument = 'eu-dma-sme' AND state = 'draft'"
BY = re.compile(r"deriva da .+ \(livello [1-5]\)")


def form_of(hub: Hub) -> int:
    """The European assessment in which nothing that is implied was confirmed."""
    return int(hub.rows(FORM)[0][0])


def answered(hub: Hub, form: int) -> set[str]:
    return {question for question, _, _ in hub.entries(form)}


def to_confirm(page: Page) -> int:
    """How many cells the head of the page tells to be implied and not confirmed."""
    told = page.locator("[data-implied]").inner_text()
    found = re.search(r"Da confermare: (\d+)", told)
    assert found is not None, told
    return int(found[1])


def arrived(page: Page, hub: Hub, form: int, questions: set[str]) -> None:
    """On the server, and nothing left on the device."""
    for _ in range(200):
        if questions <= answered(hub, form):
            break
        page.wait_for_timeout(100)
    all_sent(page)
    assert questions <= answered(hub, form)


def test_what_is_implied_is_confirmed_one_by_one_by_area_or_all_and_changed_where_it_is_wrong(
    browser: Browser, hub: Hub
) -> None:
    form = form_of(hub)
    page = visitor(browser, hub, CONSULTANT)
    page.goto(f"/assessments/{form}/")
    begun = to_confirm(page)
    counted = f"{begun} risposte sono implicite e non confermate"
    expect(page.get_by_role("heading", level=2, name=counted)).to_be_visible()
    assert begun >= 70
    page.locator("[data-unconfirmed] a").nth(2).click()
    ready(page)

    card = page.locator("#q3")
    expect(card.locator("[data-mark]").first).to_have_text(BY)
    ticked = card.locator("[data-value]:checked").count()
    assert ticked > 0
    card.get_by_role("button", name="Conferma questa domanda").click()
    arrived(page, hub, form, {"q3"})
    expect(card.locator("[data-mark]").first).to_be_hidden()
    assert [(question, len(value)) for question, value, _ in hub.entries(form)] == [("q3", ticked)]
    assert hub.entries(form)[0][2].startswith("Confermato, deriva da ")

    page.locator("#q4 summary").click()
    row = current(page).locator("[data-row]").first
    expect(row.locator("[data-mark]").first).to_have_text(BY)
    row.locator("label.choice", has=page.locator("[data-value]:not(:checked)")).first.click()
    arrived(page, hub, form, {"q3", "q4"})
    assert [note for question, _, note in hub.entries(form) if question == "q4"] == [""]

    open_area(page, form, "d3")
    page.get_by_role("button", name="Conferma quest’area").click()
    arrived(page, hub, form, {"q3", "q4", "q5", "q6"})
    assert answered(hub, form) == {"q3", "q4", "q5", "q6"}

    page.get_by_role("button", name="Conferma tutte le aree").click()
    arrived(page, hub, form, {"q3", "q4", "q5", "q6", "q7", "q8", "q9", "q11"})
    said = answered(hub, form)
    page.goto(f"/assessments/{form}/complete/")
    assert to_confirm(page) < begun
    links = [one.get_attribute("href") or "" for one in page.locator("[data-unconfirmed] a").all()]
    assert links
    assert not [one for one in links if one.partition("#")[2] in said]
    assert len(hub.entries(form)) == len(said)  # nothing was said twice


def test_an_interview_begins_with_what_a_european_assessment_leaves_and_chooses_nothing(
    browser: Browser, hub: Hub
) -> None:
    page = visitor(browser, hub, CONSULTANT)
    interview = begin_assessment(page, stage="T2")
    page.goto(f"/assessments/{interview}/areas/ppl/?open=all")
    ready(page)

    hint = page.get_by_text(re.compile(r"La valutazione europea lascia .+\(q\d+"))

    expect(hint.first).to_be_visible()
    assert page.locator("input[type=radio]:checked").count() == 0
    assert hub.entries(interview) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_pages_with_implied_answers_raise_no_barrier(open_page: OpenPage, width: int, language: str) -> None:
    page = open_page("/", width=width, language=language, persona=CONSULTANT)
    found = page.request.get("/api/assessments").json()["items"]
    form = next(one["id"] for one in found if one["state"] == "draft")
    mistakes: list[str] = []

    for path in ("", "areas/d1/", "areas/d2/?open=all", "complete/"):
        page.goto(f"/assessments/{form}/{path}")
        mistakes += barriers(page)

    assert not mistakes, "\n".join(mistakes)
