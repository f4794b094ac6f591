"""Typst, run in a process of its own: a template and its data go in, a whole PDF or pictures come out.

Typst keeps what it has laid out, so memory grows from document to document, and a page that never
ends would hold its caller. So a worker makes the documents, one at a time: it is started when
first needed, replaced every few documents, limited in time and memory, and it ends when its parent
does. Nothing touches the disk: template data travel through pipes, personal as they are.
"""

import atexit
import logging
import os
import queue
import struct
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from capofila.lib.problems import Problem, gettext_noop

if TYPE_CHECKING:
    import typst

SECONDS = 60.0  # a report takes less than one
MEMORY = 3 * 2**30  # bytes of addresses, most of them never used: typst's threads reserve them
DOCUMENTS = 5  # after which a worker is replaced; it then holds some 600 MB
STANDARDS: Final[list["typst.PDFStandard"]] = ["a-3a", "ua-1"]
NO_STAMP = date(2020, 1, 1)  # what a document without a day carries

_REQUEST = struct.Struct(">qIII")  # timestamp, dots per inch, bytes of the template's path, bytes of data
_REPLY = struct.Struct(">cI")  # _MADE or _REFUSED, bytes that follow
_LENGTH = struct.Struct(">I")  # before each picture
_MADE, _REFUSED = b"+", b"-"

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Request:
    template: Path
    data: bytes  # what the template reads with json(bytes(sys.inputs.data))
    timestamp: int
    dots: int = 0  # per inch, of pictures; 0 asks for a PDF


class _Refusal(Exception):
    """Typst refused; its words are for the log, their first line for the `Problem`."""


def compile(
    template: Path,
    data: bytes,
    *,
    stamp: date | None,
    isolated: bool = True,
    seconds: float = SECONDS,
    memory: int = MEMORY,
) -> bytes:
    """The PDF of one template and its data (JSON); the same bytes for the same input.

    `isolated=False` works in this process, without limits: for a program that makes one document
    and ends. Raises `Problem` "render.timeout" or "render.failed"; bytes come whole or not at all.
    """
    midnight = datetime.combine(stamp or NO_STAMP, datetime.min.time(), UTC)
    return _made(Request(template, data, int(midnight.timestamp())), isolated, seconds, memory)


def pictures(
    template: Path,
    data: bytes,
    *,
    dots: int,
    isolated: bool = True,
    seconds: float = SECONDS,
    memory: int = MEMORY,
) -> list[bytes]:
    """A PNG of each page, `dots` per inch. As `compile` in everything else."""
    made = _made(Request(template, data, 0, dots), isolated, seconds, memory)
    found, at = [], 0
    while at < len(made):
        end = at + _LENGTH.size + _LENGTH.unpack_from(made, at)[0]
        found.append(made[at + _LENGTH.size : end])
        at = end
    return found


def _made(request: Request, isolated: bool, seconds: float, memory: int) -> bytes:
    try:
        return _workshop.make(request, seconds, memory) if isolated else _make(request)
    except _Refusal as refusal:
        _log.error("typst refused %s: %s", request.template.name, refusal)
        raise _failed(str(refusal).split("\n")[0]) from None


def prepare() -> None:
    """Start the worker now, so that it is ready when the document is composed."""
    _workshop.prepare(MEMORY)


def _failed(why: str) -> Problem:
    return Problem(
        "render.failed",
        gettext_noop(
            "The document was not made: {why}. Nothing was written; the fault is ours, please report it."
        ),
        why=why,
    )


def _too_slow(seconds: float) -> Problem:
    return Problem(
        "render.timeout",
        gettext_noop(
            "The document was not made: it took longer than {seconds} seconds. Nothing was written. "
            "Try again; if it happens again, shorten the longest notes."
        ),
        seconds=f"{seconds:g}",
    )


# In this process


def _make(request: Request) -> bytes:
    import typst  # noqa: PLC0415 (only who makes a document needs it)

    try:
        if request.dots:
            return _pages(request)
        made, _ = typst.compile_with_warnings(
            request.template,
            root=request.template.parent,
            font_paths=_fonts(),
            sys_inputs={"data": request.data.decode()},
            pdf_standards=STANDARDS,
            timestamp=request.timestamp,
        )
    except typst.TypstError as error:
        raise _Refusal(f"{error.message}\n{error.diagnostic}") from None
    return made


def _pages(request: Request) -> bytes:
    """Every page as a picture, each after its length."""
    import typst  # noqa: PLC0415

    made: Any = typst.compile(  # its types forget that several pages come as a list
        request.template,
        root=request.template.parent,
        font_paths=_fonts(),
        sys_inputs={"data": request.data.decode()},
        format="png",
        ppi=request.dots,
    )
    listed = made if isinstance(made, list) else [made]
    return b"".join(_LENGTH.pack(len(picture)) + picture for picture in listed)


@lru_cache(maxsize=1)
def _fonts() -> "typst.Fonts":
    """Eight fonts, TrueType only: typst takes folders, and those of the packages hold each font twice.

    Typst's own stand in for characters that the eight do not have.

    Fonts are read at their first use, so a line set in all of them lets the folder go at once.
    """
    import typst  # noqa: PLC0415
    from font_source_sans_pro import font_files_ttf as sans  # noqa: PLC0415
    from font_source_serif_pro import font_files_ttf as serif  # noqa: PLC0415

    styles = ("", "It", "Semibold", "SemiboldIt")
    files = [sans[f"SourceSansPro{style}"] for style in styles]
    files += [serif[f"SourceSerifPro{style}"] for style in styles]
    sample = (
        '#set strong(delta: 200)\n#for name in ("Source Sans Pro", "Source Serif Pro") '
        "{ set text(font: name); [a#emph[b]#strong[c#emph[d]]] }"
    )
    with tempfile.TemporaryDirectory(prefix="capofila-fonts-") as folder:
        for file in map(Path, files):
            Path(folder, file.name).symlink_to(file)
        fonts = typst.Fonts(include_system_fonts=False, font_paths=[folder])
        typst.compile(sample.encode(), font_paths=fonts)
    return fonts


