"""The arguments that every command about an answers file shares."""

import argparse
from datetime import date
from pathlib import Path

from capofila.assessments.answers_file import STAGES, Facts
from capofila.lib.sources import Node


def add_answers(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--answers", type=Path, required=True, metavar="FILE", help="JSON, YAML, CSV or XLSX")
    parser.add_argument("--instrument", metavar="CODE", help="CODE, CODE@VERSION or a folder")
    parser.add_argument("--profile", help="where the file does not carry it")
    parser.add_argument("--stage", choices=STAGES, help="where the file does not carry it")
    parser.add_argument(
        "--date", type=day, metavar="YYYY-MM-DD", help="of the assessment, where the file does not say"
    )


def facts(arguments: argparse.Namespace) -> Facts:
    return Facts(
        instrument=arguments.instrument, profile=arguments.profile, stage=arguments.stage, day=arguments.date
    )


def day(text: str) -> date:
    """A date of the command line."""
    read = Node(text).day
    if read is None:
        raise argparse.ArgumentTypeError(f"{text} is not a date such as 2026-03-01")
    return read
