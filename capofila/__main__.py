"""The `capofila` command.

Commands that work from files live in their rooms' `commands.py`, need no database and import
only what they use, so that they start at once. Everything else is a Django management command.
"""

import os
import sys
from collections.abc import Sequence
from importlib import import_module

# Command -> module with `add_arguments(parser)` and `run(arguments)`, named after the command.
FROM_FILES = {
    "check_instrument": "capofila.instruments.commands.check_instrument",
    "company_size": "capofila.companies.commands.company_size",
    "score": "capofila.assessments.commands.score",
    "compare": "capofila.assessments.commands.compare",
    "export_dma": "capofila.assessments.commands.export_dma",
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
    execute_from_command_line(["capofila", *(arguments or ["help"])])
    return 0


if __name__ == "__main__":
    sys.exit(main())
