"""What an improvement action is, its words, a library of them, and what a goal requires.

Everything here is frozen and plain; `reading`, `wording` and `packs` build it from files. An
action is raised by the level of an answer: it lifts a question answered `low` to `high - 1` to
level `high`. The format in words: docs/formats.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from capofila.instruments.rules.shape import Condition

QUARTERS = 12  # a roadmap looks three years ahead
LONGEST = 4  # quarters an action may take


@dataclass(frozen=True)
class Lift:
    """A question at level `low` or above, but below `high`, is brought to level `high`."""

    low: int  # 1 to 4
    high: int  # 2 to 5


@dataclass(frozen=True)
class When:
    """What else must hold for an action to be raised; what is empty asks nothing."""

    profiles: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()  # one of these is among the firm's goals
    answers: Condition | None = None


@dataclass(frozen=True)
class Action:
    code: str
    lifts: Mapping[str, Lift]  # question -> from which level to which
    days: int  # working days of the firm's own people, for a firm of about 20
    low_cents: int  # money to others, the range
    high_cents: int
    quarters: int = 1  # how long it takes, 1 to 4
    goals: tuple[str, ...] = ()  # those it serves most directly
    after: tuple[str, ...] = ()  # actions to be finished first
    technologies: tuple[str, ...] = ()
    service_areas: tuple[str, ...] = ()
    when: When = When()

    @property
    def area(self) -> str:
        return self.code.partition(".")[0]

    @property
    def cents(self) -> int:
        """The middle of the range: what a plan counts. A half cent is dropped."""
        return (self.low_cents + self.high_cents) // 2


@dataclass(frozen=True)
class Library:
    """The actions for one instrument, in the order of its areas."""

    instrument: str  # code@version
    version: str = ""  # of the library; empty where there is none
    source: str = ""
    languages: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()

    @cached_property
    def by_code(self) -> dict[str, Action]:
        return {action.code: action for action in self.actions}


@dataclass(frozen=True)
class ActionWords:
    """The texts of one action in one language; in a profile's variant, what is empty stays plain."""

    name: str = ""
    what: str = ""
    steps: tuple[str, ...] = ()
    changes: str = ""
    sign: str = ""  # how to know that it worked
    who: str = ""
    artefact: str = ""  # what stays on the table
    cost: str = ""  # where the days and the euros go
    mistakes: tuple[str, ...] = ()
    profiles: Mapping[str, "ActionWords"] = field(default_factory=dict)

    def for_profile(self, profile: str | None) -> "ActionWords":
        """The wording of one profile; what it does not reword stays plain."""
        variant = self.profiles.get(profile or "")
        given = {part: getattr(variant, part) for part in PARTS if getattr(variant, part, None)}
        return replace(self, profiles={}, **given) if given or self.profiles else self


TEXTS = ("name", "what", "changes", "sign", "who", "artefact", "cost")
LISTS = ("steps", "mistakes")
PARTS = (*TEXTS, *LISTS)


@dataclass(frozen=True)
class LibraryWords:
    """All texts of a library in one language."""

    language: str
    actions: Mapping[str, ActionWords] = field(default_factory=dict)

    def of(self, code: str, profile: str | None = None) -> ActionWords:
        return self.actions[code].for_profile(profile)


@dataclass(frozen=True)
class GoalPack:
    """What a goal asks of the answers, and what the questionnaire does not ask for it."""

    goal: str
    requires: Mapping[str, int] = field(default_factory=dict)  # question -> least level
    missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # language -> sentences
