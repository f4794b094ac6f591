"""The command that an auditor checks a version with: in another process, from the file alone."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from capofila.reports import frozen, parts
from capofila.reports.tests.test_frozen import bare, whole


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "frozen.json"
    made.write_bytes(frozen.written(bare("it")))
    return made


@pytest.mark.slow
@pytest.mark.parametrize("form", ["docx", "html", "pdf"])
def test_another_process_makes_the_same_bytes_from_the_file_alone(tmp_path: Path, form: str) -> None:
    made, out = whole("it"), tmp_path / f"again.{form}"
    (tmp_path / "frozen.json").write_bytes(frozen.written(made))
    first = parts.rendered(made, [form])[form]
    command = [
        sys.executable,
        "-m",
        "capofila",
        "remake_report",
        str(tmp_path / "frozen.json"),
        "-o",
        str(out),
    ]

    said = subprocess.run(
        command,
        env={**os.environ, "CAPOFILA_DATA": str(tmp_path / "nothing"), "PYTHONHASHSEED": "7"},
        check=True,
        capture_output=True,
        text=True,
    )

    assert out.read_bytes() == first
    assert said.stdout.startswith(hashlib.sha256(first).hexdigest())
    assert said.stderr == ""
    assert not (tmp_path / "nothing" / "capofila.sqlite3").exists()


def test_a_file_of_another_program_is_made_and_says_so(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = json.loads(file.read_text())
    kept["versions"]["program"] = "0" * 64
    file.write_text(json.dumps(kept))

    call_command("remake_report", file, "-o", tmp_path / "again.html")

    assert "Another program froze this" in capsys.readouterr().err
    assert (tmp_path / "again.html").read_bytes().startswith(b"<!")


@pytest.mark.parametrize(
    ("name", "out", "why"),
    [
        ("frozen.json", "again.txt", "ends in none of"),
        ("none.json", "again.pdf", "cannot be read"),
        ("broken.json", "again.pdf", "not what a report was made from"),
        ("frozen.json", "no/folder/again.pdf", "cannot be written there"),
    ],
)
def test_what_cannot_be_made_is_refused_and_writes_nothing(
    file: Path, tmp_path: Path, name: str, out: str, why: str
) -> None:
    (tmp_path / "broken.json").write_text("{}")

    with pytest.raises(CommandError, match=why):
        call_command("remake_report", tmp_path / name, "-o", tmp_path / out)

    assert not (tmp_path / out).exists()
