"""Consultants saving answers at once, on the real server with each database, and what opening costs.

    bin/bench interview [--seconds N] [--writers 20,50] [--assessments 10,10000] [--companies 10000]
                        [--databases sqlite,postgresql]

Each writer has a session and an assessment of its own and saves one answer after the other, without a
pause, each in place of the one before it. The rate stands beside the machine's bare fsync rate of the same
run: what one disk can acknowledge. Beside it too: the processor time that the server took for a save, and
how many cores were busy with other people's work meanwhile.
"""

import argparse
import http.client
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench._measure import CHECKOUT, PYTHON, machine, process, say

CSRF = "x" * 32  # the same in cookie and header is what the server asks
DEVICE_TIME = "2026-03-02T10:15:03+01:00"
POSTGRESQL = Path("/usr/lib/postgresql")
TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench interview", description=__doc__)
    parser.add_argument("--seconds", type=float, default=8, help="of saving, for each number of writers (8)")
    parser.add_argument("--writers", default="20,50", help="how many save at once (20,50)")
    parser.add_argument("--assessments", default="10,10000", help="in the base, fewest first (10,10000)")
    parser.add_argument("--companies", type=int, default=10_000, help="in the registry (10000)")
    parser.add_argument("--databases", default="sqlite,postgresql")
    arguments = parser.parse_args()
    say(f"The interview; {machine()}")
    for name in arguments.databases.split(","):
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="capofila-bench-")))
            environment = {"CAPOFILA_DATA": str(folder), "DATABASE_URL": ""}
            if name == "postgresql":
                url = stack.enter_context(_postgresql(folder))
                if url is None:
                    say("\npostgresql: there is none on this machine; left out")
                    continue
                environment["DATABASE_URL"] = url
            say(f"\n{name}")
            _database(arguments, folder, environment)


def _database(arguments: argparse.Namespace, folder: Path, environment: Mapping[str, str]) -> None:
    writers = [int(number) for number in arguments.writers.split(",")]
    process([PYTHON, "-m", "capofila", "migrate", "-v0"], environment)
    slowest: dict[int, list[float]] = {}
    for base in [int(number) for number in arguments.assessments.split(",")]:
        command = [PYTHON, "-m", "bench._interview_data", "fill", str(base), str(max(writers))]
        made = json.loads(process(command, environment).output.splitlines()[-1])
        say(f"  {base} assessments, {made['entries']} entries, made in {made['seconds']:.0f} s")
        for number in writers:
            found = _saving(folder, environment, made["writers"][:number], arguments.seconds)
            slowest.setdefault(number, []).append(found.at(0.95))
    for number, (first, *_, last) in slowest.items():
        say(f"  p95 with {number} writers, largest base to smallest: {last / first:.2f}")
    command = [PYTHON, "-m", "bench._interview_data", "open", str(arguments.companies)]
    for line in process(command, environment).output.splitlines():
        say(f"  {line}")


def _saving(
    folder: Path, environment: Mapping[str, str], people: Sequence[dict[str, Any]], seconds: float
) -> "Saves":
    disk = fsync_rate(folder)
    with serving(environment) as (port, server):
        saves(port, people, 2.0)  # warms the workers
        before, ours = busy(), processor(server)
        own = time.process_time()
        found = saves(port, people, seconds)
        cost, own = processor(server) - ours, time.process_time() - own
        others = max(busy() - before - cost - own, 0) / found.seconds
    aim, rate = min(disk / 2, 500), len(found.took) / found.seconds
    each = 1000 * cost / max(len(found.took), 1)
    say(
        f"    {len(people)} writers: {rate:.0f} answers/s, p50 {found.at(0.5):.0f} ms, "
        f"p95 {found.at(0.95):.0f} ms, p99 {found.at(0.99):.0f} ms, {found.errors} errors; "
        f"bare fsync {disk:.0f}/s, aim {aim:.0f}/s: {rate / aim:.2f} of it; "
        f"{each:.1f} ms of processor for each; others kept {others:.1f} cores busy"
    )
    return found


def processor(group: int) -> float:
    """Seconds of processor that a group of processes has taken; 0 where the system does not tell."""
    ticks = 0
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            facts = file.read_text().rpartition(")")[2].split()
            ticks += int(facts[11]) + int(facts[12]) if int(facts[2]) == group else 0
    return ticks / TICKS


def busy() -> float:
    """Seconds that all cores together have worked; 0 where the system does not tell."""
    try:
        spent = [int(word) for word in Path("/proc/stat").read_text().split()[1:9]]
    except OSError:
        return 0.0
    return (sum(spent) - spent[3] - spent[4]) / TICKS


