"""Write an instrument as an XLSForm workbook, which `import_xlsform` reads back as the same."""

import argparse
import sys
from pathlib import Path

from capofila.instruments import library, xlsform_file
from capofila.instruments.rules.xlsform.vocabulary import Log
from capofila.lib import output
from capofila.lib.problems import Place, Problem, gettext_noop


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "instrument", metavar="DIR", help="the instrument's folder; CODE or CODE@VERSION will do"
    )
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help="ends in .xlsx")


def run(arguments: argparse.Namespace) -> None:
    if arguments.output.suffix.lower() != ".xlsx":
        raise Problem(
            "xlsform.output",
            gettext_noop("An XLSForm is written as .xlsx; expected the file's name to end so."),
            at=Place(str(arguments.output)),
        )
    output.check_writable(arguments.output)
    directory = Path(arguments.instrument)
    if not directory.is_dir():
        directory = library.find(arguments.instrument)
    log = Log(str(directory))
    data = xlsform_file.export(directory, log)
    output.write(arguments.output, data)
    for one in (*log.lost, *log.changed):
        print(one.problem, file=sys.stderr)
    print(f"{directory.name}: written to {arguments.output}.")
