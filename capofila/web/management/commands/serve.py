"""Serve the pages with granian, two workers, and do what waits in the queue beside it.

To be reached from other machines, put TLS in front.
"""

import os
import subprocess
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

# Seconds that a worker has to finish what it is doing after Ctrl-C. Without a limit, one to which a
# browser still holds a connection may never end (granian 2.8).
PATIENCE = 3


class Command(BaseCommand):
    help = "Serve the pages."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2)

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        self.stdout.write(
            f"Serving http://{'localhost' if host == '127.0.0.1' else host}:{port} (Ctrl-C ends it)"
        )
        self.stdout.flush()
        become_server(host, port, workers=options["workers"])


def become_server(host: str, port: int, *, workers: int = 2) -> None:
    """Replace this process by the web server, so that Ctrl-C reaches it and its workers at once.

    One child, started before, does what waits in the queue (`capofila work`) and ends with the server.
    """
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "capofila.settings"}
    beside = [sys.executable, "-m", "capofila", "work", "--beside", str(os.getpid())]
    subprocess.Popen(beside, env=environment, stdin=subprocess.DEVNULL)
    options = [
        "--interface", "wsgi", "--host", host, "--port", str(port), "--no-ws", "--log-level", "warning",
        "--workers", str(workers), "--blocking-threads", "2", "--workers-kill-timeout", str(PATIENCE),
    ]  # fmt: skip
    command = [sys.executable, "-m", "granian", "capofila.wsgi:application", *options]
    os.execve(sys.executable, command, environment)
