"""Say whether the journal is whole, and if not, what is wrong with which entry."""

import argparse
import re
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from capofila.journal.verify import Mark, verify
from capofila.lib.commands import REFUSED, print_json

NOTED = re.compile(r"([1-9][0-9]*):([0-9a-f]{64})")


def mark(text: str) -> Mark:
    found = NOTED.fullmatch(text.strip())
    if found is None:
        raise argparse.ArgumentTypeError("expected NUMBER:HASH, as an earlier run printed it")
    return Mark(int(found[1]), found[2])


class Command(BaseCommand):
    help = (
        "Say whether the journal is whole: what was changed, is missing, or stands in another order. "
        "Exit code 0 when it is whole, 2 when it is not."
    )
    requires_system_checks: list[str] = []  # noqa: RUF012 (Django's own way of saying it)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--noted", type=mark, metavar="NUMBER:HASH", help="an entry as noted at an earlier run"
        )
        parser.add_argument("--json", action="store_true", help="the verdict as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = verify(options["noted"])
        if options["json"]:
            print_json(
                {
                    "entries": verdict.entries,
                    "last": {"number": verdict.last.sequence, "hash": verdict.last.hash},
                    "problems": [
                        {"code": problem.code, "sentence": problem.words()} for problem in verdict.problems
                    ],
                }
            )
        elif not verdict.problems and not verdict.entries:
            self.stdout.write("The journal is whole: it has no entry yet.")
        elif not verdict.problems:
            self.stdout.write(
                f"The journal is whole: {verdict.entries} entries.\n"
                f"Note the last one outside this database, to compare with --noted: {verdict.last}"
            )
        for problem in verdict.problems:
            self.stderr.write(str(problem), self.style.NOTICE)
        if verdict.problems:
            raise SystemExit(REFUSED)
