"""Somebody opens the demonstration for the first time, with a keyboard and no manual."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.slow]


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
