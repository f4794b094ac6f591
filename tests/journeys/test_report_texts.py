"""A consultant writes texts of the report, is told what moved underneath, hands both languages over."""

import hashlib
import json
import re
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from playwright.sync_api import Browser, Download, Page, expect

from tests.journeys.barriers import barriers
from tests.journeys.hubs import CONSULTANT, CONTACT, Hub, visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]
REPORT = "/assessments/1/report/"
TEXTS = f"{REPORT}it/texts/"
AREA = "area.str.lead"
WIDTHS = (1280, 375)
MADE = 180_000  # milliseconds, for a report on a busy machine
WRITTEN = {
    "summary": "La direzione **ha deciso**: si parte dai costi.\n\n- entro marzo\n- con due persone",
    AREA: "La strategia si scrive in *una pagina*.",
}


def write(page: Page, key: str, text: str) -> None:
    """From the outline, with the keyboard: open the text, look at it, keep it, see it in its place."""
    page.goto(TEXTS)
    page.locator(f"a[href$='/texts/{key}/']").press("Enter")
    field = page.get_by_label("Testo", exact=True)
    field.focus()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text)
    page.get_by_role("button", name="Guardalo").press("Enter")
    expect(page.get_by_role("heading", name="Come starebbe, non ancora conservato")).to_be_visible()
    page.get_by_label("Testo", exact=True).focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Tieni questo testo")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{TEXTS}")


def make(page: Page, language: str) -> None:
    page.goto(REPORT)
    page.get_by_role("button", name=re.compile(f"{language}$")).press("Enter")
    expect(page.get_by_role("heading", name=re.compile("^Rapporto pronto"))).to_be_visible(timeout=MADE)


def downloaded(page: Page, link: Any, folder: Path) -> Path:
    with page.expect_download() as download:
        link.press("Enter")
    found: Download = download.value
    file = folder / found.suggested_filename
    found.save_as(file)
    return file


def text_of(file: Path) -> str:
    with pypdfium2.PdfDocument(file.read_bytes()) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    return " ".join(" ".join(pages).split())


def answer_an_area(page: Page, area: str, level: int) -> None:
    """Every question of an area at one level, as a device sends it."""
    session = page.request.get("/api/session").json()
    held = page.request.get("/api/assessments/1").json()["questions"]
    entries = [
        {
            "format": 1,
            "id": str(uuid.uuid4()),
            "question": question,
            "state": "answered",
            "value": level,
            "device": "tablet",
            "device_time": datetime.now(UTC).isoformat(),
            "replaces": [found["consultant"]["entry"]["id"]],
        }
        for question, found in held.items()
        if question.startswith(f"{area}.") and found["consultant"] is not None
    ]
    response = page.request.post(
        "/api/assessments/1/entries",
        data=json.dumps({"author": session["user"], "entries": entries}),
        headers={"Content-Type": "application/json", "X-CSRFToken": session["csrf"]},
    )
    assert response.ok, response.text()
    assert entries


def reopen(page: Page) -> None:
    page.goto("/assessments/1/reopen/")
    page.locator("main form textarea, main form input[type=text]").first.fill("Risposte da correggere")
    page.locator("main form button.btn").press("Enter")
    page.wait_for_url("**/assessments/1/")


def close(page: Page) -> None:
    page.goto("/assessments/1/complete/")
    page.get_by_role("button", name="Chiudi l’intervista").press("Enter")
    page.wait_for_url("**/assessments/1/")


