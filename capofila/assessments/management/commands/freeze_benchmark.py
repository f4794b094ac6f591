"""Freeze the benchmark at the end of a quarter; what is frozen already stays as it is."""

import json
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from capofila.assessments import benchmark_freezing
from capofila.assessments.models import BenchmarkFreeze
from capofila.assessments.rules import cohorts
from capofila.lib.commands import REFUSED
from capofila.lib.problems import Problem


class Command(BaseCommand):
    help = (
        "Freeze the benchmark at the end of a quarter; by itself, `capofila work` does so when one is over."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--on", type=date.fromisoformat, help="the quarter's last day (the last one over)"
        )
        parser.add_argument("--json", action="store_true", help="one JSON document instead of text")

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.localdate()
        on = options["on"] or cohorts.last_quarter_end(today)
        try:
            frozen = benchmark_freezing.freeze_all(on, today=today, at=timezone.now())
        except Problem as refused:
            self.stderr.write(str(refused))
            raise SystemExit(REFUSED) from None
        told = [_told(row) for row in frozen]
        if options["json"]:
            json.dump({"on": on.isoformat(), "frozen": told}, self.stdout, ensure_ascii=False, indent=2)
            self.stdout.write("")
            return
        for row in told:
            self.stdout.write(
                f"{row['instrument']}, {row['on']}: {row['entered']} companies entered in {row['batches']} "
                f"batches, {row['published']} groups have new figures"
            )
        if not told:
            self.stdout.write(f"{on.isoformat()}: no assessment is completed, so there is nothing to freeze")


def _told(row: BenchmarkFreeze) -> dict[str, object]:
    batches = row.batches.all()
    return {
        "instrument": row.instrument,
        "on": row.on.isoformat(),
        "entered": sum(batch.members.count() for batch in batches),
        "batches": len(batches),
        "published": row.groups.exclude(cohort="").count(),
    }
