"""The worker beside the server ends with it, however the server ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

# Stands for the server: starts the worker beside itself, says its number, and waits.
SERVER = """
import os, subprocess, sys, time
worker = subprocess.Popen([sys.executable, "-m", "capofila", "work", "--beside", str(os.getpid())])
print(worker.pid, flush=True)
time.sleep(60)
"""


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks into /proc")
def test_the_worker_ends_when_the_server_was_killed(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CAPOFILA_")}
    environment = {**kept, "CAPOFILA_DATA": str(tmp_path)}
    subprocess.run(
        [sys.executable, "-m", "capofila", "migrate", "--verbosity", "0"], env=environment, check=True
    )
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    worker = int(server.stdout.readline())
    time.sleep(3)
    before = is_running(worker)

    server.send_signal(signal.SIGKILL)
    server.wait()
    server.stdout.close()

    for _ in range(100):
        if not is_running(worker):
            break
        time.sleep(0.1)
    assert before
    assert not is_running(worker)
