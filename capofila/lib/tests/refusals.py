"""What a piece of code refuses, for the tests of every room."""

from collections.abc import Callable

import pytest

from capofila.lib.problems import Problem, Refused


def refused(act: Callable[[], object]) -> list[Problem]:
    """The problems that `act` raises, one or several; a test fails when it raises none."""
    problems: list[Problem] = []
    with pytest.raises((Problem, Refused)):
        _collect(act, problems)
    return problems


def _collect(act: Callable[[], object], problems: list[Problem]) -> None:
    try:
        act()
    except Problem as problem:
        problems.append(problem)
        raise
    except Refused as refusal:
        problems.extend(refusal.problems)
        raise


def refused_codes(act: Callable[[], object]) -> list[str]:
    return [problem.code for problem in refused(act)]
