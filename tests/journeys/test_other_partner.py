"""A consultant of one partner tries everything of another: each page, form, file and API route by address.

Then their partner serves the company too: they see the shared facts, and nothing that is the other's own.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image
from playwright.sync_api import APIResponse, Browser, Page, expect

from capofila.api import api
from tests.journeys.hubs import COLLEAGUE, CONSULTANT, ELSEWHERE, Hub, begin_assessment, visitor
from tests.test_access import WITH_RIGHTS

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LEAD = "Marta Gandolfi"
COMPANY = "Lucernari Albarelli S.r.l."
SECRET, PRIVATE, OWN = "Il titolare pensa di vendere", "Da non scrivere nel rapporto", "Li seguiamo dal 2019"
SHUT = (403, 404, 405)
# What an address begins with -> the table in which the thing it is about stands.
TABLES = {
    "companies/duplicates/<int:pk>/": "companies_likeness",
    "companies/lists/<int:pk>/": "companies_importrun",
    "companies/<int:pk>/": "companies_company",
    "assessments/new/<int:company>/": "companies_company",
    "assessments/<int:pk>/": "assessments_assessment",
    "reports/handed-over/<int:pk>/": "reports_handover",
    "reports/<int:pk>/": "reports_report",
    "invitations/<int:pk>/": "consortium_invitation",
}
# Further arguments, of pages and of the API.
ARGUMENTS = {
    "contact": "companies_contact", "status": "companies_declaration", "enterprise": "companies_enterprise",
    "accounts": "companies_yearaccounts", "holding": "companies_holding", "link": "companies_enterpriselink",
    "company": "companies_company", "assessment": "assessments_assessment", "run": "companies_importrun",
    "token": "accounts_apitoken", "evidence_id": "assessments_evidence",
}  # fmt: skip
WORDS = {"language": "it", "area": "str", "number": "1", "form": "pdf"}
# Tables that say who came and when, and no more.
PASSING = ("django_session", "accounts_rates", "django_tasks", "sqlite_", "companies_savedorder")


# Everything there is of the first partner


def number_in(hub: Hub, table: str) -> str:
    rows = hub.rows(f"SELECT id FROM {table} ORDER BY id LIMIT 1")
    assert rows, f"{table}: the journey should have made one"
    return str(rows[0][0])


def session(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.request.get("/api/session").json()
    return found


def send(page: Page, address: str, **typed: Any) -> APIResponse:
    """A form by its address, with the token that a page of one's own gives."""
    token = session(page)["csrf"]
    headers = {"X-CSRFToken": token, "Referer": page.url}
    return page.request.post(address, form=typed or {"go": "x"}, headers=headers, max_redirects=0)


def call(page: Page, method: str, address: str, body: Any = None) -> APIResponse:
    headers = {"X-CSRFToken": session(page)["csrf"], "Content-Type": "application/json"}
    return page.request.fetch(address, method=method.upper(), headers=headers, data=json.dumps(body or {}))


