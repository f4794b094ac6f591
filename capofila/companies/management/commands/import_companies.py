"""Enter a list of companies from a CSV or XLSX file: a verdict for each row, all accepted ones in one go."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from capofila.companies import import_looking, importing
from capofila.companies.rules.import_verdict import KINDS, Verdict, partner_key
from capofila.consortium.models import Partner
from capofila.journal.actions import Actor
from capofila.lib import sources
from capofila.lib.commands import REFUSED
from capofila.lib.problems import Place, Problem, Refused, gettext_noop, nearest

LONG = 1_000  # rows from which on progress is told
BY = Actor(user=None, name="import_companies", role="command")


class Command(BaseCommand):
    help = "Enter companies from a list; rows that are refused are listed and skipped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a CSV file or an XLSX spreadsheet")
        parser.add_argument("--dry-run", action="store_true", help="only say what would become of each row")
        parser.add_argument("--strict", action="store_true", help="enter nothing when a row is refused")
        parser.add_argument("--partner", help="serves the companies of rows that name no partner")
        parser.add_argument("--json", action="store_true", help="one JSON document instead of text")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            verdicts = self.run(options["file"], options)
        except (Problem, Refused) as refused:
            self.stderr.write(str(refused))  # one problem per line, and nothing beside them
            raise SystemExit(REFUSED) from None
        self.tell(verdicts, options)

    def run(self, file: Path, options: dict[str, Any]) -> list[Verdict]:
        partner = _partner(options["partner"])
        data = sources.read_bytes(file)
        on = timezone.localdate()
        if options["dry_run"]:
            verdicts = import_looking.judge(data, str(file), who=None, partner=partner, on=on)
            if options["strict"]:
                import_looking.check_strict(verdicts, str(file))
            return verdicts
        _, verdicts = importing.enter_at_once(
            data, str(file), partner=partner, strict=options["strict"], by=BY, at=timezone.now(), on=on,
            progress=self.progress,
        )  # fmt: skip
        return verdicts

    def progress(self, done: int, of: int) -> None:
        if of >= LONG:
            self.stderr.write(f"{done} of {of} rows written")
            self.stderr.flush()

    def tell(self, verdicts: list[Verdict], options: dict[str, Any]) -> None:
        counts = Counter(verdict.kind for verdict in verdicts)
        if options["json"]:
            document = {
                "dry_run": options["dry_run"],
                "counts": {kind: counts[kind] for kind in KINDS},
                "rows": [_document(verdict) for verdict in verdicts],
            }
            json.dump(document, self.stdout, ensure_ascii=False, indent=2)
            self.stdout.write("")
            return
        for verdict in verdicts:
            self.stdout.write(_line(verdict))
        counted = ", ".join(f"{counts[kind]} {kind}" for kind in KINDS)
        self.stdout.write(f"{counted}. " + ("Dry run: nothing was entered." if options["dry_run"] else ""))


def _partner(name: str | None) -> Partner | None:
    if name is None:
        return None
    by_key = {partner_key(partner.name): partner for partner in Partner.objects.all()}
    found = by_key.get(partner_key(name))
    if found is None:
        raise Problem(
            "import.no-such-partner",
            gettext_noop("There is no partner {name}; did you mean {meant}?"),
            at=Place("--partner"),
            name=name,
            meant=nearest(name, [partner.name for partner in by_key.values()]) or "–",
        )
    return found


def _document(verdict: Verdict) -> dict[str, Any]:
    return {
        "line": verdict.said.line,
        "verdict": verdict.kind,
        "name": verdict.said.name,
        "company": verdict.company,
        "duplicate_of": verdict.company_name if verdict.kind == "duplicate" else None,
        "duplicate_of_line": verdict.twin_line,
        "changes": [
            {"what": change.what, "before": change.before, "after": change.after}
            for change in verdict.changes
        ],
        "why": [{"code": problem.code, "sentence": problem.words()} for problem in verdict.problems],
        "remarks": [problem.words() for problem in verdict.said.remarks],
    }


def _line(verdict: Verdict) -> str:
    name = verdict.said.name or "–"
    if verdict.kind == "refused":
        rest = "refused because: " + " ".join(
            f"{problem.words()} [{problem.code}]" for problem in verdict.problems
        )
    elif verdict.kind == "duplicate":
        where = f"line {verdict.twin_line}, " if verdict.twin_line is not None else ""
        rest = f"duplicate of {where}{verdict.company_name}"
    elif verdict.kind == "update":
        rest = "update: " + "; ".join(
            f"{change.what} {change.before or '–'} -> {change.after}" for change in verdict.changes
        )
    else:
        rest = "new"
    remarks = "".join(f" ({problem.words()})" for problem in verdict.said.remarks)
    return f"{verdict.said.line}: {name}: {rest}{remarks}"
