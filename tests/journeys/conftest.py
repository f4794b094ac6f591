"""A browser, and the demonstration it looks at: built once, served while the journeys last."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, sync_playwright

from tests.journeys.hubs import KEPT, Hub

QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
OpenPage = Callable[..., Page]
LEAD = "Marta Gandolfi"  # of desk/demo/personas.yaml; sees every company


@pytest.fixture(scope="session")
def demonstration_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CAPOFILA_")}
    environment = {**kept, "CAPOFILA_DATA": str(tmp_path_factory.mktemp("demonstration"))}
    command = [sys.executable, "-m", "capofila", "demo", "--port", "8200"]
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout is not None
    try:
        address = next(
            found[0] for line in process.stdout if (found := re.search(r"http://localhost:\d+", line))
        )
        _wait_for(address)
        yield address
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(timeout=30)
        process.stdout.close()


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration's data, made once."""
    data = tmp_path_factory.mktemp("built") / "data"
    command = [sys.executable, "-m", "capofila", "demo", "--no-serve"]
    subprocess.run(command, env={**KEPT, "CAPOFILA_DATA": str(data)}, check=True, capture_output=True)
    return data


@pytest.fixture
def hub(built: Path, tmp_path: Path) -> Iterator[Hub]:
    """A hub of its own for one journey."""
    made = Hub(built, tmp_path / "hub")
    yield made
    made.close()


def is_complaint(message: ConsoleMessage) -> bool:
    """An error of the browser; a form sent back to be mended (422) is none, nor a spent link (410)."""
    return message.type == "error" and not any(f"status of {status}" in message.text for status in (410, 422))


def _wait_for(address: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"{address} does not answer")


def program() -> str:
    """The system's own Chromium."""
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    assert found is not None, "no Chromium on this PATH; bin/test installs it"
    return found


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    arguments = [*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    chromium = playwright.chromium.launch(executable_path=program(), args=arguments)
    yield chromium
    chromium.close()


@pytest.fixture
def open_page(browser: Browser, demonstration_address: str) -> Iterator[OpenPage]:
    """Open a page of the demonstration as one of its people; None: as nobody, not signed in.

    Whatever the browser complains of fails the test.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opened(path: str, *, width: int = 1280, language: str = "it", persona: str | None = LEAD) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, base_url=demonstration_address, locale=language
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if is_complaint(message) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if persona is not None:
            page.goto("/enter/")
            page.get_by_role("row", name=persona).get_by_role("button").click()
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []
