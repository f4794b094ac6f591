"""Compare two assessments of one instrument, across versions by crosswalk."""

import argparse
from fractions import Fraction
from pathlib import Path

from capofila.assessments import answers_file
from capofila.assessments.answers_file import Facts, Submission
from capofila.assessments.commands.arguments import day
from capofila.assessments.comparing import compared
from capofila.assessments.rules.answers import Value
from capofila.assessments.rules.comparison import Apart, Comparison
from capofila.lib.commands import print_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    for side in ("before", "after"):
        parser.add_argument(
            f"--{side}", type=Path, required=True, metavar="FILE", help="JSON, YAML, CSV or XLSX"
        )
        parser.add_argument(
            f"--{side}-date", type=day, metavar="YYYY-MM-DD", help="where the file does not carry it"
        )
    parser.add_argument("--instrument", metavar="CODE", help="CODE, CODE@VERSION or a folder, of both files")
    parser.add_argument("--profile", help="of both files, where they do not carry it")
    parser.add_argument("--json", action="store_true", help="print the comparison as JSON, unrounded")


def run(arguments: argparse.Namespace) -> None:
    before, after = (
        answers_file.read(path, Facts(instrument=arguments.instrument, profile=arguments.profile, day=on))
        for path, on in (
            (arguments.before, arguments.before_date),
            (arguments.after, arguments.after_date),
        )
    )
    found = compared(before, after)
    if arguments.json:
        print_json(as_json(found, before.instrument.version, after.instrument.version))
    else:
        _print(found, before, after)


def as_json(found: Comparison, old: str, new: str) -> dict[str, object]:
    """The document that `capofila compare --json` prints; scores unrounded, None without any question."""
    return {
        "comparable": {
            "before": _number(found.before.overall.value),
            "after": _number(found.after.overall.value),
            "questions": len(found.compared),
        },
        "changed": [
            {"question": change.question, "before": _plain(change.before), "after": _plain(change.after)}
            for change in found.changed
        ],
        "not_comparable": [{"question": one.question, "why": reason(one, old, new)} for one in found.apart],
    }


REASONS = {
    "unanswered": "unanswered {when}",
    "not-applicable": "not applicable {when}",
    "hidden": "not asked {when}",
    "level": "its level before has no counterpart in {new}",
    "split": "split in {new}",
    "merged": "merged in {new} without a map of levels",
    "retired": "retired in {new}",
    "new": "new in {new}",
}
WHEN = {"before": "before", "after": "after", "both": "in both"}


def reason(one: Apart, old: str, new: str) -> str:
    """Why one question cannot be compared, in English; `old` and `new` are versions."""
    return REASONS[one.why].format(when=WHEN[one.when], old=old, new=new)


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _plain(value: Value | Fraction) -> object:
    if isinstance(value, Fraction):
        return float(value)
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, dict):
        return {row: list(cell) if isinstance(cell, tuple) else cell for row, cell in value.items()}
    return value


def _print(found: Comparison, before: Submission, after: Submission) -> None:
    for name, side, scores in (("before", before, found.before), ("after", after, found.after)):
        on = "" if side.day is None else f", {side.day}"
        value = "     –" if scores.overall.value is None else f"{float(scores.overall.value):6.2f}"
        print(f"{name:<7}{value}  {side.instrument.name}{on}")
    print(f"on {len(found.compared)} comparable questions, {len(found.changed)} of them changed")
    for change in found.changed:
        print(f"  {change.question}: {_plain(change.before)} -> {_plain(change.after)}")
    if found.apart:
        print(f"{len(found.apart)} questions cannot be compared:")
    for one in found.apart:
        print(f"  {one.question}: {reason(one, before.instrument.version, after.instrument.version)}")
