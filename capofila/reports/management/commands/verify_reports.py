"""Say whether every file of every version handed over still has the bytes that it had then."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from capofila.lib.commands import REFUSED, print_json
from capofila.reports.models import Handover


class Command(BaseCommand):
    help = (
        "Say whether every file that was handed over, and what it was made from, is whole. "
        "Exit code 0 when they are, 2 when one is missing or was changed."
    )
    requires_system_checks: list[str] = []  # noqa: RUF012 (Django's own way of saying it)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="the verdict as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        files, broken = 0, []
        for handover in Handover.objects.order_by("pk").iterator():
            files += len(handover.checksums)
            facts = {
                "assessment": handover.assessment_id,
                "number": handover.number,
                "language": handover.language,
            }
            broken += [
                {**facts, "form": form, "sha256": handover.checksums[form], "why": why}
                for form, why in handover.broken().items()
            ]
        if options["json"]:
            print_json({"files": files, "broken": broken})
        elif not broken:
            self.stdout.write(f"Everything that was handed over is whole: {files} files.")
        else:
            for one in broken:
                self.stderr.write(
                    "Assessment {assessment}, version {number}, {language}, {form}: {why}.".format(**one)
                )
        if broken:
            raise SystemExit(REFUSED)
