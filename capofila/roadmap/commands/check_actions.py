"""Check a library of improvement actions: every mistake with its file, line and code."""

import argparse
from collections import Counter
from pathlib import Path

from capofila.lib.commands import print_json
from capofila.lib.problems import refuse_if
from capofila.roadmap import library


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "directory",
        type=Path,
        nargs="?",
        default=library.OURS / "digital-maturity-1.0",
        help="the library's folder: library.yaml, actions and words of each area (ours unless stated)",
    )
    parser.add_argument(
        "--release", action="store_true", help="without mistakes: note that its files may not change any more"
    )
    parser.add_argument("--json", action="store_true", help="print the counts as JSON")


def run(arguments: argparse.Namespace) -> None:
    found, problems = library.check(arguments.directory)
    refuse_if(problems)
    released = library.release(arguments.directory) if arguments.release else []
    areas = Counter(action.area for action in found.actions)
    if arguments.json:
        print_json(
            {
                "instrument": found.instrument,
                "version": found.version,
                "actions": len(found.actions),
                "areas": dict(areas),
                "languages": list(found.languages),
            }
        )
        return
    print(f"Actions {found.version} for {found.instrument}: {len(found.actions)} actions, no mistakes.")
    for area, count in areas.items():
        print(f"  {area}: {count}")
    print(f"  languages: {', '.join(found.languages)}")
    if arguments.release:
        print(f"  released: {len(released)} files; commit {library.RELEASED}")
