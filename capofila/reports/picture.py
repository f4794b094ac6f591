"""Everything a report is written from, gathered and computed once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Literal, cast

from capofila.assessments.answers_file import Submission
from capofila.assessments.rules import scoring
from capofila.assessments.rules.answers import Answer
from capofila.assessments.rules.interview import visible
from capofila.assessments.rules.scoring import Score, Scores
from capofila.companies.company_file import CompanyFacts
from capofila.instruments import library
from capofila.instruments.rules.shape import Instrument, Question, QuestionWords, Words
from capofila.lib import charts
from capofila.lib.document import Block, TextBlock
from capofila.reports import road
from capofila.reports.peers import Peers
from capofila.reports.phrases import Phrases, data, hundredths, phrases
from capofila.reports.road import Road
from capofila.reports.rules import steps
from capofila.reports.rules.steps import NextStep
from capofila.roadmap import library as roadmap_library
from capofila.roadmap.planning import Basis, Roadmap
from capofila.roadmap.rules.priorities import Limits
from capofila.roadmap.rules.raising import Firm

Grade = Literal["low", "middle", "high"]
LOW, HIGH = (
    Fraction(26, 10),
    Fraction(34, 10),
)  # of a score from 1 to 5: where the intermediate band begins, ends


NO_LIMITS = Limits()


@dataclass(frozen=True)
class Area:
    """One area with what its chapter needs; `place` counts from 1, `digits` prints it."""

    code: str
    place: int
    digits: str
    name: str
    score: Score
    questions: tuple[Question, ...]  # those shown, in order


@dataclass(frozen=True)
class Picture:
    company: CompanyFacts
    submission: Submission
    hub: str
    language: str
    roadmap: Roadmap | None = None  # that the hub keeps; without it one is made at once, within `limits`
    limits: Limits = NO_LIMITS
    peers: Peers | None = None
    overrides: Mapping[str, Sequence[Block]] = field(default_factory=dict)  # key of a text -> its blocks

    @cached_property
    def road(self) -> Road | None:
        """What to do next; None where the instrument has no actions, or the answers call for none."""
        if self.roadmap is not None:
            return road.told(self.roadmap, self.language)
        firm = Firm(self.submission.profile, self.company.size, self.company.goals)
        middle = {} if self.peers is None else self.peers.middle
        said = self.submission
        basis = Basis(said.instrument, said.name, said.answers, firm, middle)
        return road.quick(basis, self.limits, self.language)

    def text(self, key: str, blocks: Sequence[Block]) -> TextBlock:
        """Text that a consultant may have put in other words."""
        return TextBlock(key, self.overrides.get(key, blocks))

    @cached_property
    def instrument(self) -> Instrument:
        return self.submission.instrument

    @cached_property
    def say(self) -> Phrases:
        return phrases(self.language)

    @cached_property
    def words(self) -> Words:
        return library.words(self.submission.name, self.language)

    @cached_property
    def scores(self) -> Scores:
        return scoring.score(self.instrument, self.submission.answers, self.submission.profile)

    @cached_property
    def shown(self) -> tuple[Question, ...]:
        return visible(self.instrument, self.submission.profile, self.submission.answers)

    @cached_property
    def steps(self) -> tuple[NextStep, ...]:
        return steps.next_steps(
            self.instrument, self.submission.answers, self.scores, self.submission.profile
        )

    @cached_property
    def areas(self) -> tuple[Area, ...]:
        return tuple(
            Area(
                code,
                place,
                f"{place:02d}",
                self.area_name(code),
                self.scores.areas[code],
                tuple(question for question in self.shown if question.area == code),
            )
            for place, code in enumerate(self.instrument.areas, start=1)
        )

    def scores_after(self, taken: Sequence[NextStep]) -> Scores:
        """The scores as they would be once these steps are done."""
        answers = steps.raised(self.submission.answers, taken)
        return scoring.score(self.instrument, answers, self.submission.profile)

    def score_list(self) -> str:
        """Every area with its score, for the alternative text of a chart."""
        return ", ".join(f"{area.name} {self.figure(area.score)}" for area in self.areas)

    def area(self, code: str) -> Area:
        return self.areas[self.instrument.areas.index(code)]

    def area_name(self, code: str) -> str:
        """The name of an area, as the profile calls it where it has a name of its own for it."""
        return self.words.name(code, self.submission.profile)

    def area_short(self, code: str) -> str:
        return self.words.short(code, self.submission.profile)

    @cached_property
    def ranked(self) -> tuple[Area, ...]:
        """The areas that have a score, highest first."""
        known = [area for area in self.areas if area.score.value is not None]
        return tuple(sorted(known, key=lambda area: -(area.score.value or Fraction(0))))

    @cached_property
    def sentences(self) -> Mapping[str, Mapping[str, Mapping[str, str]]]:
        """What is said of each area and cell of this instrument; empty for a hub's own."""
        found = data(f"areas-{self.instrument.code}", self.language)
        return cast(Mapping[str, Mapping[str, Mapping[str, str]]], found or {"areas": {}, "cells": {}})

    def cell_sentence(self, area: str, dimension: str) -> str:
        """What is said of a cell at its grade; empty where nothing is."""
        grade = self.grade(self.scores.cells[area, dimension])
        return self.sentences["cells"].get(f"{area}.{dimension}", {}).get(grade or "", "")

    @cached_property
    def numbers(self) -> dict[str, str]:
        """Question code -> the number printed for it, such as 3.01; the same in every profile."""
        printed = {}
        for place, area in enumerate(self.instrument.areas, start=1):
            inside = [question for question in self.instrument.questions if question.area == area]
            for index, question in enumerate(inside, start=1):
                printed[question.code] = self.say.say("format.question", area=place, place=index)
        return printed

    def question(self, code: str) -> QuestionWords:
        return self.words.of(code, self.submission.profile)

    def answer(self, code: str) -> Answer | None:
        return self.submission.answers.get(code)

    def level(self, question: Question) -> int | None:
        """The level chosen; None where it is not a level question or has none."""
        answer = self.answer(question.code)
        if question.type != "level" or answer is None or not isinstance(answer.value, int):
            return None
        return answer.value

    def service_name(self, code: str) -> str:
        """A service area of the hub."""
        return roadmap_library.named("service-areas")[code][self.language]

    def dimension_name(self, code: str) -> str:
        return self.words.names[code]

    def band_name(self, score: Score) -> str:
        return "" if score.band is None else self.words.names[score.band]

    def grade(self, score: Score) -> Grade | None:
        """Low, middle or high; scores on another scale are brought to 1-5 first."""
        if score.value is None:
            return None
        share = (score.value - self.instrument.low) / (self.instrument.high - self.instrument.low)
        value = 1 + 4 * share
        return "low" if value < LOW else "middle" if value < HIGH else "high"

    def figure(self, score: Score) -> str:
        """A score as printed; an en dash when it is withheld."""
        return charts.DASH if score.value is None else self.printed(score.value)

    def printed(self, value: Fraction) -> str:
        return self.say.number(scoring.displayed(value, self.instrument.bands))

    def answered(self, code: str) -> bool:
        answer = self.answer(code)
        return answer is not None and answer.applicable

    def excluded(self, code: str) -> bool:
        """Declared not applicable, with a reason."""
        answer = self.answer(code)
        return answer is not None and not answer.applicable

    def alike(self, scores: Iterable[Score]) -> bool:
        """Whether those that are shown read the same."""
        return len({self.figure(score) for score in scores if score.value is not None}) < 2

    @cached_property
    def weakest_dimension(self) -> tuple[str, Score] | None:
        """The one dimension that reads lower than all others; None where there is no such one."""
        known = [(code, score) for code, score in self.scores.dimensions.items() if score.value is not None]
        known.sort(key=lambda pair: pair[1].value or Fraction(0))
        if len(known) < 2 or self.alike([known[0][1], known[1][1]]):
            return None
        return known[0]

    def place(self, score: Score) -> Literal["above", "below", "at"]:
        """Where a score stands beside the overall one, as the printed figures say."""
        bands, overall = self.instrument.bands, self.scores.overall.value or Fraction(0)
        mine, all_ = scoring.displayed(score.value or Fraction(0), bands), scoring.displayed(overall, bands)
        return "above" if mine > all_ else "below" if mine < all_ else "at"

    def distance(self, one: Score, other: Score) -> str:
        """How far two scores are apart, as their printed figures say."""
        if one.value is None or other.value is None:
            return charts.DASH
        bands = self.instrument.bands
        return self.say.number(scoring.displayed(one.value, bands) - scoring.displayed(other.value, bands))

    def gain(self, value: Fraction) -> str:
        """A rise of a score, with two decimals."""
        return self.say.signed(hundredths(value))

    @cached_property
    def locale(self) -> charts.Locale:
        def number(value: float) -> str:
            return self.printed(Fraction(value).limit_denominator(1_000_000))

        return charts.Locale(number=cast(Callable[[float], str], number), decimal=self.say.decimal)

    @cached_property
    def bands(self) -> charts.Bands | None:
        listed = self.instrument.bands.bands
        if not 2 <= len(listed) <= 5:
            return None
        edges = (float(listed[0].low), *(float(band.high) for band in listed))
        return charts.Bands(edges, self.instrument.bands.edge)

    @property
    def five_levels(self) -> bool:
        """Whether scores run from 1 to 5, as levels do."""
        return self.instrument.low == 1 and self.instrument.high == 5

    @property
    def scale(self) -> charts.Scale:
        low, high = float(self.instrument.low), float(self.instrument.high)
        return charts.LEVELS if self.five_levels else charts.Scale(low, high, _ticks(low, high))

    @property
    def radar_scale(self) -> charts.Scale:
        low, high = float(self.instrument.low), float(self.instrument.high)
        return (
            charts.RADAR_LEVELS if (low, high) == (1, 5) else charts.Scale(low, high, _ticks(low, high)[1:])
        )


def _ticks(low: float, high: float) -> tuple[float, ...]:
    return tuple(low + (high - low) * part / 4 for part in range(5))


def value(score: Score) -> float | None:
    """A score as charts take it."""
    return None if score.value is None else float(score.value)
