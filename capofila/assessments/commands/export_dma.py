"""Write the Commission's assessment row (CSV) from answers to eu-dma-sme or eu-dma-pso."""

import argparse
import csv
import io
from pathlib import Path

from capofila.assessments import answers_file
from capofila.assessments.answers_file import Submission
from capofila.assessments.commands.arguments import add_answers, facts
from capofila.assessments.rules import ask_once, dma
from capofila.assessments.rules.answers import Answers
from capofila.companies import company_file
from capofila.instruments import library
from capofila.instruments.rules.implied import Cell
from capofila.lib import output, sources
from capofila.lib.problems import Place, Problem, Refused, collected, gettext_noop
from capofila.lib.sources import Node

NOT_CONFIRMED = "implied_not_confirmed"  # the columns that are filled in and that nobody confirmed
INJECTION = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run as a formula


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_answers(parser)
    parser.add_argument("--company", type=Path, required=True, metavar="FILE", help="JSON or YAML")
    parser.add_argument(
        "--implied-by",
        type=Path,
        metavar="FILE",
        help="answers that imply some of these: filled in where nothing is said, and named in a last column",
    )
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="OUT.csv")


def run(arguments: argparse.Namespace) -> None:
    problems: list[Problem] = []
    collected(problems, lambda: output.check_writable(arguments.output))
    company = collected(problems, lambda: company_file.read(arguments.company, goals=None))
    profile = company.profile if company else None
    submission = collected(problems, lambda: answers_file.read(arguments.answers, facts(arguments), profile))
    layout = collected(problems, lambda: _layout(submission)) if submission else None
    source = collected(problems, lambda: _source(arguments.implied_by, submission, profile))
    if company is None or submission is None or layout is None or problems:
        raise Refused(problems)
    answers, implied = submission.answers, None if source is None else _filled_in(submission, source)
    if implied is not None:
        answers = implied[0]
    row = dma.row(
        layout,
        submission.instrument,
        answers,
        stage=submission.stage,
        day=submission.day,
        company=_neutral(company.name),
        vat=company.vat,
    )
    last = [] if implied is None else [dma.named(layout, implied[1])]
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([*dma.header(layout), *([NOT_CONFIRMED] if last else [])])
    writer.writerow([*row, *last])
    output.write(arguments.output, text.getvalue().encode("utf-8-sig"))
    print(f"Written: {arguments.output}")


def _source(path: Path | None, form: Submission | None, profile: str | None) -> Submission | None:
    """The answers that imply some of the form's. Raises `Problem` where no file says what they imply."""
    if path is None or form is None:
        return None
    source = answers_file.read(path, answers_file.Facts(), profile)
    if library.implied(source.name, form.name) is None:
        raise Problem(
            "dma.nothing-implied",
            gettext_noop("Answers to {one} imply nothing for {other}; expected answers to digital-maturity."),
            at=Place(source.file, key="instrument"),
            one=source.instrument.name,
            other=form.instrument.name,
        )
    return source


def _filled_in(form: Submission, source: Submission) -> tuple[Answers, tuple[Cell, ...]]:
    file = library.implied(source.name, form.name)
    assert file is not None  # by _source
    proposals = ask_once.forward(file, source.instrument, source.answers, source.profile)
    return ask_once.filled_in(form.instrument, form.answers, proposals)


def _neutral(text: str) -> str:
    return f"'{text}" if text.startswith(INJECTION) else text


def _layout(submission: Submission) -> dma.Layout:
    path = library.find(submission.name) / "export.yaml"
    if not path.is_file():
        raise Problem(
            "dma.no-layout",
            gettext_noop(
                "The Commission's row is made from eu-dma-sme or eu-dma-pso; expected answers to one of them."
            ),
            at=Place(submission.file, key="instrument"),
        )
    keys = sources.read_tree(path).mapping or {}
    columns = []
    for item in keys["columns"].items or []:
        cell = item.mapping or {}
        part = cell.get("item") or cell["row"]
        columns.append(dma.ExportColumn(_text(cell["question"]), _text(part), _text(cell["column"])))
    pairs = {code: _texts(node) for code, node in (keys["pairs"].mapping or {}).items()}
    return dma.Layout(_texts(keys["leading"]), columns, pairs)


def _text(node: Node) -> str:
    return node.text or ""


def _texts(node: Node) -> list[str]:
    return [_text(item) for item in node.items or []]
