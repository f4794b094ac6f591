"""Start-up of the commands people wait for and of the web process, and the imports that cost most.

    bin/bench startup [--runs N] [--imports N]

Whole processes, against an empty Python in the same run.
"""

import argparse
import re
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence

from bench._measure import CHECKOUT, PYTHON, Run, machine, median_run, process, say, spread

ANSWERS = str(CHECKOUT / "capofila" / "desk" / "demo" / "answers.yaml")
COMMANDS = {
    "an empty Python": ["-c", ""],
    "capofila score": ["-m", "capofila", "score", "--answers", ANSWERS, "--json"],
    "capofila report --help": ["-m", "capofila", "report", "--help"],
    "the web process": ["-c", "import capofila.wsgi"],
}
IMPORT = re.compile(r"import time: +(\d+) \| +\d+ \| +(\S+)")


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench startup", description=__doc__)
    parser.add_argument("--runs", type=int, default=9, help="processes of each (9)")
    parser.add_argument("--imports", type=int, default=6, help="imports named for each (6)")
    arguments = parser.parse_args()
    say(f"Start-up; {machine()}; median (lowest to highest)")
    taken: dict[str, list[Run]] = {name: [] for name in COMMANDS}
    with tempfile.TemporaryDirectory(prefix="capofila-bench-") as folder:
        environment = {"CAPOFILA_DATA": folder}
        for _ in range(arguments.runs + 1):
            for name, command in COMMANDS.items():
                taken[name].append(process([PYTHON, *command], environment))
        empty = median_run(taken["an empty Python"][1:]).seconds
        for name, command in COMMANDS.items():
            runs = taken[name][1:]  # the first one fills the caches of disk and bytecode
            middle = median_run(runs)
            times = f"{middle.seconds / empty:.1f} times an empty Python, at most {middle.memory:.0f} MB"
            say(f"{name}: {spread([1000 * run.seconds for run in runs], 'ms', 0)}, {times}")
            if command != ["-c", ""]:
                costs = _imports(command, environment)[: arguments.imports]
                say("    imports: " + ", ".join(f"{package} {own / 1000:.0f} ms" for package, own in costs))


def _imports(command: Sequence[str], environment: Mapping[str, str]) -> list[tuple[str, int]]:
    """Microseconds in the modules of each package, without those that they import; the most first."""
    output = process([PYTHON, "-X", "importtime", *command], environment).output
    costs: Counter[str] = Counter()
    for match in filter(None, map(IMPORT.match, output.splitlines())):
        costs[match[2].split(".")[0]] += int(match[1])
    return costs.most_common()


if __name__ == "__main__":
    main()