def fsync_rate(folder: Path, seconds: float = 1.0) -> float:
    """How often a second one small record reaches the disk, written one after the other."""
    with (folder / "fsync").open("wb") as file:
        started, written = time.perf_counter(), 0
        while time.perf_counter() - started < seconds:
            file.write(b"x" * 4096)
            file.flush()
            os.fsync(file.fileno())
            written += 1
        return written / (time.perf_counter() - started)


@dataclass
class Saves:
    seconds: float = 0.0
    took: list[float] = field(default_factory=list)  # milliseconds, of those acknowledged
    errors: int = 0

    def at(self, share: float) -> float:
        """The time within which this share of the saves was answered, ms."""
        return sorted(self.took)[min(int(share * len(self.took)), len(self.took) - 1)] if self.took else 0.0


def saves(port: int, people: Sequence[dict[str, Any]], seconds: float) -> Saves:
    """Everybody saves, one answer after the other, each on a connection of their own."""
    found, started = Saves(), time.perf_counter()
    ends = started + seconds
    threads = [threading.Thread(target=_save, args=(port, person, ends, found)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found.seconds = time.perf_counter() - started
    return found


def _save(port: int, person: dict[str, Any], ends: float, found: Saves) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {
        "Content-Type": "application/json",
        "Cookie": f"sessionid={person['session']}; csrftoken={CSRF}",
        "X-CSRFToken": CSRF,
        "Host": f"localhost:{port}",
    }
    held: dict[str, str] = person["held"]  # question -> the entry that the next one replaces
    questions, turn = list(held), person.setdefault("turn", 0)
    while time.perf_counter() < ends:
        question, id_ = questions[turn % len(questions)], str(uuid.uuid4())
        entry = {
            "format": 1, "id": id_, "question": question, "state": "answered", "value": turn % 5 + 1,
            "replaces": [held[question]], "device": "bench", "device_time": DEVICE_TIME,
        }  # fmt: skip
        body = json.dumps({"author": person["user"], "entries": [entry]})
        sent = time.perf_counter()
        try:
            connection.request("POST", f"/api/assessments/{person['assessment']}/entries", body, headers)
            response = connection.getresponse()
            answer = response.read()
            good = response.status == 200 and json.loads(answer)["results"][0]["status"] == 201
        except (OSError, http.client.HTTPException):
            connection.close()
            good = False
        if good:
            found.took.append(1000 * (time.perf_counter() - sent))
            held[question] = id_
        else:
            found.errors += 1
        turn += 1
    person["turn"] = turn
    connection.close()


@contextmanager
def serving(environment: Mapping[str, str]) -> Iterator[tuple[int, int]]:
    """The port of a server as `capofila serve` starts it, and the group of its processes."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    server = subprocess.Popen(
        [PYTHON, "-m", "capofila", "serve", "--port", str(port)],
        cwd=CHECKOUT,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait_for(port)
        yield port, server.pid
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait()


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", "/api/session")
            connection.getresponse().read()
            connection.close()
            return
        except OSError:
            time.sleep(0.1)
    sys.exit("the server did not start")


@contextmanager
def _postgresql(folder: Path) -> Iterator[str | None]:
    """A throw-away server that keeps what it acknowledges, as a real one does; None where there is none."""
    programs = sorted(POSTGRESQL.glob("*/bin/initdb"))
    if not programs:
        yield None
        return
    place, name = programs[-1].parent, f"capofila-bench-{secrets.token_hex(4)}"
    data = Path(tempfile.gettempdir()) / name
    as_whom = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []

    def run(*command: str) -> None:
        subprocess.run([*as_whom, *command], cwd="/", check=True, capture_output=True)

    run("mkdir", "-m", "700", str(data))
    run(str(place / "initdb"), "-D", str(data / "data"), "-U", "capofila", "-A", "trust", "--locale=C.UTF-8")
    options = f"-k {data} -c listen_addresses= -c max_connections=100"
    run(
        str(place / "pg_ctl"), "-D", str(data / "data"), "-l", str(data / "log"), "-w", "start", "-o", options
    )
    try:
        run(str(place / "createdb"), "-h", str(data), "-U", "capofila", "capofila")
        yield f"postgresql://capofila@/capofila?host={data}"
    finally:
        run(str(place / "pg_ctl"), "-D", str(data / "data"), "-m", "immediate", "stop")
        shutil.rmtree(data, ignore_errors=True)


if __name__ == "__main__":
    main()