def fill(browser: Browser, hub: Hub) -> None:
    """What the first partner has of every kind, entered as its people do."""
    page = visitor(browser, hub, CONSULTANT)
    assert send(page, "/assessments/1/report/make/", language="it").status == 302
    page.goto("/assessments/1/report/it/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Rapporto pronto", timeout=90_000)
    page.goto("/assessments/1/report/hand-over/")
    page.locator("form.narrow-form button.btn").click()
    page.wait_for_url(lambda url: "hand-over" not in url)
    file, group = "/companies/1/file/", "/companies/1/group/"
    entered = [
        send(page, f"{file}note/", text=SECRET),
        send(page, f"{file}status/", status="women-led", declared_on="2026-01-12"),
        send(page, "/companies/new/", name="Lucernari Albarelli", province="PV"),
        send(page, f"{group}link/", one="own", other=other_enterprise(hub), by="agreement"),
    ]
    assert [answer.status for answer in entered] == [302] * len(entered)
    assessment = begin_assessment(page)
    entry = {
        "format": 1, "kind": "private-note", "id": str(uuid4()), "question": "str.costing", "text": PRIVATE,
        "device": "journey", "device_time": now(),
    }  # fmt: skip
    body = {"author": session(page)["user"], "entries": [entry]}
    assert call(page, "post", f"/api/assessments/{assessment}/entries", body).ok
    give_a_photo(page, assessment)
    manager = visitor(browser, hub, COLLEAGUE)
    new = {"name": "Zoe", "email": "zoe@rete.example", "role": "consultant", "language": "it"}
    invited = send(manager, f"/partners/{partner_of(hub)}/invite/", **new)
    assert invited.status == 302
    manager.goto("/companies/lists/")
    rows = b"denominazione;provincia\nTorneria Bassi;PV\n"
    manager.locator("input[type=file]").set_input_files(
        {"name": "elenco-rete.csv", "mimeType": "text/csv", "buffer": rows}
    )
    manager.locator("form.narrow-form button.btn").click()
    manager.get_by_role("button", name="Inserisci").click(timeout=30_000)
    expect(manager.get_by_role("button", name="Annulla l’intero elenco")).to_be_visible(timeout=30_000)


def now() -> str:
    return datetime.now(UTC).isoformat()


def other_enterprise(hub: Hub) -> str:
    outside = "SELECT id FROM companies_enterprise WHERE company_id IS NULL AND kind = 'firm'"
    return str(hub.rows(outside)[0][0])


def partner_of(hub: Hub) -> int:
    return int(hub.rows("SELECT partner_id FROM companies_serving WHERE company_id = 1")[0][0])


def give_a_photo(page: Page, assessment: int) -> None:
    picture = BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    form: dict[str, Any] = {
        "author": str(session(page)["user"]), "id": str(uuid4()), "question": "str.costing",
        "name": "reparto.png", "device": "journey", "device_time": now(),
        "file": {"name": "reparto.png", "mimeType": "image/png", "buffer": picture.getvalue()},
    }  # fmt: skip
    headers = {"X-CSRFToken": session(page)["csrf"]}
    answer = page.request.post(f"/api/assessments/{assessment}/evidence", multipart=form, headers=headers)
    assert answer.ok, answer.text()


# Every address


def pages_of(hub: Hub) -> Iterator[str]:
    """Every page about one thing, with the number of one of theirs."""
    for route in WITH_RIGHTS:
        if "<" not in route or route.startswith(("partners/", "people/")):
            continue
        start = next((start for start in TABLES if route.startswith(start)), None)
        address = route
        if start is not None:
            address = re.sub(r"<int:(pk|company)>", number_in(hub, TABLES[start]), address, count=1)
        yield "/" + re.sub(r"<\w+:(\w+)>", lambda found: argument(hub, found[1]), address)


def colleagues_of(hub: Hub) -> Iterator[str]:
    """Pages of the other partner and of its people."""
    member = hub.rows(f"SELECT id FROM consortium_membership WHERE partner_id = {partner_of(hub)}")[0][0]
    for route in WITH_RIGHTS:
        if "<" in route and route.startswith(("partners/", "people/")):
            number = partner_of(hub) if route.startswith("partners/") else member
            yield "/" + route.replace("<int:pk>", str(number))


def argument(hub: Hub, name: str) -> str:
    if name == "pk":
        return evidence_of(hub)
    if name in ARGUMENTS:
        return evidence_of(hub) if name == "evidence_id" else number_in(hub, ARGUMENTS[name])
    return WORDS.get(name, "1")


def evidence_of(hub: Hub) -> str:
    raw = str(hub.rows("SELECT id FROM assessments_evidence")[0][0])
    return f"{raw[:8]}-{raw[8:12]}-{raw[12:16]}-{raw[16:20]}-{raw[20:]}"


