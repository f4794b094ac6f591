"""An interview over a bad line: the real service worker, no network, a server that is killed."""

import hashlib
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.journeys.barriers import barriers
from tests.journeys.conftest import QUIET, program
from tests.journeys.hubs import (
    COLLEAGUE,
    CONSULTANT,
    CONTACT,
    ELSEWHERE,
    Hub,
    all_sent,
    answer,
    begin_assessment,
    current,
    enter,
    enter_by_mail,
    note,
    open_area,
    queue,
    ready,
    ready_without_network,
    stranger,
    visitor,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]
AREAS = ["str", "des", "prd", "qua", "mnt", "log", "mkt", "ppl", "dat", "env"]


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    file = tmp_path / "reparto.jpg"
    Image.new("RGB", (64, 48), (120, 160, 150)).save(file)
    return file


def test_140_answers_with_the_keyboard_alone_and_then_the_report(browser: Browser, hub: Hub) -> None:
    page = visitor(browser, hub, CONSULTANT)
    assessment = begin_assessment(page)
    page.locator("a.btn").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/areas/str/*")

    for place in range(140):
        area = AREAS[place // 14]
        page.wait_for_url(f"**/areas/{area}/*")
        ready(page)
        answer(page, 1 + place % 5)
        page.keyboard.press("Enter")
    page.wait_for_url(f"**/assessments/{assessment}/")
    all_sent(page)
    page.get_by_role("link", name="Chiudi l’intervista").first.press("Enter")
    page.get_by_role("button", name="Chiudi l’intervista").press("Enter")
    page.wait_for_url(f"**/assessments/{assessment}/")
    page.get_by_role("link", name="Il rapporto").first.press("Enter")
    page.get_by_role("button", name="Prepara il rapporto in italiano").press("Enter")

    expect(page.get_by_role("heading", level=1)).to_contain_text("Rapporto pronto", timeout=90_000)
    assert [value for _, value, _ in hub.entries(assessment)].count(3) == 28
    assert len(hub.entries(assessment)) == 140


def test_the_contact_answers_on_a_phone_and_the_consultant_settles_a_difference(
    browser: Browser, hub: Hub
) -> None:
    page = visitor(browser, hub, CONSULTANT)
    assessment = begin_assessment(page)
    page.goto(f"/assessments/{assessment}/invite/")
    page.locator("form.narrow-form button.btn").click()
    page.wait_for_url(f"**/assessments/{assessment}/")
    phone = stranger(browser, hub, width=375, has_touch=True)
    enter_by_mail(phone, page, "alcune domande prima dell’incontro")
    phone.wait_for_url(f"**/assessments/{assessment}/")
    open_area(phone, assessment, "prd")
    first = phone.locator("details.question").first
    first.locator('input[value="2"]').tap(force=True)
    first.locator("textarea[name$='.note']").fill("Lo guardo io il mattino")
    phone.locator(".foot-bar").get_by_role("button", name="Avanti").tap()
    all_sent(phone)

    open_area(page, assessment, "prd")
    page.locator("details.question summary").first.click()
    expect(current(page).locator(".chip.guest").last).to_have_text("Nadia Albarelli")
    answer(page, 3)
    expect(page.locator('[data-count="disputed"]')).to_have_text("1")
    current(page).get_by_label("Motivo della scelta").fill("Visto in reparto, ogni ora")
    page.keyboard.press("Escape")
    expect(page.locator('[data-count="disputed"]')).to_have_text("0")
    all_sent(page)

    why = hub.rows(f"SELECT role, why FROM assessments_answerentry WHERE assessment_id = {assessment}")
    assert ("consultant", "Visto in reparto, ogni ora") in why
    assert {role for role, _ in why} == {"company", "consultant"}


