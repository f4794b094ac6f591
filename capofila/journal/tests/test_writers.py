"""Several processes write at once, into a database of their own, as several workers of a server do."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.db import connection

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
Environment = dict[str, str]
NAMES = ("Alice", "Bob", "Charlie", "Dora")
EACH = 30
COUNT_PERSONS = """
import django
django.setup()
from capofila.journal.models import Person
print(Person.objects.count())
"""


def start(environment: Environment, *arguments: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, *arguments], env=environment)


def output(environment: Environment, *arguments: str) -> str:
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, env=environment, check=True, capture_output=True, text=True, timeout=120
    ).stdout


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[Environment]:
    """That of a process with an empty database, of the kind the tests run on."""
    ours = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "capofila.settings",
        "CAPOFILA_DATA": str(tmp_path / "writers"),
    }
    if connection.vendor == "sqlite":
        yield ours
        return
    named = f"{connection.settings_dict['NAME']}_writers"
    server = {key.lower(): connection.settings_dict[key] for key in ("HOST", "PORT", "USER", "PASSWORD")}
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {named}")
    try:
        yield {
            **ours,
            "DATABASE_URL": f"postgresql:///{named}?{urlencode({k: v for k, v in server.items() if v})}",
        }
    finally:
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {named} WITH (FORCE)")


def test_writers_at_once_make_one_chain_without_a_gap(environment: Environment) -> None:
    output(environment, "-m", "capofila", "migrate", "-v", "0")
    writers = [start(environment, "-m", "capofila.journal.tests.writer", name, str(EACH)) for name in NAMES]

    assert [writer.wait(timeout=120) for writer in writers] == [0] * len(NAMES)

    verdict = json.loads(output(environment, "-m", "capofila", "verify_journal", "--json"))
    kept = len(NAMES) * EACH * 2 // 3
    assert (verdict["entries"], verdict["last"]["number"], verdict["problems"]) == (kept, kept, [])
    assert output(environment, "-c", COUNT_PERSONS).strip() == "1"