def routes_of(hub: Hub) -> Iterator[tuple[str, str]]:
    """Every route of the API about one thing."""
    for path, methods in api.get_openapi_schema(path_prefix="/api/")["paths"].items():
        if "{" in path and "{token}" not in path:
            address = re.sub(r"{(\w+)}", lambda found: argument(hub, found[1]), path)
            yield from ((method, address) for method in methods)


def state(hub: Hub) -> dict[str, list[tuple[Any, ...]]]:
    """All that is kept, but who came and when."""
    named = [name for (name,) in hub.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
    tables = [name for name in named if not name.startswith(PASSING)]
    return {name: sorted(hub.rows(f"SELECT * FROM {name}"), key=repr) for name in tables}


# The journeys


def test_a_consultant_of_another_partner_finds_everything_shut(browser: Browser, hub: Hub) -> None:
    fill(browser, hub)
    page = visitor(browser, hub, ELSEWHERE)
    before = state(hub)

    opened = []
    for address in (*pages_of(hub), *colleagues_of(hub)):
        for answer in (page.request.get(address, max_redirects=0), send(page, address, reason="x", name="x")):
            if answer.status not in SHUT:
                opened.append(f"{address}: {answer.status}")
            assert COMPANY not in answer.text()
    for method, address in routes_of(hub):
        body = {"author": session(page)["user"], "entries": [], "reason": "x", "city": "Lodi"}
        status = call(page, method, address, None if method == "get" else body).status
        if status not in (403, 404, 422) or (method == "get" and status == 422):
            opened.append(f"{method} {address}: {status}")
    for method, address in routes_of(hub):
        if method == "get":
            assert COMPANY not in page.request.get(address).text()
    for address in ("/", "/companies/", "/companies/?typed=lucernari", "/companies/?typed=09876540189"):
        page.goto(address)
        expect(page.locator("main")).not_to_contain_text("Lucernari")
    for address in ("/api/companies", "/api/companies?typed=lucernari", "/api/assessments", "/api/imports"):
        assert "Lucernari" not in page.request.get(address).text()

    assert opened == []
    assert state(hub) == before


def test_a_company_that_both_serve_shows_its_facts_and_not_what_is_the_others_own(
    browser: Browser, hub: Hub
) -> None:
    fill(browser, hub)
    lead = visitor(browser, hub, LEAD)
    lead.goto("/companies/1/file/")
    lead.get_by_label("Un altro partner").select_option("Alba Competenze")
    lead.get_by_role("button", name="La segue da oggi").click()
    page = visitor(browser, hub, ELSEWHERE)

    page.goto("/companies/?typed=lucernri")
    page.get_by_role("link", name=COMPANY).click()
    main = page.locator("main")
    expect(main).to_contain_text("09876540189")
    expect(main).not_to_contain_text(SECRET)
    expect(main).not_to_contain_text("Nota scritta")
    page.get_by_role("link", name="Gruppo e dimensione").click()
    expect(main).to_contain_text("Vetroluce Pavese")
    assessment = hub.rows("SELECT max(id) FROM assessments_assessment")[0][0]
    shared = page.request.get(f"/api/assessments/{assessment}")
    assert shared.ok
    assert PRIVATE not in shared.text()
    assert page.request.get(f"/companies/lists/{number_in(hub, 'companies_importrun')}/").status in SHUT

    assert send(page, "/companies/1/file/note/", text=OWN).status == 302
    page.goto("/companies/1/file/")
    expect(main).to_contain_text(OWN)
    theirs = visitor(browser, hub, CONSULTANT)
    theirs.goto("/companies/1/file/")
    expect(theirs.locator("main")).to_contain_text(SECRET)
    expect(theirs.locator("main")).not_to_contain_text(OWN)

    lead.goto("/companies/1/file/")
    lead.get_by_role("button", name="Alba Competenze non la segue più").click()
    assert page.request.get("/companies/1/file/").status == 404
    assert page.request.get(f"/api/assessments/{assessment}").status == 404
