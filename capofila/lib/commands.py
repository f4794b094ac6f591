"""How a command from files runs: arguments, refusals on stderr, exit codes.

Exit 0 done; 2 input refused, one problem per line on stderr and nothing written; 1 our own fault.
"""

import argparse
import io
import json
import os
import sys
from collections.abc import Sequence
from types import ModuleType

from capofila.lib.problems import Problem, Refused

REFUSED = 2


def run(name: str, module: ModuleType, argv: Sequence[str]) -> int:
    """Parse with `module.add_arguments`, call `module.run`; the exit code."""
    for stream in (sys.stdout, sys.stderr):  # UTF-8 whatever the terminal says, as the contract has it
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    parser = argparse.ArgumentParser(prog=f"capofila {name}", description=module.__doc__)
    module.add_arguments(parser)
    arguments = parser.parse_args(argv)
    try:
        module.run(arguments)
        sys.stdout.flush()
    except Problem as problem:
        return _refuse([problem])
    except Refused as refused:
        return _refuse(refused.problems)
    except BrokenPipeError:  # the reader of our output went away
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _refuse(problems: Sequence[Problem]) -> int:
    for problem in problems:
        print(problem, file=sys.stderr)
    return REFUSED


def print_json(document: object) -> None:
    """One JSON document on stdout."""
    print(json.dumps(document, ensure_ascii=False, indent=2))