# The worker, seen from here


class _Workshop:
    """At most one worker, used by one thread at a time."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None
        self.memory = 0  # the limit that the process has
        self.made = 0

    def make(self, request: Request, seconds: float, memory: int) -> bytes:
        with self.lock:
            process = self._ready(memory)
            late = threading.Event()
            clock = threading.Timer(seconds, _give_up, (process, late))
            clock.daemon = True
            clock.start()
            try:
                kind, answer = _ask(process, request)
            except (OSError, EOFError):
                self.end()
                if late.is_set():
                    raise _too_slow(seconds) from None
                raise _failed(f"its process ended early ({_how_it_ended(process)})") from None
            except BaseException:  # somebody interrupts us: what the worker still says is not for the next
                self.end()
                raise
            finally:
                clock.cancel()
            self.made += 1
            if late.is_set() or self.made >= DOCUMENTS:
                self.end()
            if kind == _REFUSED:
                raise _Refusal(answer.decode())
            return answer

    def prepare(self, memory: int) -> None:
        with self.lock:
            self._ready(memory)

    def _ready(self, memory: int) -> "subprocess.Popen[bytes]":
        if self.process and (self.process.poll() is not None or self.memory != memory):
            self.end()
        if self.process is None:
            self.process, self.memory, self.made = _start(memory), memory, 0
        return self.process

    def end(self) -> None:
        if self.process is None:
            return
        self.process.kill()
        self.process.wait()
        _close(self.process)
        self.process = None

    def forget(self) -> None:
        """In a process forked from ours: the worker is not its own."""
        self.lock = threading.Lock()
        if self.process is not None:
            self.process.returncode = 0
            _close(self.process)
            self.process = None


_workshop = _Workshop()
atexit.register(_workshop.end)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_workshop.forget)


def _start(memory: int) -> "subprocess.Popen[bytes]":
    """It finds modules where we do, and no Ctrl-C meant for us reaches it.

    Four threads and as many heaps are as quick as more, and keep addresses few on big machines.
    """
    few = {"RAYON_NUM_THREADS": str(min(4, os.cpu_count() or 1)), "MALLOC_ARENA_MAX": "4"}
    modules = os.pathsep.join(path for path in sys.path if path)
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "capofila.lib.typst", str(memory)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**few, **os.environ, "PYTHONPATH": modules},
        start_new_session=True,
    )


def _give_up(process: "subprocess.Popen[bytes]", late: threading.Event) -> None:
    late.set()
    process.kill()


def _ask(process: "subprocess.Popen[bytes]", request: Request) -> tuple[bytes, bytes]:
    assert process.stdin
    assert process.stdout
    template = os.fsencode(request.template)
    process.stdin.write(_REQUEST.pack(request.timestamp, request.dots, len(template), len(request.data)))
    process.stdin.write(template)
    process.stdin.write(request.data)
    process.stdin.flush()
    kind, length = _REPLY.unpack(_exactly(process.stdout, _REPLY.size))
    return kind, _exactly(process.stdout, length)


def _exactly(stream: IO[bytes], length: int) -> bytes:
    """Raises `EOFError` when less than `length` comes."""
    data = stream.read(length)
    if len(data) < length:
        raise EOFError
    return data


def _close(process: "subprocess.Popen[bytes]") -> None:
    for stream in (process.stdin, process.stdout):
        if stream:
            with suppress(OSError):  # what was not yet sent has nobody to go to
                stream.close()


def _how_it_ended(process: "subprocess.Popen[bytes]") -> str:
    code = process.returncode
    return f"signal {-code}" if code < 0 else f"code {code}"


# The worker, seen from inside


def _work(memory: int) -> None:
    """Answer requests until our parent closes the pipe, which its death does too."""
    _limit_memory(memory)
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whoever prints in here does not print into a reply
    requests: queue.SimpleQueue[Request] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, requests), daemon=True).start()
    _fonts()  # while the first request is on its way
    while True:
        kind, answer = _answer(requests.get())
        replies.write(_REPLY.pack(kind, len(answer)) + answer)
        replies.flush()


def _listen(stream: IO[bytes], requests: "queue.SimpleQueue[Request]") -> None:
    """A thread, so that the end of the pipe is seen in the middle of a document too."""
    try:
        while True:
            timestamp, dots, path, length = _REQUEST.unpack(_exactly(stream, _REQUEST.size))
            template = Path(os.fsdecode(_exactly(stream, path)))
            requests.put(Request(template, _exactly(stream, length), timestamp, dots))
    except (EOFError, OSError):
        os._exit(0)


def _answer(request: Request) -> tuple[bytes, bytes]:
    try:
        return _MADE, _make(request)
    except _Refusal as refusal:
        return _REFUSED, str(refusal).encode()
    except MemoryError:
        return _REFUSED, b"it needs more memory than it may have"


def _limit_memory(memory: int) -> None:
    try:
        import resource  # noqa: PLC0415 (Windows has none)
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # whose memory ran out leaves no image of it


if __name__ == "__main__":
    _work(int(sys.argv[1]))