def test_nothing_is_lost_when_the_network_goes_the_browser_ends_and_three_days_pass(
    playwright: Playwright, hub: Hub, tmp_path: Path, photo: Path
) -> None:
    def started() -> Page:
        context = playwright.chromium.launch_persistent_context(
            tmp_path / "profile", executable_path=program(), args=[*QUIET, "--no-sandbox"],
            base_url=hub.address, locale="it", viewport={"width": 820, "height": 1100},
        )  # fmt: skip
        return context.new_page()

    page = started()
    enter(page, CONSULTANT)
    assessment = begin_assessment(page)
    open_area(page, assessment, "qua")
    ready_without_network(page)
    page.context.set_offline(True)
    answer(page, 4)
    note(page).fill("Detta a metà")
    page.close()  # in mid-answer: what was typed is kept as the page goes
    page = page.context.new_page()
    page.goto(f"/assessments/{assessment}/areas/qua/")
    ready(page)  # on the first question without an answer, which is the second
    answer(page, 2)
    current(page).locator("[data-files-of]").set_input_files(photo)
    expect(current(page).locator(".file .name")).to_have_text("reparto.jpg")
    expect(queue(page)).to_contain_text("su questo dispositivo")
    page.context.close()

    page = started()
    page.clock.set_system_time(datetime.now(UTC) + timedelta(days=3))
    page.context.set_offline(True)
    page.goto(f"/assessments/{assessment}/areas/qua/")
    ready(page)
    expect(page.locator("details.question").nth(1).locator("[data-square]")).to_have_text("2")
    page.context.set_offline(False)
    page.reload()
    ready(page)
    all_sent(page)

    evidence = hub.rows(f"SELECT name FROM assessments_evidence WHERE assessment_id = {assessment}")
    entries = hub.entries(assessment)
    page.context.close()
    assert evidence == [("reparto.jpg",)]
    assert sorted({(value, note) for _, value, note in entries} - {(4, "")}) == [(2, ""), (4, "Detta a metà")]
    ids = hub.rows(f"SELECT id FROM assessments_answerentry WHERE assessment_id = {assessment}")
    assert len(set(ids)) == len(entries)


def test_an_acknowledged_answer_survives_a_killed_server_and_none_is_doubled(
    browser: Browser, hub: Hub
) -> None:
    page = visitor(browser, hub, CONSULTANT)
    assessment = begin_assessment(page)
    open_area(page, assessment, "log")
    hub.line.becomes("deaf")  # the server receives, the browser never hears of it
    for level in (1, 2, 3, 4, 5, 1, 2):
        answer(page, level)
        page.keyboard.press("Enter")
    expect(queue(page)).to_contain_text("7 su questo dispositivo")
    for _ in range(100):
        if hub.line.lost and hub.entries(assessment):
            break
        page.wait_for_timeout(100)
    hub.kill()
    hub.line.becomes("open")
    hub.begin()

    page.reload()
    ready(page)
    all_sent(page)

    entries = hub.entries(assessment)
    assert hub.line.lost
    assert [value for _, value, _ in entries if value].count(5) == 1
    assert len(entries) == 7


def test_two_consultants_answer_one_question_and_one_of_them_decides(browser: Browser, hub: Hub) -> None:
    one = visitor(browser, hub, CONSULTANT)
    assessment = begin_assessment(one)
    other = visitor(browser, hub, COLLEAGUE)
    for page in (one, other):
        open_area(page, assessment, "mkt")
        ready_without_network(page)
        page.context.set_offline(True)
    for page, level, text in ((one, 2, "Visto in ufficio"), (other, 4, "Visto in fiera")):
        answer(page, level)
        note(page).fill(text)
        page.keyboard.press("Escape")
    one.context.set_offline(False)
    all_sent(one)
    other.context.set_offline(False)
    all_sent(other)

    rivals = other.locator("[data-rivals]").first
    expect(rivals).to_contain_text("Visto in ufficio")
    expect(rivals).to_contain_text("Visto in fiera")
    rivals.locator("li", has_text="Visto in ufficio").get_by_role("button").click()
    expect(rivals).to_be_hidden()
    all_sent(other)
    open_area(one, assessment, "mkt")

    expect(one.locator("[data-rivals]").first).to_be_hidden()
    expect(one.locator("details.question").first.locator("textarea[name$='.note']")).to_have_value(
        "Visto in ufficio"
    )
    notes = {found for _, _, found in hub.entries(assessment)}
    assert {"Visto in ufficio", "Visto in fiera"} <= notes


def test_a_queue_sent_from_another_machine_arrives_once(
    browser: Browser, hub: Hub, tmp_path: Path, photo: Path
) -> None:
    page = visitor(browser, hub, CONSULTANT)
    assessment = begin_assessment(page)
    open_area(page, assessment, "ppl")
    ready_without_network(page)
    page.context.set_offline(True)
    for level in (5, 4, 3):
        answer(page, level)
        page.keyboard.press("Enter")
    current(page).locator("[data-files-of]").set_input_files(photo)
    expect(queue(page)).to_contain_text("4 su questo dispositivo")
    page.goto("/assessments/device/")
    ready(page)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Salva in un file").click()
    file = tmp_path / "queue.json"
    saved.value.save_as(file)

    elsewhere = visitor(browser, hub, CONSULTANT)
    elsewhere.goto("/assessments/device/")
    ready(elsewhere)
    elsewhere.locator("[data-take-in]").set_input_files(file)
    expect(elsewhere.locator("[data-told]")).to_contain_text("4 su 4")
    all_sent(elsewhere)
    before = hub.entries(assessment)
    page.context.set_offline(False)
    page.get_by_role("button", name="Invia adesso").click()
    all_sent(page)

    assert [value for _, value, _ in before] == [4, 3, 5] or len(before) == 3
    assert hub.entries(assessment) == before
    assert hub.rows(f"SELECT count(*) FROM assessments_evidence WHERE assessment_id = {assessment}") == [(1,)]


