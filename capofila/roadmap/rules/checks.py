"""What a library of actions must hold as a whole, whichever file an action stands in.

Prerequisites exist and make no circle; every level 1 to 4 of every question is lifted by an action
without further conditions, in every profile that shows the question; every action is raised by
some answer.
"""

from collections.abc import Iterator, Mapping, Sequence

from capofila.instruments.rules.shape import LEVELS, Instrument
from capofila.lib.checking import Checker, joined
from capofila.lib.problems import Problem, gettext_noop
from capofila.roadmap.rules import raisable
from capofila.roadmap.rules.reading import Placed
from capofila.roadmap.rules.shape import Action


def check_library(
    instrument: Instrument, placed: Sequence[Placed], folder: str, problems: list[Problem]
) -> None:
    check_prerequisites(placed, problems)
    _check_raised(instrument, placed, problems)
    _check_coverage(instrument, [found.action for found in placed], folder, problems)


def check_prerequisites(placed: Sequence[Placed], problems: list[Problem]) -> None:
    """Each is an action of the library, and none comes round to itself."""
    by_code = {found.action.code: found for found in placed}
    named: set[frozenset[str]] = set()
    for code, found in by_code.items():
        checker = Checker(found.file, "actions", problems)
        key = joined(code, "after")
        for before in found.action.after:
            if before not in by_code:
                checker.unknown("unknown-action", before, by_code, found.node, key)
        circle = circle_through(code, {name: other.action.after for name, other in by_code.items()})
        if circle and frozenset(circle) not in named:
            named.add(frozenset(circle))
            checker.add(
                "circle",
                gettext_noop("The prerequisites go in a circle: {circle}; expected none."),
                found.node,
                key,
                circle=" -> ".join(circle),
            )


def circle_through(start: str, after: Mapping[str, Sequence[str]]) -> list[str] | None:
    """The way from an action back to itself through prerequisites, or None."""
    ways = [[start, code] for code in after.get(start, ())]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        if way[-1] == start:
            return way
        if way[-1] not in seen:
            seen.add(way[-1])
            ways.extend([*way, code] for code in after.get(way[-1], ()))
    return None


def _check_raised(instrument: Instrument, placed: Sequence[Placed], problems: list[Problem]) -> None:
    for found in placed:
        looks = found.action.when.answers.questions() if found.action.when.answers else ()
        if not found.action.lifts or set(looks) - set(instrument.by_code):
            continue  # reported where it was read
        if not raisable.by_some_answer(instrument, found.action):
            Checker(found.file, "actions", problems).add(
                "never-raised",
                gettext_noop("No answer raises {code}; expected a condition that can be met."),
                found.node,
                found.action.code,
                code=found.action.code,
            )


def _check_coverage(
    instrument: Instrument, actions: Sequence[Action], folder: str, problems: list[Problem]
) -> None:
    gaps: dict[tuple[str, int], list[str]] = {}
    for profile, question, level in uncovered(instrument, actions):
        gaps.setdefault((question, level), []).append(profile)
    for (question, level), profiles in gaps.items():
        Checker(folder, "actions", problems).add(
            "uncovered",
            gettext_noop(
                "No action without further conditions lifts {question} from level {level} ({profiles}); "
                "expected one."
            ),
            None,
            question,
            question=question,
            level=level,
            profiles=", ".join(profiles) or "any profile",
        )


def uncovered(instrument: Instrument, actions: Sequence[Action]) -> Iterator[tuple[str, str, int]]:
    """(profile, question, level) that raise no action by themselves; no profiles: an empty one."""
    for profile in instrument.profiles or ("",):
        covered = {
            (code, level)
            for action in actions
            if _unconditional(action, profile)
            for code, lift in action.lifts.items()
            for level in range(lift.low, lift.high)
        }
        for question in instrument.applicable(profile or None):
            if question.type == "level":
                for level in LEVELS[:-1]:
                    if (question.code, level) not in covered:
                        yield profile, question.code, level


def _unconditional(action: Action, profile: str) -> bool:
    """Whether the answers alone raise an action in a profile."""
    when = action.when
    fits = not when.profiles or profile in when.profiles
    return fits and not when.sizes and not when.goals and when.answers is None
