"""A server killed in the middle of batches: nothing acknowledged is missing, nothing doubled."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.client import HTTPException
from itertools import count
from json import dumps, loads
from pathlib import Path
from typing import Any

import pytest

from capofila.assessments.tests.people import entry

CHECKOUT = Path(__file__).resolve().parents[3]
SENDERS, BATCHES, EACH = 3, 12, 4
KILLED_AFTER = 7  # batches, while others are under way
PREPARE = """
from django.utils import timezone
from capofila.accounts import api_tokens
from capofila.assessments.tests.people import make_scene
scene = make_scene()
secret = api_tokens.create(scene.alice, name="test", scope="write", days=2, at=timezone.now())[1]
print(scene.assessment.pk, scene.alice.pk, secret)
"""
COUNT = """
from capofila.assessments.models import AnswerEntry
print(*AnswerEntry.objects.values_list("pk", flat=True))
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A database of its own, on disk."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return environment | {"CAPOFILA_DATA": str(tmp_path), "PYTHONPATH": str(CHECKOUT)}


def capofila(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "capofila", *arguments],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


@contextmanager
def serving(environment: dict[str, str], port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The real server, in a process group of its own, so that all of it can be killed at once."""
    command = [sys.executable, "-m", "capofila", "serve", "--port", str(port)]
    server = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        _wait_for(port)
        yield server
    finally:
        _kill(server)


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/api/session", timeout=5)
        except urllib.error.HTTPError as answered:
            answered.close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not start")


def _kill(server: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()


def post(port: int, path: str, secret: str, author: int, entries: list[dict[str, Any]]) -> list[str] | None:
    """The ids acknowledged; None where there was no answer."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}",
        dumps({"author": author, "entries": entries}).encode(),
        {"Content-Type": "application/json", "Authorization": f"Bearer {secret}"},
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as response:
            results = loads(response.read())["results"]
    except (OSError, HTTPException):
        return None
    assert all(result["status"] in {200, 201} for result in results)
    return [result["id"] for result in results]


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@pytest.mark.slow
def test_nothing_acknowledged_is_missing_and_nothing_doubled_after_the_server_is_killed(
    environment: dict[str, str],
) -> None:
    capofila(environment, "migrate", "-v0")
    pk, author, secret = capofila(environment, "shell", "--no-imports", "-c", PREPARE).split()[-3:]
    port, path = free_port(), f"/api/assessments/{pk}/entries"
    queues = [[[entry() for _ in range(EACH)] for _ in range(BATCHES)] for _ in range(SENDERS)]

    acknowledged_batches = count(1)

    def send(queue: list[list[dict[str, Any]]], kill: Callable[[], None] = lambda: None) -> list[str]:
        acknowledged: list[str] = []
        for batch in queue:
            found = post(port, path, secret, int(author), batch)
            acknowledged += found or []
            if found is not None and next(acknowledged_batches) == KILLED_AFTER:
                kill()
        return acknowledged

    with serving(environment, port) as server, ThreadPoolExecutor(SENDERS) as pool:
        sent = pool.map(lambda queue: send(queue, lambda: _kill(server)), queues)
        before = [id_ for found in sent for id_ in found]
    standing = capofila(environment, "shell", "--no-imports", "-c", COUNT).split()

    assert KILLED_AFTER * EACH <= len(before) < SENDERS * BATCHES * EACH
    assert set(before) <= set(standing)
    with serving(environment, port):
        for queue in queues:
            assert len(send(queue)) == BATCHES * EACH
    after = capofila(environment, "shell", "--no-imports", "-c", COUNT).split()
    everything = [one["id"] for queue in queues for batch in queue for one in batch]
    assert sorted(after) == sorted(everything)
