"""Do what waits in the queue, mail and lists; `serve` and `demo` run one beside the server."""

import os
import signal
import threading
import time
from contextlib import suppress
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from capofila.accounts import mail, waiting

SECONDS_BETWEEN_LOOKS = 1


class Command(BaseCommand):
    help = "Do what waits in the queue (mail, lists of companies), until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what waits now, then end")
        parser.add_argument(
            "--beside", type=int, metavar="PROCESS", help="end when this process, our parent, has"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["beside"]:
            threading.Thread(target=_end_with, args=[options["beside"]], daemon=True).start()
        call_command("prune_db_task_results", verbosity=0)
        mail.queue_unsent()
        waiting.queue_all()
        with suppress(KeyboardInterrupt):
            call_command(
                "db_worker", verbosity=0, reload=False, batch=options["once"], interval=SECONDS_BETWEEN_LOOKS
            )


def _end_with(parent: int) -> None:
    """Stop as Ctrl-C would, when the server is gone and nobody is left to send one."""
    while os.getppid() == parent:
        time.sleep(SECONDS_BETWEEN_LOOKS)
    os.kill(os.getpid(), signal.SIGTERM)
