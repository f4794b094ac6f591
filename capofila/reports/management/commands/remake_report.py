"""Make a report again from what was frozen of it, to compare bytes; needs no database."""

import hashlib
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from capofila.lib import output
from capofila.lib.problems import Problem, Refused
from capofila.reports import parts, program, thawing


class Command(BaseCommand):
    help = "Make a report again, in one form, from what it was made from."
    requires_system_checks: list[str] = []  # noqa: RUF012 (Django's own way of saying it)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="what a version was made from, as downloaded")
        parser.add_argument(
            "-o", "--output", type=Path, required=True, metavar="OUT", help="ends in .pdf, .docx or .html"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        file, out = options["file"], options["output"]
        form = out.suffix.lower().removeprefix(".")
        if form not in parts.FORMS:
            raise CommandError(f"{out} ends in none of: {', '.join(parts.FORMS)}.")
        try:
            output.check_writable(out)
            data = file.read_bytes()
            found = thawing.read(data)
            made = parts.rendered(found, [form])[form]
            output.write(out, made)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
        except (Problem, Refused) as problem:
            raise CommandError(str(problem)) from None
        names = [one.name for one in (found.own, found.eu, found.before) if one is not None]
        if json.loads(data)["versions"] != program.versions(names):
            self.stderr.write("Another program froze this: its bytes may differ from those handed over.")
        self.stdout.write(f"{hashlib.sha256(made).hexdigest()}  {out}")
