"""Build the demonstration, write its reports, and serve it on this machine alone."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.text import slugify

from capofila.assessments.models import Assessment
from capofila.desk import actions, demo_others
from capofila.lib import output
from capofila.lib.problems import Problem, Refused
from capofila.reports import actions as reports
from capofila.web.management.commands.serve import become_server

HOST = "127.0.0.1"
NOT_QUICK = 0.5  # seconds after which a step says what it does


class Command(BaseCommand):
    help = (
        "Build the demonstration (three invented companies, the reports of two) and serve it on this machine."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-serve", action="store_true", help="stop before serving")
        parser.add_argument("--port", type=int, default=8000, help="the next free one if it is taken")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.build()
        except (Problem, Refused) as problem:
            raise CommandError(str(problem)) from None
        except KeyboardInterrupt:
            raise CommandError("Stopped. The next start goes on from here.", returncode=130) from None
        if not options["no_serve"]:
            self.serve(_free_port(options["port"]))

    def build(self) -> None:
        """Bring database, company and reports up to date; what is there already is reused."""
        with self.step("Preparing the database"):
            call_command("migrate", verbosity=0, interactive=False)
        with self.step("Entering the invented company and its 140 answers"):
            assessment = actions.fill_demonstration(at=timezone.now())
        with self.step("Entering two more companies and the reports of one"):
            demo_others.fill(at=timezone.now())
        with self.step("Working out the best plan of the first"):
            demo_others.prove(assessment)
        for language, _ in settings.LANGUAGES:
            with self.step(f"Writing the report ({language})"):
                file = _write_report(assessment, language)
            self.say(f"Report: {file}")

    def serve(self, port: int) -> None:
        """Become the web server: Ctrl-C reaches it and its workers at once."""
        self.say(f"Capofila's demonstration: http://localhost:{port} (Ctrl-C ends it)")
        os.environ.update(CAPOFILA_DEMO="1", CAPOFILA_DATA=str(settings.CAPOFILA_DATA))
        become_server(HOST, port)

    @contextmanager
    def step(self, doing: str) -> Iterator[None]:
        """Say what is going on as soon as it is not quick, and in the end how long it took."""
        started = time.monotonic()
        slow = threading.Timer(NOT_QUICK, self.say, [f"{doing} ..."])
        slow.daemon = True
        slow.start()
        try:
            yield
        finally:
            slow.cancel()
        took = time.monotonic() - started
        if took > 1:
            self.say(f"  done in {took:.0f} s")

    def say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()


def _write_report(assessment: Assessment, language: str) -> Path:
    """The report under a name that a person recognises, in the data folder."""
    report = reports.make(assessment, language, at=timezone.now())
    file = Path(settings.CAPOFILA_DATA) / f"{slugify(assessment.company.name)}-{language}.pdf"
    if not file.is_file() or file.read_bytes() != report.file.read_bytes():
        output.write(file, report.file.read_bytes())
    return file


def _free_port(wanted: int) -> int:
    """The first port from `wanted` on that nobody listens on; any free one when all those are taken."""
    for port in (*range(wanted, min(wanted + 100, 65536)), 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no free port")
