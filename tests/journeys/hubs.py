"""A hub of its own for one journey: a copy of the demonstration's data, its server, and the line to it."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.journeys.proxy import Line

CONSULTANT, COLLEAGUE, CONTACT = "Irene Bassani", "Tommaso Vergani", "Nadia Albarelli"
ELSEWHERE = "Sara Colnaghi"  # a consultant of the other partner
KEPT = {name: value for name, value in os.environ.items() if not name.startswith(("CAPOFILA_", "DATABASE_"))}


class Hub:
    def __init__(self, built: Path, data: Path) -> None:
        self.data = data
        shutil.copytree(built, data)
        self.server: subprocess.Popen[bytes] | None = None
        self.port = _free_port()
        self.line = Line(self.port)
        self.address = f"http://localhost:{self.line.port}"
        self.begin()

    def begin(self, release: Path | None = None) -> None:
        """Serve; `release` is a folder with another copy of the program, this one where none is given."""
        environment = {**KEPT, "CAPOFILA_DATA": str(self.data), "CAPOFILA_DEMO": "1"}
        command = [sys.executable, "-m", "capofila", "serve", "--port", str(self.port), "--workers", "1"]
        self.server = subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, start_new_session=True, cwd=release
        )
        wait_for(f"http://localhost:{self.port}/web/components/")

    def kill(self) -> None:
        """SIGKILL, server and workers at once."""
        assert self.server is not None
        os.killpg(self.server.pid, signal.SIGKILL)
        self.server.wait()

    def close(self) -> None:
        self.kill()
        self.line.close()

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.data / "capofila.sqlite3", timeout=30)) as base:
            return base.execute(sql).fetchall()

    def entries(self, assessment: int) -> list[tuple[Any, ...]]:
        """Every answer received, as (question, value, note), sorted."""
        found = self.rows(
            "SELECT question, value, note FROM assessments_answerentry"
            f" WHERE assessment_id = {int(assessment)} ORDER BY question, value, note"
        )
        return [(question, json.loads(value or "null"), note) for question, value, note in found]


def wait_for(address: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"{address} does not answer")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# People and pages


def enter(page: Page, name: str) -> None:
    """Be somebody of the demonstration."""
    page.goto("/enter/")
    page.get_by_role("button", name=name).click()
    page.wait_for_url(lambda address: not address.endswith("/enter/"))


def enter_by_mail(page: Page, outbox: Page, subject: str) -> None:
    """As a contact does: by the link in the newest mail of that subject, read in `outbox`."""
    outbox.goto("/outbox/")
    mail = outbox.get_by_role("article").filter(has=outbox.get_by_role("heading", name=subject)).first
    page.goto(mail.get_by_role("link").first.get_attribute("href") or "")
    page.get_by_role("button", name="Entra").click()


def stranger(browser: Browser, hub: Hub, *, width: int = 1280, **facts: Any) -> Page:
    """A browser in which nobody has signed in."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, base_url=hub.address, locale="it", **facts
    )
    context.set_default_timeout(12_000)
    return context.new_page()


def begin_assessment(page: Page, *, stage: str = "T1") -> int:
    """A new assessment of the invented company; its number."""
    page.goto("/assessments/new/1/")
    page.locator(f'input[name=stage][value="{stage}"]').check()
    page.locator("form.narrow-form button.btn").click()
    page.wait_for_url("**/assessments/*/")
    return int(page.url.rstrip("/").rsplit("/", 1)[1])


def open_area(page: Page, assessment: int, area: str) -> None:
    page.goto(f"/assessments/{assessment}/areas/{area}/")
    ready(page)


def ready(page: Page) -> None:
    expect(page.locator("html[data-ready]")).to_be_attached(timeout=15_000)


def ready_without_network(page: Page) -> None:
    expect(page.locator("html[data-offline-ready]")).to_be_attached(timeout=60_000)


def current(page: Page) -> Any:
    return page.locator("details.question[data-current]")


def answer(page: Page, level: int) -> None:
    """Answer the open question by its key, and see it kept."""
    page.keyboard.press(str(level))
    expect(current(page).locator("[data-square]")).to_have_text(str(level))


def queue(page: Page) -> Any:
    return page.locator("[data-queue]")


def all_sent(page: Page) -> None:
    expect(queue(page)).to_contain_text("tutto sul server", timeout=60_000)


def visitor(browser: Browser, hub: Hub, name: str, *, width: int = 1280, **facts: Any) -> Page:
    page = stranger(browser, hub, width=width, **facts)
    enter(page, name)
    return page


def note(page: Page) -> Any:
    """The note of the open question."""
    return current(page).locator("textarea[name$='.note']")
