"""Check an instrument's files: every mistake with its file, line and code."""

import argparse
from pathlib import Path

from capofila.instruments import library
from capofila.lib.problems import refuse_if


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "directory", type=Path, help="the instrument's folder: instrument.yaml and words files"
    )
    parser.add_argument("--json", action="store_true", help="print the counts as JSON")


def run(arguments: argparse.Namespace) -> None:
    instrument, problems = library.check(arguments.directory)
    refuse_if(problems)
    languages = library.languages(arguments.directory)
    if arguments.json:
        from capofila.lib.commands import print_json  # noqa: PLC0415

        print_json(
            {
                "instrument": instrument.code,
                "version": instrument.version,
                "areas": len(instrument.areas),
                "questions": len(instrument.questions),
                "profiles": {profile: len(instrument.applicable(profile)) for profile in instrument.profiles},
                "languages": languages,
            }
        )
        return
    counts = f"{len(instrument.questions)} questions in {len(instrument.areas)} areas"
    print(f"{instrument.name}: {counts}, no mistakes.")
    for profile in instrument.profiles:
        print(f"  {profile}: {len(instrument.applicable(profile))} questions")
    print(f"  languages: {', '.join(languages)}")
