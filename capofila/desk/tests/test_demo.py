"""`capofila demo`, as a person starts it, on a data folder of its own."""

import os
import re
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from capofila.companies import company_file
from capofila.companies.rules import identifiers
from capofila.desk import demo
from capofila.roadmap.goals import goals


def environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CAPOFILA_")}
    return {**kept, "CAPOFILA_DATA": str(folder)}


def run(folder: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "capofila", "demo", *arguments]
    done = subprocess.run(
        command, env=environment(folder), capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def state(folder: Path) -> dict[str, int]:
    """Every file but the database, with the moment it was written."""
    return {
        str(file.relative_to(folder)): file.stat().st_mtime_ns
        for file in sorted(folder.rglob("*"))
        if file.is_file() and "sqlite3" not in file.name
    }


def count(folder: Path, table: str) -> int:
    connection = sqlite3.connect(folder / "capofila.sqlite3")
    try:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
    finally:
        connection.close()


@contextmanager
def served(folder: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The demonstration while it serves, and its address; Ctrl-C at the end."""
    command = [sys.executable, "-m", "capofila", "demo", *arguments]
    process = subprocess.Popen(
        command, env=environment(folder), stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        assert process.stdout is not None
        address = next(
            found[0] for line in process.stdout if (found := re.search(r"http://localhost:\d+", line))
        )
        wait_for(address)
        yield process, address
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(timeout=30)
        if process.stdout is not None:
            process.stdout.close()


def wait_for(address: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"{address} does not answer")


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_the_invented_company_has_right_check_digits_and_known_goals() -> None:
    facts = company_file.read(demo.COMPANY_FILE, goals())

    assert facts.vat is not None
    assert identifiers.vat(facts.vat) == facts.vat
    assert (facts.size, facts.profile, len(facts.goals)) == ("small", "manufacturing", 3)


@pytest.mark.slow
def test_the_demonstration_is_built_once_and_reused_the_second_time(tmp_path: Path) -> None:
    first = run(tmp_path, "--no-serve")
    files = state(tmp_path)

    second = run(tmp_path, "--no-serve")

    reports = [Path(line.partition(": ")[2]) for line in first.splitlines() if line.startswith("Report: ")]
    assert [report.name for report in reports] == [
        "lucernari-albarelli-srl-it.pdf",
        "lucernari-albarelli-srl-en.pdf",
    ]
    assert all(report.read_bytes().startswith(b"%PDF-") for report in reports)
    assert state(tmp_path) == files
    assert [
        count(tmp_path, table) for table in ("companies_company", "assessments_answerentry", "reports_report")
    ] == [3, 555, 4]
    assert "Report: " in second


@pytest.mark.slow
def test_the_secret_key_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    run(tmp_path, "--no-serve")

    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600


@pytest.mark.slow
def test_the_demonstration_takes_the_next_free_port_and_ends_with_its_workers(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        wanted = taken.getsockname()[1]

        with served(tmp_path, "--port", str(wanted)) as (process, address):
            port = int(address.rpartition(":")[2])
            browser = HTTPConnection("127.0.0.1", port, timeout=10)  # holds its connection, as browsers do
            browser.request("GET", "/companies/1/", headers={"Host": f"localhost:{port}"})
            answer = browser.getresponse()
            answer.read()

    browser.close()
    assert port != wanted
    assert answer.status == 200
    assert process.returncode in (0, -signal.SIGINT)
    assert not is_listening(port)
