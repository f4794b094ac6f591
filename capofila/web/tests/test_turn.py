import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.db import connection

from capofila.web.turn import turn, turn_at

HOLD = """
import sys
from capofila.web.turn import turn_at
with turn_at(sys.argv[1]):
    print("mine", flush=True)
    sys.stdin.read()
"""


def another_process(file: Path) -> "subprocess.Popen[str]":
    """Somebody who has the turn until their input ends."""
    command = [sys.executable, "-c", HOLD, str(file)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "mine\n"
    return process


def waiting(file: Path, done: list[str]) -> threading.Thread:
    def wait() -> None:
        with turn_at(str(file)):
            done.append("waited")

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


@pytest.mark.parametrize("ends", ["in order", "killed"])
def test_a_writer_waits_until_the_one_before_has_ended_even_by_dying(tmp_path: Path, ends: str) -> None:
    file, done = tmp_path / "turn", list[str]()
    before = another_process(file)

    thread = waiting(file, done)
    thread.join(0.2)
    assert done == []
    if ends == "killed":
        before.kill()
    before.communicate()
    thread.join()

    assert done == ["waited"]


def test_a_turn_is_given_back_after_a_mistake(tmp_path: Path) -> None:
    file, done = tmp_path / "turn", list[str]()

    with pytest.raises(ZeroDivisionError), turn_at(str(file)):
        1 / 0  # noqa: B018
    waiting(file, done).join()

    assert done == ["waited"]


def test_threads_of_one_process_wait_for_each_other(tmp_path: Path) -> None:
    file, done = tmp_path / "turn", list[str]()

    with turn_at(str(file)):
        thread = waiting(file, done)
        thread.join(0.2)
        assert done == []
    thread.join()

    assert done == ["waited"]


@pytest.mark.django_db
def test_inside_a_transaction_there_is_no_turn_to_wait_for() -> None:
    assert connection.in_atomic_block

    with turn(), turn():
        pass
