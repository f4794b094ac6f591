"""Somebody opens the demonstration for the first time, with a keyboard and no manual."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.journeys.conftest import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LANGUAGES = ("it", "en")
WIDTHS = (1280, 375)


def begin_questionnaire(page: Page, company: str) -> None:
    """Type a name and choose the first profile, with the keyboard alone; the first area opens."""
    page.locator("input[name=company]").focus()
    page.keyboard.type(company)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/str/")


def answer_with_the_keyboard(page: Page, question: int, level: int) -> None:
    """Go to the ladder of one question and choose a level: space takes the first, arrows go down."""
    ladder = page.locator("details.question").nth(question)
    ladder.locator("summary").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    for _ in range(level - 1):
        page.keyboard.press("ArrowDown")
    expect(ladder.locator(f'input[value="{level}"]')).to_be_checked()


def test_the_skip_link_comes_first_and_leads_to_the_content(open_page: OpenPage) -> None:
    page = open_page("/")

    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")

    assert page.url.endswith("#main")


def test_a_visitor_reads_the_company_and_downloads_its_report(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page("/")
    page.get_by_role("link", name="Lucernari Albarelli S.r.l.").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lucernari Albarelli S.r.l.")
    expect(page.get_by_text("2,31").first).to_be_visible()

    with page.expect_download() as download:
        page.get_by_role("link", name="Scarica il rapporto in italiano").press("Enter")

    file = tmp_path / "report.pdf"
    download.value.save_as(file)
    assert download.value.suggested_filename == "lucernari-albarelli-srl-it.pdf"
    assert file.read_bytes().startswith(b"%PDF-")


def test_a_visitor_answers_one_area_with_the_keyboard_alone(open_page: OpenPage) -> None:
    page = open_page("/questionnaire/")
    begin_questionnaire(page, "Vetreria Alice")

    for question in range(14):
        answer_with_the_keyboard(page, question, level=1 + question % 5)
    page.get_by_role("button", name="Salva e vai a Progettazione").press("Enter")

    page.wait_for_url("**/des/?saved=str")
    expect(page.get_by_role("status")).to_contain_text("14 di 14")
    page.get_by_role("link", name="Torna lì").press("Enter")
    expect(page.locator("details.question[open]")).to_have_count(0)
    expect(page.locator("details.question").nth(4).locator(".lv")).to_contain_text("5")


def test_a_question_that_does_not_apply_asks_for_the_reason(open_page: OpenPage) -> None:
    page = open_page("/questionnaire/", width=375)
    begin_questionnaire(page, "Vetreria Bob")
    question = page.locator("details.question").first
    expect(question.get_by_label("Perché non si applica")).to_be_hidden()

    question.get_by_label("Da noi non si applica").check()
    page.locator(".foot-bar").get_by_role("button").click()

    expect(page.get_by_text("Dite perché non si applica")).to_be_visible()
    question.get_by_label("Perché non si applica").fill("Nessun programma in azienda")
    page.locator(".foot-bar").get_by_role("button").click()
    page.wait_for_url("**/des/?saved=str")


def test_the_language_changes_and_the_page_stays(open_page: OpenPage) -> None:
    page = open_page("/questionnaire/")

    page.get_by_role("button", name="English").press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Answer the 140 questions yourself")
    assert page.url.endswith("/questionnaire/")
    assert page.locator("html").get_attribute("lang") == "en"


def test_a_visitor_answers_enough_and_receives_a_report(open_page: OpenPage) -> None:
    page = open_page("/questionnaire/", language="en")
    begin_questionnaire(page, "Alice’s Glassworks")
    for _ in range(9):
        for level in page.locator('details.question input[value="3"]').all():
            level.check(force=True)
        page.get_by_role("button", name="Save, then").click()
    page.get_by_role("button", name="Save and finish").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("126 of 140 questions done")
    page.get_by_role("button", name="Make the report in English").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Report ready", timeout=60_000)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()

    assert download.value.suggested_filename == "alices-glassworks-en.pdf"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_raises_a_barrier(open_page: OpenPage, width: int, language: str) -> None:
    page = open_page("/questionnaire/", width=width, language=language)
    begin_questionnaire(page, "Vetreria Charlie")
    page.locator("details.question").first.locator('input[value="na"]').check(force=True)
    page.locator('button[value="stay"]').click()
    mistake = page.url
    mistakes = barriers(page)
    number = mistake.rstrip("/").split("/")[-2]
    paths = (
        "/", "/companies/1/", "/questionnaire/", "/questionnaire/1/", "/questionnaire/1/mnt/?open=all",
        f"/questionnaire/{number}/", f"/questionnaire/{number}/str/", "/questionnaire/1/report/it/",
        f"/questionnaire/{number}/report/en/",
    )  # fmt: skip

    for path in paths:
        page.goto(path)
        mistakes += barriers(page)

    assert not mistakes, "\n".join(mistakes)


def barriers(page: Page) -> list[str]:
    """What axe finds, and content wider than the screen, each with the page it is on."""
    found = [
        f"{page.url}: {violation['id']} {node['target']}"
        for violation in Axe().run(page).response["violations"]
        for node in violation["nodes"]
    ]
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        found.append(f"{page.url}: wider than the screen")
    return found