def test_somebody_elses_answers_are_never_sent_under_my_name(browser: Browser, hub: Hub) -> None:
    page = visitor(browser, hub, CONSULTANT)
    assessment = begin_assessment(page)
    open_area(page, assessment, "dat")
    hub.line.becomes("cut")
    answer(page, 5)
    expect(queue(page)).to_contain_text("1 su questo dispositivo")
    hub.line.becomes("open")
    page.goto("about:blank")
    other = page.context.new_page()
    enter(other, COLLEAGUE)
    other.goto("/assessments/device/")
    ready(other)

    expect(other.locator("[data-device-queue]")).to_contain_text("di un’altra persona")
    other.get_by_role("button", name="Invia adesso").click()
    expect(other.locator("[data-queue]")).to_have_attribute("title", re.compile("altra persona"))
    assert hub.entries(assessment) == []
    enter(other, CONSULTANT)
    other.goto("/assessments/device/")
    all_sent(other)
    assert [value for _, value, _ in hub.entries(assessment)] == [5]


def test_a_consultant_of_another_partner_opens_nothing_of_an_interview(browser: Browser, hub: Hub) -> None:
    assessment = begin_assessment(visitor(browser, hub, CONSULTANT))
    page = visitor(browser, hub, ELSEWHERE)
    addresses = (
        "",
        "areas/str/",
        "paper/",
        "answers.xlsx",
        "answers/",
        "complete/",
        "reopen/",
        "invite/",
        "report/",
    )

    found = [page.request.get(f"/assessments/{assessment}/{address}").status for address in addresses]
    found += [
        page.request.get(f"/api/assessments/{assessment}{address}").status
        for address in ("", "/scores", "/entries")
    ]

    assert found == [404] * len(found)


def test_no_key_fires_while_typing_or_when_keys_are_switched_off(browser: Browser, hub: Hub) -> None:
    page = visitor(browser, hub, CONSULTANT)
    assessment = begin_assessment(page)
    open_area(page, assessment, "env")

    page.keyboard.press("a")
    page.keyboard.type("1 N s J 5 /")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+2")
    page.keyboard.press("?")
    page.get_by_label("Disattiva i tasti singoli").check()
    page.get_by_role("button", name="Chiudi", exact=True).click()
    page.keyboard.press("4")
    all_sent(page)

    assert hub.entries(assessment) == [("env.energy-use", None, "1 N s J 5 /")]


def test_without_scripts_an_area_is_saved_with_a_button(browser: Browser, hub: Hub) -> None:
    page = visitor(browser, hub, CONSULTANT)
    assessment = begin_assessment(page)
    plain = browser.new_context(
        java_script_enabled=False,
        base_url=hub.address,
        locale="it",
        storage_state=page.context.storage_state(),
    ).new_page()

    plain.goto(f"/assessments/{assessment}/areas/str/")
    plain.locator('details.question input[value="4"]').first.check(force=True)
    plain.get_by_role("button", name="Salva", exact=True).click()

    assert [value for _, value, _ in hub.entries(assessment)] == [4]


def test_without_scripts_a_private_note_a_flag_and_a_file_are_kept_too(
    browser: Browser, hub: Hub, photo: Path
) -> None:
    page = visitor(browser, hub, CONSULTANT)
    assessment = begin_assessment(page)
    plain = stranger(browser, hub, java_script_enabled=False, storage_state=page.context.storage_state())

    plain.goto(f"/assessments/{assessment}/areas/str/")
    first = plain.locator("details.question").first
    first.get_by_label("Riservata").fill("Chiedere al titolare")
    first.get_by_label("Da riprendere").check()
    first.get_by_label("Foto e documenti").set_input_files(photo)
    plain.get_by_role("button", name="Salva", exact=True).click()

    expect(first.get_by_label("Riservata")).to_have_value("Chiedere al titolare")
    expect(first.get_by_label("Da riprendere")).to_be_checked()
    expect(first.get_by_role("link", name="reparto.jpg", exact=True)).to_be_visible()
    page.goto(f"/assessments/{assessment}/areas/str/")
    ready(page)
    expect(page.locator("details.question").first.locator(".private textarea")).to_have_value(
        "Chiedere al titolare"
    )
    expect(page.locator('[data-count="flagged"]')).to_have_text("1")


