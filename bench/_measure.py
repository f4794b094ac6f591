"""Processes and functions, measured: seconds of the clock and of the processors, and the highest memory.

Whoever measures processes imports little: at the start of a child the system counts our memory as its own.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage

CHECKOUT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
UNIT = 1 if sys.platform == "darwin" else 1024  # of the memory that the system reports, in bytes


@dataclass(frozen=True)
class Run:
    """One process from start to end."""

    seconds: float
    processor: float  # seconds of all cores together
    memory: float  # MB, the highest
    output: str


def process(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Run:
    """Run a command in the checkout. Raises `CalledProcessError`, with its output, when it fails."""
    started = time.perf_counter()
    child = subprocess.Popen(
        command,
        cwd=CHECKOUT,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert child.stdout
    output = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - started
    child.stdout.close()
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        print(output, file=sys.stderr)
        raise subprocess.CalledProcessError(child.returncode, command, output)
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * UNIT / 1e6, output)


def seconds(work: Callable[[], object], runs: int) -> list[float]:
    """How long each of some calls took."""
    took = []
    for _ in range(runs):
        started = time.perf_counter()
        work()
        took.append(time.perf_counter() - started)
    return took


def own_memory() -> float:
    """The highest memory of this process so far, MB."""
    return getrusage(RUSAGE_SELF).ru_maxrss * UNIT / 1e6


def children_memory() -> float:
    """The highest memory of any child that has ended, MB."""
    return getrusage(RUSAGE_CHILDREN).ru_maxrss * UNIT / 1e6


def median_run(runs: Sequence[Run]) -> Run:
    """The run in the middle by the clock; the highest memory of all."""
    middle = sorted(runs, key=lambda run: run.seconds)[len(runs) // 2]
    return Run(middle.seconds, middle.processor, max(run.memory for run in runs), middle.output)


def spread(values: Sequence[float], unit: str = "s", decimals: int = 2) -> str:
    """The median with the lowest and the highest, as printed."""
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"{middle:.{decimals}f} {unit} ({low:.{decimals}f} to {high:.{decimals}f})"


def say(words: str = "") -> None:
    print(words, flush=True)


def machine() -> str:
    """What the figures were seen on, without its name."""
    version = ".".join(map(str, sys.version_info[:3]))
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} cores, Python {version}, load average {load:.1f} at the start"