def test_texts_are_written_in_place_told_when_the_ground_moves_and_frozen_with_the_version(
    hub: Hub, browser: Browser, tmp_path: Path
) -> None:
    page = visitor(browser, hub, CONSULTANT)

    page.goto(REPORT)
    page.get_by_role("link", name="Scrivi i suoi testi in italiano").press("Enter")
    address = page.locator("a[href*='/texts/action.']").first.get_attribute("href") or ""
    action = address.rstrip("/").rpartition("/")[2]
    written = {**WRITTEN, action: "Si comincia **lunedì**."}
    for key, text in written.items():
        write(page, key, text)
    expect(page.locator("strong", has_text="ha deciso")).to_be_visible()
    expect(page.locator("li", has_text="con due persone")).to_be_visible()
    expect(page.locator("em", has_text="una pagina")).to_be_visible()
    expect(page.locator(".chip.ok")).to_have_count(3)

    make(page, "in italiano")
    pdf = text_of(downloaded(page, page.get_by_role("link", name="Scarica", exact=True), tmp_path))
    html = downloaded(page, page.get_by_role("link", name="HTML"), tmp_path).read_text(encoding="utf-8")
    for words in ("La direzione ha deciso: si parte dai costi.", "con due persone", "Si comincia lunedì."):
        assert words in pdf
    assert "La direzione <strong>ha deciso</strong>: si parte dai costi." in html
    assert "La strategia si scrive in <em>una pagina</em>." in html

    reopen(page)
    answer_an_area(page, "str", 5)
    close(page)
    page.goto(TEXTS)
    expect(page.get_by_text(re.compile("Il testo proprio del rapporto è cambiato sotto"))).to_be_visible()
    page.locator(f"a[href$='/texts/{AREA}/']").press("Enter")
    expect(page.get_by_role("heading", name="Il testo proprio di allora")).to_be_visible()
    expect(page.get_by_label("Testo", exact=True)).to_have_value(WRITTEN[AREA])
    page.goto(REPORT)
    expect(page.get_by_text("Qualcosa è cambiato da quando è stato preparato.").first).to_be_visible()

    make(page, "in italiano")
    make(page, "in inglese")
    hand_over(page)
    expect(page.get_by_text("Da allora non è cambiato nulla.")).to_have_count(2)
    given = hub.rows(
        "SELECT number, language, sha256, docx, html, inputs, by_name FROM reports_handover"
        " WHERE assessment_id = 1 ORDER BY id"
    )
    assert [(row[0], row[1], row[6]) for row in given] == [(1, "it", CONSULTANT), (1, "en", CONSULTANT)]
    for row in given:
        for form, sha256 in zip(("pdf", "docx", "html", "json"), row[2:6], strict=True):
            kept = hub.data / "reports" / sha256[:2] / f"{sha256}.{form}"
            assert hashlib.sha256(kept.read_bytes()).hexdigest() == sha256
    mails = hub.rows("SELECT subject FROM accounts_mail WHERE \"to\" LIKE 'nadia@%'")
    assert mails == [("Lucernari Albarelli S.r.l.: il vostro rapporto",)]

    write(page, "summary", "Detto in altro modo.")
    page.goto(REPORT)
    expect(page.get_by_text("Da allora sono cambiati: 1 testo scritto.")).to_be_visible()
    version = downloaded(page, page.get_by_role("link", name="PDF, Italiano, 1"), tmp_path)
    assert hashlib.sha256(version.read_bytes()).hexdigest() == given[0][2]
    page.locator("main summary", has_text="Somme di controllo, Italiano").press("Enter")
    inputs = downloaded(
        page, page.get_by_role("link", name="Scarica ciò da cui è stato fatto").first, tmp_path
    )
    assert json.loads(inputs.read_bytes())["texts"] == written
    assert hub.rows("SELECT event FROM journal_entry ORDER BY sequence DESC LIMIT 1") == [
        ("reports.inputs-opened",)
    ]

    company = visitor(browser, hub, CONTACT, width=375)
    company.goto(REPORT)
    expect(company.get_by_role("link", name="PDF, English, 1")).to_be_visible()
    expect(company.get_by_role("link", name="Scarica ciò da cui è stato fatto")).to_have_count(0)
    assert barriers(company) == []

    assert sees_no_barrier(page, action) == []


def hand_over(page: Page) -> None:
    """Both languages, with the keyboard alone."""
    page.goto(f"{REPORT}hand-over/")
    boxes = page.locator("input[name=report]")
    expect(boxes).to_have_count(2)
    boxes.first.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(boxes.last).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{REPORT}")


def sees_no_barrier(page: Page, action: str) -> list[str]:
    """Every page of the texts and the versions, in both languages, on a desk and on a phone."""
    found: list[str] = []
    for _language in ("it", "en"):
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            for path in (REPORT, TEXTS, f"{TEXTS}summary/", f"{TEXTS}{action}/", f"{REPORT}hand-over/"):
                page.goto(path)
                page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")
                found += barriers(page)
        if page.get_by_role("button", name="English").count():
            page.set_viewport_size({"width": WIDTHS[0], "height": 900})
            page.get_by_role("button", name="English").press("Enter")
            expect(page.locator("html")).to_have_attribute("lang", "en")
    return found
