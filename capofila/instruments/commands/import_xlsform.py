"""Make an instrument's folder from an XLSForm workbook; what cannot be carried is listed, line by line."""

import argparse
import sys
from pathlib import Path

from capofila.instruments import xlsform_file
from capofila.instruments.rules.xlsform.reading import Wishes, read_book
from capofila.instruments.rules.xlsform.vocabulary import Found, Log
from capofila.lib.commands import print_json
from capofila.lib.problems import refuse_if


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the XLSForm, an .xlsx workbook")
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="DIR", help="the folder to make, new or empty"
    )
    parser.add_argument("--code", default="", help="of the instrument; the form's own unless stated")
    parser.add_argument(
        "--version", default="", help="of the instrument; the form's own, or 1.0, unless stated"
    )
    parser.add_argument(
        "--language",
        default="",
        help="of texts that name none; the form's default language, or en, unless stated",
    )
    parser.add_argument("--strict", action="store_true", help="refuse a form that is not carried whole")
    parser.add_argument("--json", action="store_true", help="print what was found as JSON")


def run(arguments: argparse.Namespace) -> None:
    log = Log(str(arguments.file))
    book = xlsform_file.read(arguments.file)
    found = read_book(book, Wishes(arguments.code, arguments.version, arguments.language), log)
    log.sort()
    if arguments.strict:
        refuse_if([one.problem for one in log.lost])
    xlsform_file.write_folder(arguments.output, found, arguments.file.name)
    for one in (*log.lost, *log.changed):
        print(one.problem, file=sys.stderr)
    instrument = found.instrument
    if arguments.json:
        print_json(
            {
                "instrument": instrument.code,
                "version": instrument.version,
                "folder": str(arguments.output),
                "areas": len(instrument.areas),
                "questions": len(instrument.questions),
                "scored": sum(question.scored for question in instrument.questions),
                "languages": sorted(found.words),
                "not_carried": [as_json(one) for one in log.lost],
                "carried_otherwise": [as_json(one) for one in log.changed],
            }
        )
        return
    counts = f"{len(instrument.questions)} questions in {len(instrument.areas)} areas"
    print(f"{instrument.name}: {counts}, languages {', '.join(sorted(found.words))}; in {arguments.output}.")
    print(f"  not carried: {len(log.lost)}; carried otherwise: {len(log.changed)}")


def as_json(found: Found) -> dict[str, object]:
    at = found.at
    return {
        "sheet": at.sheet, "row": at.row, "column": at.column,
        "code": found.problem.code, "sentence": found.problem.words(),
    }  # fmt: skip
