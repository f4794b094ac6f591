"""What a caller may rely on: a whole PDF or a `Problem`, whatever happens to the worker."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pypdfium2
import pytest

from capofila.lib import typst
from capofila.lib.problems import Problem

STAMP = date(2025, 6, 25)
TITLE = '#set document(title: "A page")\n'
PAGE = TITLE + "#let d = json(bytes(sys.inputs.data))\n#d.words"
ENDLESS = TITLE + "#for a in range(100000) { for b in range(100000) { let c = a * b } }\nDone."
GREEDY = TITLE + '#let words = "x" * 100000000\n#for a in range(40) { words = words + words }\n#words.len()'


@pytest.fixture(autouse=True)
def _fresh_worker() -> Iterator[None]:
    typst._workshop.end()
    yield
    typst._workshop.end()


@pytest.fixture
def page(tmp_path: Path) -> Path:
    return written(tmp_path, PAGE)


def written(folder: Path, text: str) -> Path:
    template = folder / "page.typ"
    template.write_text(text)
    return template


def data(words: str) -> bytes:
    return json.dumps({"words": words}).encode()


def text_of(made: bytes) -> str:
    with pypdfium2.PdfDocument(made) as document:
        return str(document[0].get_textpage().get_text_range())


def worker() -> int:
    assert typst._workshop.process
    return typst._workshop.process.pid


def is_alive(pid: int) -> bool:
    """A process that has ended and whose parent has not looked yet is not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def soon(true: object, seconds: float = 5) -> bool:
    assert callable(true)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.02)
    return False


def test_the_worker_makes_the_same_bytes_as_this_process(page: Path) -> None:
    apart = typst.compile(page, data("Good morning"), stamp=STAMP)
    here = typst.compile(page, data("Good morning"), stamp=STAMP, isolated=False)

    assert apart == here
    assert "Good morning" in text_of(apart)


def test_a_document_without_a_day_has_the_same_bytes_every_day(page: Path) -> None:
    first = typst.compile(page, data("x"), stamp=None)
    time.sleep(1.1)
    second = typst.compile(page, data("x"), stamp=None)

    assert first == second


def test_no_worker_is_started_before_it_is_needed() -> None:
    assert typst._workshop.process is None


def test_a_worker_is_replaced_after_five_documents(page: Path) -> None:
    typst.compile(page, data("1"), stamp=STAMP)
    first = worker()
    for number in range(2, 6):
        typst.compile(page, data(str(number)), stamp=STAMP)
    typst.compile(page, data("6"), stamp=STAMP)

    assert worker() != first
    assert not is_alive(first)


def test_a_mistake_in_a_template_is_a_problem_and_the_worker_goes_on(page: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.typ"
    wrong.write_text(TITLE + "#nothing")

    with pytest.raises(Problem) as caught:
        typst.compile(wrong, data("x"), stamp=STAMP)

    assert caught.value.code == "render.failed"
    assert "unknown variable: nothing" in caught.value.words()
    pid = worker()
    assert "still here" in text_of(typst.compile(page, data("still here"), stamp=STAMP))
    assert worker() == pid


def test_in_this_process_a_mistake_is_the_same_problem(tmp_path: Path) -> None:
    with pytest.raises(Problem) as caught:
        typst.compile(written(tmp_path, TITLE + "#nothing"), data("x"), stamp=STAMP, isolated=False)

    assert caught.value.code == "render.failed"


def test_a_document_that_takes_too_long_is_given_up(page: Path, tmp_path: Path) -> None:
    endless = tmp_path / "endless.typ"
    endless.write_text(ENDLESS)
    typst.compile(page, data("x"), stamp=STAMP)
    pid, began = worker(), time.monotonic()

    with pytest.raises(Problem) as caught:
        typst.compile(endless, data("x"), stamp=STAMP, seconds=0.3)

    assert caught.value.code == "render.timeout"
    assert "0.3 seconds" in caught.value.words()
    assert time.monotonic() - began < 5
    assert not is_alive(pid)


def test_a_worker_killed_in_the_middle_is_a_problem_and_the_next_call_works(
    page: Path, tmp_path: Path
) -> None:
    endless = tmp_path / "endless.typ"
    endless.write_text(ENDLESS)
    typst.compile(page, data("x"), stamp=STAMP)
    killer = threading.Timer(0.3, os.kill, (worker(), signal.SIGKILL))
    killer.start()

    with pytest.raises(Problem) as caught:
        typst.compile(endless, data("x"), stamp=STAMP)
    killer.join()

    assert caught.value.code == "render.failed"
    assert "signal 9" in caught.value.words()
    assert "Here again" in text_of(typst.compile(page, data("Here again"), stamp=STAMP))


def test_a_worker_killed_between_two_documents_is_not_noticed(page: Path) -> None:
    typst.compile(page, data("x"), stamp=STAMP)
    assert typst._workshop.process
    os.kill(worker(), signal.SIGKILL)
    typst._workshop.process.wait()

    assert "y" in text_of(typst.compile(page, data("y"), stamp=STAMP))


def test_a_document_that_wants_too_much_memory_is_a_problem(page: Path, tmp_path: Path) -> None:
    greedy = tmp_path / "greedy.typ"
    greedy.write_text(GREEDY)

    with pytest.raises(Problem) as caught:
        typst.compile(greedy, data("x"), stamp=STAMP, memory=700 * 2**20)

    assert caught.value.code == "render.failed"
    assert "after" in text_of(typst.compile(page, data("after"), stamp=STAMP))


def test_each_of_many_threads_gets_its_own_document(page: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda n: typst.compile(page, data(f"number {n}"), stamp=STAMP), range(16)))

    assert [text_of(each).strip() for each in made] == [f"number {n}" for n in range(16)]


