"""Somebody opens the demonstration for the first time, with a keyboard and no manual."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.journeys.conftest import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LANGUAGES = ("it", "en")
WIDTHS = (1280, 375)


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


def test_the_language_changes_and_the_page_stays(open_page: OpenPage) -> None:
    page = open_page("/questionnaire/")

    page.get_by_role("button", name="English").press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Answer the 140 questions yourself")
    assert page.url.endswith("/questionnaire/")
    assert page.locator("html").get_attribute("lang") == "en"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_raises_a_barrier(open_page: OpenPage, width: int, language: str) -> None:
    page = open_page("/", width=width, language=language, persona="Irene Bassani")
    mistakes: list[str] = []
    paths = (
        "/", "/companies/1/", "/questionnaire/", "/assessments/new/1/", "/assessments/1/",
        "/assessments/1/areas/mnt/", "/assessments/1/areas/mnt/?open=all", "/assessments/2/areas/d1/",
        "/assessments/1/paper/", "/assessments/1/answers/", "/assessments/1/invite/",
        "/assessments/1/reopen/",
        "/assessments/1/complete/", "/assessments/1/report/", "/assessments/1/report/it/",
        "/companies/1/file/", "/companies/1/side-by-side/", "/assessments/1/report/hand-over/",
        "/assessments/device/", "/web/components/", "/web/components/?theme=dark",
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