def test_a_file_gets_its_day_and_is_removed_with_a_reason_in_the_page(
    browser: Browser, hub: Hub, photo: Path
) -> None:
    page = visitor(browser, hub, CONSULTANT)
    assessment = begin_assessment(page)
    open_area(page, assessment, "mnt")
    current(page).locator("[data-files-of]").set_input_files(photo)
    all_sent(page)

    current(page).get_by_role("link", name="Dettagli di reparto.jpg").click()
    assert barriers(page) == []
    page.get_by_label("Giorno").fill("2026-01-31")
    page.get_by_role("button", name="Salva", exact=True).click()
    page.get_by_label("Perché viene eliminato").fill("Si vede una persona")
    page.get_by_role("button", name="Elimina «reparto.jpg»").click()

    expect(page.get_by_text("Si vede una persona")).to_be_visible()
    assert barriers(page) == []
    page.locator("main p.meta a").first.click()
    ready(page)
    expect(current(page).locator(".file")).to_have_count(0)
    assert hub.rows("SELECT effective_on FROM assessments_evidencedate") == [("2026-01-31",)]
    assert hub.rows("SELECT reason FROM assessments_evidenceremoval") == [("Si vede una persona",)]


def test_the_report_is_handed_over_and_the_contact_opens_it_on_a_phone(
    browser: Browser, hub: Hub, tmp_path: Path
) -> None:
    page = visitor(browser, hub, CONSULTANT)
    phone = visitor(browser, hub, CONTACT, width=375, has_touch=True)
    phone.goto("/assessments/1/report/")
    expect(phone.get_by_text("Non è ancora stato consegnato un rapporto")).to_be_visible()

    page.goto("/assessments/1/report/")
    page.get_by_role("link", name="Consegna il rapporto").press("Enter")
    assert barriers(page) == []
    page.get_by_label("Nadia Albarelli").check()
    page.get_by_role("button", name="Consegna", exact=True).press("Enter")
    expect(page.get_by_text("da Irene Bassani").first).to_be_visible()
    fresh = stranger(browser, hub, width=375, has_touch=True)
    enter_by_mail(fresh, page, "il vostro rapporto")
    assert barriers(fresh) == []
    with fresh.expect_download() as download:
        fresh.get_by_role("link", name="PDF, Italiano, 1").tap()

    file = tmp_path / "report.pdf"
    download.value.save_as(file)
    handed = hub.rows("SELECT sha256, by_name, number FROM reports_handover WHERE assessment_id = 1")
    assert handed == [(hashlib.sha256(file.read_bytes()).hexdigest(), "Irene Bassani", 1)]
    for address in ("/assessments/1/", "/companies/1/file/"):
        page.goto(address)
        expect(page.get_by_text("da Irene Bassani").first).to_be_visible()


def test_the_second_interview_shows_the_first_beside_each_question_and_confirms_nothing(
    browser: Browser, hub: Hub
) -> None:
    page = visitor(browser, hub, CONSULTANT)
    assessment = begin_assessment(page, stage="T1")
    open_area(page, assessment, "str")

    expect(page.locator('[data-count="said"]').first).to_have_text("0")
    expect(current(page).locator(".level .chip.before")).to_have_text("2026")
    expect(current(page).locator(".earlier")).to_contain_text("2026")
    assert page.locator("input[type=radio]:checked").count() == 0
    assert hub.entries(assessment) == []


def test_on_a_phone_everything_is_reached_by_touch_alone(browser: Browser, hub: Hub) -> None:
    page = visitor(browser, hub, CONSULTANT, width=375, has_touch=True)
    assessment = begin_assessment(page)
    open_area(page, assessment, "str")

    page.locator(".foot-bar a").tap()
    expect(page.locator("#side").get_by_text("Senza risposta")).to_be_in_viewport()
    current(page).locator("label.level").nth(2).tap()
    current(page).get_by_role("button", name=re.compile("^Segna")).tap()
    page.locator(".foot-bar").get_by_role("button", name="Avanti").tap()
    page.locator('#side a[data-jump="flagged"]').tap()
    expect(current(page).locator("[data-square]")).to_have_text("3")
    page.locator('#side a[data-jump="missing"]').tap()
    expect(current(page).locator("[data-square]")).to_have_text("")
    all_sent(page)
    page.locator("details.menu summary").tap()
    assert barriers(page) == []
    page.locator("details.menu").get_by_role("link", name="Registro").tap()

    page.wait_for_url("**/companies/")
