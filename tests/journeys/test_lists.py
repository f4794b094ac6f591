"""A long list of companies: its page tells how far it is, outlives a killed server, and needs no scripts."""

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.journeys.hubs import COLLEAGUE, Hub, visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ROWS = 3_000


def send(page: Page, rows: int) -> None:
    """Send a list of so many new companies; the browser is then on its page."""
    lines = [
        "denominazione;comune;provincia",
        *(f"Officina {number};Comune {number};PV" for number in range(rows)),
    ]
    page.goto("/companies/lists/")
    file: FilePayload = {"name": "elenco.csv", "mimeType": "text/csv", "buffer": "\n".join(lines).encode()}
    page.locator("input[type=file]").set_input_files(file)
    page.locator("form.narrow-form button.btn").click()
    page.wait_for_url("**/companies/lists/*/")


def test_a_list_goes_on_after_the_page_was_left_and_the_server_killed(browser: Browser, hub: Hub) -> None:
    page = visitor(browser, hub, COLLEAGUE)
    send(page, ROWS)
    expect(page.locator("[data-progress]")).to_be_visible()
    address = page.url
    page.goto("/companies/")
    hub.kill()
    assert hub.rows("SELECT count(*) FROM companies_company WHERE name LIKE 'Officina %'") == [(0,)]

    hub.begin()
    page.goto(address)
    page.get_by_role("button", name="Inserisci").click(timeout=90_000)
    expect(page.locator("[data-progress]")).to_contain_text(f"su {ROWS // 1000}.000", timeout=30_000)
    expect(page.get_by_role("button", name="Annulla l’intero elenco")).to_be_visible(timeout=90_000)

    assert hub.rows("SELECT count(*) FROM companies_company WHERE name LIKE 'Officina %'") == [(ROWS,)]
    page.goto("/companies/?typed=oficina 2999")
    expect(page.get_by_role("link", name="Officina 2999")).to_be_visible()


def test_without_scripts_the_page_of_a_list_looks_again_by_itself(browser: Browser, hub: Hub) -> None:
    page = visitor(browser, hub, COLLEAGUE, java_script_enabled=False)
    send(page, 20)

    page.get_by_role("button", name="Inserisci").click(timeout=60_000)
    expect(page.get_by_role("button", name="Annulla l’intero elenco")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Annulla l’intero elenco").click()
    expect(page.locator("p.meta", has_text="annullat")).to_be_visible(timeout=60_000)

    assert hub.rows("SELECT count(*) FROM companies_company WHERE name LIKE 'Officina %'") == [(0,)]
