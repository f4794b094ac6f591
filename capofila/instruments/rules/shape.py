"""What an instrument is: areas, questions of ten types, conditions, profiles, bands, words.

Everything here is frozen and plain; `reading` builds it from files, `assessments.rules.scoring`
turns answers into scores. The format in words: docs/formats.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Literal

Type = Literal[
    "level", "ticks", "matrix", "scale", "tristate", "integer", "decimal", "text", "date", "choice"
]
SCORED: tuple[str, ...] = ("level", "ticks", "matrix", "scale", "tristate")
UNSCORED: tuple[str, ...] = ("integer", "decimal", "text", "date", "choice")
LEVELS = (1, 2, 3, 4, 5)
SCALE_TOP = 5  # a `scale` row is answered 0 to 5
TRISTATE: tuple[str, ...] = ("no", "partly", "yes")


@dataclass(frozen=True)
class Test:
    """One look at an earlier answer; false while that question is unanswered, N/A or hidden."""

    question: str
    operator: Literal["at_least", "at_most", "is", "includes"]
    operand: str


@dataclass(frozen=True)
class Condition:
    """`tests` joined by all (every one true) or any (one is enough)."""

    join: Literal["all", "any"]
    tests: tuple["Test | Condition", ...]

    def questions(self) -> tuple[str, ...]:
        """The codes it looks at, in order, with repetitions."""
        return tuple(
            code
            for test in self.tests
            for code in (test.questions() if isinstance(test, Condition) else (test.question,))
        )


@dataclass(frozen=True)
class Question:
    code: str
    area: str
    type: Type
    dimension: str | None = None
    weight: Fraction = Fraction(1)
    items: tuple[str, ...] = ()  # ticks, choice
    negative: frozenset[str] = frozenset()  # ticks that speak against, such as "data are not collected"
    rows: tuple[str, ...] = ()  # matrix, scale, tristate
    columns: tuple[str, ...] = ()  # matrix
    shown_when: Condition | None = None

    @property
    def scored(self) -> bool:
        return self.type in SCORED

    @property
    def steps(self) -> int:
        """A whole number that makes every share of this question, answered or scored, whole."""
        sizes = {
            "level": len(LEVELS) - 1,
            "ticks": len(self.items) * max(1, len(self.items) - len(self.negative)),
            "matrix": len(self.rows) * len(self.columns),
            "scale": SCALE_TOP * len(self.rows),
            "tristate": (len(TRISTATE) - 1) * len(self.rows),
        }
        return sizes.get(self.type, 1) or 1


@dataclass(frozen=True)
class Band:
    code: str
    low: Fraction
    high: Fraction


@dataclass(frozen=True)
class Bands:
    """Half-open intervals over the unrounded score, in ascending order.

    `edge` is the side a band owns: "lower" holds its lower edge, "upper" its upper edge. The last
    (first) band also holds the end of the scale.
    """

    edge: Literal["lower", "upper"]
    bands: tuple[Band, ...]

    def of(self, score: Fraction) -> str | None:
        """The code of the band a score lies in; None without bands."""
        if self.edge == "lower":
            for band in reversed(self.bands):
                if score >= band.low:
                    return band.code
        else:
            for band in self.bands:
                if score <= band.high:
                    return band.code
        return None


@dataclass(frozen=True)
class Scoring:
    rule: str = "weighted-mean"
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Instrument:
    code: str
    version: str
    source: str
    low: Fraction
    high: Fraction
    areas: tuple[str, ...]
    questions: tuple[Question, ...]  # in the order of the interview
    dimensions: tuple[str, ...] = ()
    profiles: Mapping[str, frozenset[str]] = field(default_factory=dict)  # profile -> codes not applicable
    not_applicable: Literal["excluded", "zero", "refused"] = "excluded"
    min_coverage: Fraction = Fraction(0)
    bands: Bands = Bands("lower", ())
    scoring: Scoring = Scoring()

    @property
    def name(self) -> str:
        return f"{self.code}@{self.version}"

    @cached_property
    def by_code(self) -> dict[str, Question]:
        return {question.code: question for question in self.questions}

    @cached_property
    def units(self) -> dict[str, int]:
        """Weight of each question in units so small that every share of it is a whole number of them."""
        unit = lcm(*(question.weight.denominator * question.steps for question in self.questions))
        return {question.code: int(question.weight * unit) for question in self.questions}

    def applicable(self, profile: str | None) -> tuple[Question, ...]:
        """The questions a profile shows, conditions aside; without a profile, all."""
        hidden = self.profiles[profile] if profile is not None and self.profiles else frozenset()
        return tuple(question for question in self.questions if question.code not in hidden)


@dataclass(frozen=True)
class QuestionWords:
    """The texts of one question in one language; a text not given is empty."""

    ask: str
    short: str = ""
    why: str = ""
    evidence: str = ""
    levels: tuple[str, ...] = ()
    items: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    points: tuple[str, ...] = ()  # scale: 0 to 5; tristate: no, partly, yes
    profiles: Mapping[str, "QuestionWords"] = field(default_factory=dict)  # what a profile words otherwise

    def for_profile(self, profile: str | None) -> "QuestionWords":
        """The wording of one profile; what it does not reword stays plain."""
        variant = self.profiles.get(profile or "")
        if variant is None:
            return replace(self, profiles={}) if self.profiles else self
        return QuestionWords(
            ask=variant.ask or self.ask,
            short=variant.short or self.short,
            why=variant.why or self.why,
            evidence=variant.evidence or self.evidence,
            levels=variant.levels or self.levels,
            items=variant.items or self.items,
            rows=variant.rows or self.rows,
            columns=variant.columns or self.columns,
            points=variant.points or self.points,
        )

    @property
    def label(self) -> str:
        """A short name for charts and tables."""
        return self.short or self.ask


@dataclass(frozen=True)
class Words:
    """All texts of an instrument in one language."""

    language: str
    names: Mapping[str, str]  # area, dimension, band and profile codes -> text
    shorts: Mapping[str, str]  # the same codes -> a name for charts, where one is given
    about: Mapping[str, str]  # the same codes -> what it holds, as the end of a sentence, where given
    variants: Mapping[tuple[str, str], Mapping[str, str]]  # (code, profile) -> name, short, about of its own
    questions: Mapping[str, QuestionWords]

    def name(self, code: str, profile: str | None = None) -> str:
        """The name of an area, dimension, band or profile."""
        return self.variants.get((code, profile or ""), {}).get("name") or self.names[code]

    def short(self, code: str, profile: str | None = None) -> str:
        """The same as charts print it."""
        variant = self.variants.get((code, profile or ""), {})
        return variant.get("short") or variant.get("name") or self.shorts.get(code) or self.names[code]

    def of(self, code: str, profile: str | None = None) -> QuestionWords:
        return self.questions[code].for_profile(profile)
