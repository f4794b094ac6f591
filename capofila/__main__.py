"""The `capofila` command.

Commands that work from files live in their rooms' `commands.py`, need no database and import
only what they use, so that they start at once. Everything else is a Django management command.
"""

import os
import re
import sys
from collections.abc import Sequence
from importlib import import_module

from capofila.lib.problems import Problem, gettext_noop

# Command -> module with `add_arguments(parser)` and `run(arguments)`, named after the command.
FROM_FILES = {
    "check_instrument": "capofila.instruments.commands.check_instrument",
    "import_xlsform": "capofila.instruments.commands.import_xlsform",
    "export_xlsform": "capofila.instruments.commands.export_xlsform",
    "company_size": "capofila.companies.commands.company_size",
    "score": "capofila.assessments.commands.score",
    "compare": "capofila.assessments.commands.compare",
    "export_dma": "capofila.assessments.commands.export_dma",
    "check_actions": "capofila.roadmap.commands.check_actions",
    "roadmap": "capofila.roadmap.commands.roadmap",
    "report": "capofila.reports.commands.report",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 0 done, 1 our own fault, 2 input refused."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments and arguments[0] in FROM_FILES:
        from capofila.lib.commands import run  # noqa: PLC0415 (only file commands need it)

        return run(arguments[0], import_module(FROM_FILES[arguments[0]]), arguments[1:])
    return _django(arguments)


def _django(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "capofila.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    if not arguments or (arguments[0] in {"help", "--help", "-h"} and len(arguments) == 1):
        print("Commands from files:", *FROM_FILES, sep="\n  ")
    from django.db.utils import OperationalError, ProgrammingError  # noqa: PLC0415

    try:
        execute_from_command_line(["capofila", *(arguments or ["help"])])
    except (OperationalError, ProgrammingError) as error:
        if MISSING.search(str(error)) is None:
            raise
        print(NOT_MIGRATED, file=sys.stderr)
        return 2
    return 0


# What SQLite and PostgreSQL say of a table or column that is not there.
MISSING = re.compile(r"no such (table|column)|(relation|column) .* does not exist")
NOT_MIGRATED = Problem(
    "database.not-migrated",
    gettext_noop(
        "The database lacks tables or columns of this version; expected capofila migrate to be run."
    ),
)


if __name__ == "__main__":
    sys.exit(main())