def test_a_large_document_passes_the_pipe_in_both_directions(page: Path) -> None:
    words = "One word after another. " * 40_000

    assert "One word after another." in text_of(typst.compile(page, data(words), stamp=STAMP))


@pytest.mark.parametrize("way", ["leaves", "is killed"])
def test_the_worker_ends_with_its_parent(page: Path, way: str) -> None:
    ending = "import os; os.kill(os.getpid(), 9)" if way == "is killed" else ""
    program = (
        "from pathlib import Path; from capofila.lib import typst\n"
        f'typst.compile(Path({str(page)!r}), b\'{{"words": "x"}}\', stamp=None)\n'
        f"print(typst._workshop.process.pid, flush=True)\n{ending}"
    )
    parent = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    pid = int(parent.stdout)

    assert soon(lambda: not is_alive(pid))


def test_the_worker_ends_with_its_parent_in_the_middle_of_a_document(tmp_path: Path) -> None:
    endless = written(tmp_path, ENDLESS)
    program = (
        "import os, threading, time; from pathlib import Path; from capofila.lib import typst\n"
        f"make = lambda: typst.compile(Path({str(endless)!r}), b'{{}}', stamp=None)\n"
        "threading.Thread(target=make, daemon=True).start()\ntime.sleep(0.5)\n"
        "print(typst._workshop.process.pid, flush=True); os.kill(os.getpid(), 9)"
    )
    parent = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    pid = int(parent.stdout)

    assert soon(lambda: not is_alive(pid))


def test_a_forked_process_starts_a_worker_of_its_own(page: Path) -> None:
    program = (
        "import os; from pathlib import Path; from capofila.lib import typst\n"
        f'make = lambda: typst.compile(Path({str(page)!r}), b\'{{"words": "x"}}\', stamp=None)\n'
        "make(); ours = typst._workshop.process.pid; child = os.fork()\n"
        "if not child: make(); os._exit(typst._workshop.process.pid == ours)\n"
        "assert os.waitpid(child, 0)[1] == 0; make(); assert typst._workshop.process.pid == ours"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


def test_nothing_is_left_in_the_temporary_folder(page: Path, tmp_path: Path) -> None:
    empty = tmp_path / "temporary"
    empty.mkdir()
    program = (
        "from pathlib import Path; from capofila.lib import typst\n"
        f'typst.compile(Path({str(page)!r}), b\'{{"words": "x"}}\', stamp=None)'
    )
    subprocess.run([sys.executable, "-c", program], env={**os.environ, "TMPDIR": str(empty)}, check=True)

    assert list(empty.iterdir()) == []
