"""A new release never strands an open interview, and who signs out leaves nothing to be read."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.hubs import (
    CONSULTANT,
    Hub,
    all_sent,
    answer,
    begin_assessment,
    enter,
    note,
    open_area,
    queue,
    ready,
    ready_without_network,
    visitor,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CHECKOUT = Path(__file__).resolve().parent.parent.parent
RECORDED = CHECKOUT / "capofila/assessments/tests/recorded/queue-0.1.0.json"
# What release 0.1.0 kept on a device, made by hand: the database and an item as its scripts wrote them.
LEFT = """async (items) => {
  const base = await new Promise((resolve, reject) => {
    const opening = indexedDB.open("capofila", 1);
    opening.onupgradeneeded = () => {
      const queue = opening.result.createObjectStore("queue", { keyPath: "seq", autoIncrement: true });
      queue.createIndex("id", "id", { unique: true });
      opening.result.createObjectStore("states", { keyPath: "assessment" });
      opening.result.createObjectStore("facts");
    };
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
  const writing = base.transaction("queue", "readwrite");
  for (const { type, data, ...item } of items) {
    const file = data && new Blob([Uint8Array.from(atob(data), (one) => one.charCodeAt(0))], { type });
    const whole = file ? { ...item, file } : item;
    writing.objectStore("queue").add({ ...whole, tries: 0, problem: null, stopped: false });
  }
  await new Promise((resolve) => { writing.oncomplete = resolve; });
  base.close();
}"""
KEPT_HERE = """async () => Object.fromEntries(await Promise.all((await caches.keys()).map(
  async (name) => [name, (await (await caches.open(name)).keys()).map((one) => new URL(one.url).pathname)]
)))"""
STATES = """() => new Promise((resolve) => {
  const opening = indexedDB.open("capofila");
  opening.onsuccess = () => {
    const asking = opening.result.transaction("states").objectStore("states").count();
    asking.onsuccess = () => { opening.result.close(); resolve(asking.result); };
  };
})"""


def recorded(assessment: int, author: int) -> list[dict[str, Any]]:
    """The queue of release 0.1.0, as if it had been written about this assessment by this person."""
    items = json.loads(RECORDED.read_text(encoding="utf-8"))["items"]
    return [{**item, "assessment": assessment, "author": author} for item in items]


def who(page: Page) -> int:
    return int(page.evaluate("async () => (await (await fetch('/api/session')).json()).user"))


def arrived(hub: Hub, assessment: int) -> tuple[int, int, int]:
    """Answers, private entries and files on the server."""
    tables = ("answerentry", "privateentry", "evidence")
    counts = [
        hub.rows(f"SELECT count(*) FROM assessments_{table} WHERE assessment_id = {assessment}")[0][0]
        for table in tables
    ]
    return counts[0], counts[1], counts[2]


def release(folder: Path) -> Path:
    """Another release of the program: the same, with one more line in a script."""
    shutil.copytree(
        CHECKOUT / "capofila", folder / "capofila", ignore=shutil.ignore_patterns("tests", "__pycache__")
    )
    shutil.copy(CHECKOUT / "pyproject.toml", folder)
    script = folder / "capofila/assessments/static/assessments/status.js"
    script.write_text(script.read_text(encoding="utf-8") + "/* newer */\n", encoding="utf-8")
    return folder


def release_of(page: Page) -> str:
    address = page.locator("script[src*='status.js']").get_attribute("src") or ""
    return address.partition("?v=")[2]


def test_a_queue_that_the_first_release_left_on_a_device_is_sent_by_todays_page(
    browser: Browser, hub: Hub
) -> None:
    assessment = begin_assessment(visitor(browser, hub, CONSULTANT))
    device = visitor(browser, hub, CONSULTANT)
    device.evaluate(LEFT, recorded(assessment, who(device)))

    open_area(device, assessment, "str")
    all_sent(device)

    assert arrived(hub, assessment) == (5, 2, 1)
    expect(device.locator("details.question").first.locator("textarea[name$='.note']")).to_have_value(
        "Visto sul foglio"
    )


def test_a_file_that_the_first_release_saved_is_taken_in(browser: Browser, hub: Hub, tmp_path: Path) -> None:
    page = visitor(browser, hub, CONSULTANT)
    assessment = begin_assessment(page)
    whole = json.loads(RECORDED.read_text(encoding="utf-8"))
    file = tmp_path / "queue.json"
    file.write_text(json.dumps({**whole, "items": recorded(assessment, who(page))}), encoding="utf-8")

    page.goto("/assessments/device/")
    ready(page)
    for _ in range(2):
        page.locator("[data-take-in]").set_input_files(file)
        all_sent(page)

    assert arrived(hub, assessment) == (5, 2, 1)


def test_a_page_opened_before_a_new_release_goes_on_sending_and_then_becomes_the_new_one(
    browser: Browser, hub: Hub, tmp_path: Path
) -> None:
    page = visitor(browser, hub, CONSULTANT)
    assessment = begin_assessment(page)
    open_area(page, assessment, "qua")
    ready_without_network(page)
    old = release_of(page)
    page.context.set_offline(True)
    answer(page, 4)
    note(page).fill("Prima della nuova versione")
    page.keyboard.press("Escape")
    expect(queue(page)).to_contain_text("su questo dispositivo")

    hub.kill()
    hub.begin(release(tmp_path / "newer"))
    page.context.set_offline(False)
    all_sent(page)  # by the page of the old release, to the server of the new one
    answer(page, 2)
    all_sent(page)
    notes = {found for _, _, found in hub.entries(assessment)}
    assert release_of(page) == old
    assert "Prima della nuova versione" in notes

    page.reload()
    ready_without_network(page)
    new = release_of(page)
    names = set(page.evaluate(KEPT_HERE))
    page.context.set_offline(True)
    page.reload()
    ready(page)
    answer(page, 5)

    assert new != old
    assert f"capofila-statics-{new}" in names
    assert f"capofila-statics-{old}" not in names
    assert release_of(page) == new
    expect(queue(page)).to_contain_text("su questo dispositivo")


def test_a_page_kept_before_a_new_release_opens_without_a_network_with_the_scripts_it_was_made_with(
    browser: Browser, hub: Hub, tmp_path: Path
) -> None:
    page = visitor(browser, hub, CONSULTANT)
    assessment = begin_assessment(page)
    open_area(page, assessment, "log")
    ready_without_network(page)
    old = release_of(page)
    page.goto("about:blank")
    hub.kill()
    hub.begin(release(tmp_path / "newer"))

    page.context.set_offline(True)
    page.goto(f"/assessments/{assessment}/areas/log/")
    ready(page)
    answer(page, 3)
    page.context.set_offline(False)
    page.reload()
    ready(page)
    all_sent(page)

    assert release_of(page) != old
    assert [value for _, value, _ in hub.entries(assessment)] == [3]


def test_who_signs_out_leaves_no_page_and_no_answer_to_be_read_and_what_was_not_sent_stays(
    browser: Browser, hub: Hub
) -> None:
    page = visitor(browser, hub, CONSULTANT)
    assessment = begin_assessment(page)
    open_area(page, assessment, "dat")
    ready_without_network(page)
    page.context.set_offline(True)
    answer(page, 5)
    expect(queue(page)).to_contain_text("1 su questo dispositivo")
    page.goto("about:blank")
    page.context.set_offline(False)
    page.goto("/account/")
    before = page.evaluate(KEPT_HERE)

    page.get_by_role("button", name="Esci").click()
    page.wait_for_url("**/enter/**")
    after = page.evaluate(KEPT_HERE)

    assert any(f"/assessments/{assessment}/areas/dat/" in pages for pages in before.values())
    assert [name for name in after if "pages" in name] == []
    assert page.evaluate(STATES) == 0
    page.context.set_offline(True)
    with pytest.raises(Exception, match="ERR_"):
        page.goto(f"/assessments/{assessment}/areas/dat/")
    page.context.set_offline(False)
    assert hub.entries(assessment) == []
    enter(page, CONSULTANT)
    page.goto("/assessments/device/")
    all_sent(page)
    assert [value for _, value, _ in hub.entries(assessment)] == [5]


def test_signing_out_without_a_network_forgets_nothing(browser: Browser, hub: Hub) -> None:
    page = visitor(browser, hub, CONSULTANT)
    assessment = begin_assessment(page)
    open_area(page, assessment, "env")
    ready_without_network(page)
    page.goto("/account/")
    page.context.set_offline(True)

    page.get_by_role("button", name="Esci").click()
    page.wait_for_timeout(500)
    page.goto(f"/assessments/{assessment}/areas/env/")
    ready(page)

    answer(page, 2)
