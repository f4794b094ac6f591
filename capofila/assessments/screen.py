"""One assessment for its pages: its words, its answers, how far it is, read into small dataclasses."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from functools import cached_property
from math import ceil

from django.utils.formats import get_format, number_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from capofila.assessments import queries
from capofila.assessments.models import Assessment
from capofila.assessments.rules import fold, interview, pace, scoring
from capofila.assessments.rules.answers import Answers
from capofila.assessments.rules.scoring import Score, Scores
from capofila.instruments import library
from capofila.instruments.rules.shape import Instrument, Question, QuestionWords, Words
from capofila.lib import charts

RAIL = 224.0  # units: width of a chart in a side column
STRIP = 168.0


@dataclass(frozen=True)
class Sheet:
    """One assessment with its words and what is computed from it; each thing once.

    `open_areas`: codes of the areas that this person may answer; all of them for members.
    """

    assessment: Assessment
    holding: Mapping[str, fold.Current]
    language: str
    open_areas: tuple[str, ...] = ()

    @cached_property
    def instrument(self) -> Instrument:
        return library.load(self.assessment.name)

    @cached_property
    def words(self) -> Words:
        return library.spoken(self.assessment.name, self.language)

    @cached_property
    def others(self) -> list[Assessment]:
        """The company's assessments by other questionnaires, newest first."""
        found = Assessment.objects.filter(company=self.assessment.company_id)
        return list(found.exclude(instrument=self.assessment.instrument).order_by("-day", "-pk"))

    @property
    def profile(self) -> str | None:
        return self.assessment.profile or None

    @cached_property
    def answers(self) -> Answers:
        return queries.read_current(self.assessment, self.holding)

    @cached_property
    def scores(self) -> Scores:
        return scoring.score(self.instrument, self.answers, self.profile)

    @cached_property
    def applicable(self) -> tuple[Question, ...]:
        """The questions of the profile, in areas that are open to this person."""
        listed = self.instrument.applicable(self.profile)
        return tuple(question for question in listed if question.area in self.areas)

    @cached_property
    def shown(self) -> tuple[Question, ...]:
        """Those whose conditions hold as well."""
        found = interview.visible(self.instrument, self.profile, self.answers)
        return tuple(question for question in found if question.area in self.areas)

    @cached_property
    def areas(self) -> tuple[str, ...]:
        asked = {question.area for question in self.instrument.applicable(self.profile)}
        return tuple(area for area in self.instrument.areas if area in self.open_areas and area in asked)

    @cached_property
    def numbers(self) -> dict[str, str]:
        """Question code -> the number printed for it, the same in every profile and in the report."""
        printed: dict[str, str] = {}
        for place, area in enumerate(self.instrument.areas, start=1):
            inside = [question for question in self.instrument.questions if question.area == area]
            for index, question in enumerate(inside, start=1):
                printed[question.code] = _("%(area)s-%(place)s") % {"area": place, "place": f"{index:02d}"}
        return printed

    def digits(self, area: str) -> str:
        return f"{self.instrument.areas.index(area) + 1:02d}"

    def of(self, code: str) -> QuestionWords:
        return self.words.of(code, self.profile)

    def said(self, code: str) -> bool:
        return code in self.answers

    def inside(self, area: str) -> list[Question]:
        return [question for question in self.shown if question.area == area]

    def figure(self, score: Score) -> str:
        return charts.DASH if score.value is None else self._printed(score.value)

    def _printed(self, value: Fraction) -> str:
        return number_format(scoring.displayed(value, self.instrument.bands), decimal_pos=2)

    @cached_property
    def locale(self) -> charts.Locale:
        return charts.Locale(
            number=lambda value: self._printed(Fraction(value).limit_denominator(1_000_000)),
            decimal=get_format("DECIMAL_SEPARATOR"),
        )


def sheet(
    assessment: Assessment, language: str, *, open_areas: Sequence[str] | None = None, side: str | None = None
) -> Sheet:
    """`side`: "company" for a contact, who is shown the company's answers alone."""
    holding: Mapping[str, fold.Current] = queries.current(assessment)
    if side == "company":
        holding = fold.of_company(holding)
    areas = tuple(library.load(assessment.name).areas) if open_areas is None else tuple(open_areas)
    return Sheet(assessment, holding, language, areas)


# The rail of areas, and how far it is


@dataclass(frozen=True)
class AreaRow:
    """One area in the rail: `said` of its `asked` questions are answered or not applicable."""

    code: str
    digits: str
    name: str
    said: int
    asked: int
    ticks: SafeString
    current: bool = False

    @property
    def complete(self) -> bool:
        return self.said == self.asked


@dataclass(frozen=True)
class Listed:
    """A question in a list, with the way to it."""

    code: str
    number: str
    ask: str
    area: str
    chosen: str = ""  # level, or n/a


@dataclass(frozen=True)
class Progress:
    rows: Sequence[AreaRow]
    said: int
    asked: int
    missing: Sequence[Listed]
    disputed: Sequence[Listed]  # in conflict, or differing without a reason
    enough: bool  # for a score, and so for a report
    figure: str
    coverage: str
    band_scale: SafeString = field(default=SafeString())


def progress(found: Sheet, *, current: str | None = None) -> Progress:
    rows = [_area_row(found, area, current=area == current) for area in found.areas if found.inside(area)]
    disputed = [
        question
        for question in found.shown
        if (held := found.holding.get(question.code)) is not None and (held.conflict or held.disagreement)
    ]
    overall = found.scores.overall
    return Progress(
        rows=rows,
        said=sum(row.said for row in rows),
        asked=sum(row.asked for row in rows),
        missing=[listed(found, question) for question in found.shown if not found.said(question.code)],
        disputed=[listed(found, question) for question in disputed],
        enough=overall.value is not None,
        figure=found.figure(overall),
        coverage=coverage_words(found, overall),
        band_scale=band_scale(found, overall),
    )


def listed(found: Sheet, question: Question) -> Listed:
    answer = found.answers.get(question.code)
    chosen = ""
    if answer is not None:
        chosen = str(answer.value) if question.type == "level" and answer.applicable else ""
        chosen = chosen if answer.applicable else "n/a"
    return Listed(
        question.code, found.numbers[question.code], found.of(question.code).ask, question.area, chosen
    )


def _area_row(found: Sheet, area: str, *, current: bool) -> AreaRow:
    questions = found.inside(area)
    said = sum(found.said(question.code) for question in questions)
    return AreaRow(
        area,
        found.digits(area),
        found.words.name(area, found.profile),
        said,
        len(questions),
        strip(found, questions),
        current,
    )


def strip(
    found: Sheet, questions: Sequence[Question], *, width: float = STRIP, height: float = 12
) -> SafeString:
    said = sum(found.said(question.code) for question in questions)
    alt = _("%(said)d of %(asked)d questions") % {"said": said, "asked": len(questions)}
    ticks = [_tick(found, question) for question in questions]
    return _svg(charts.ticks(ticks, alt=alt, width=width, height=height))


def _tick(found: Sheet, question: Question) -> charts.Tick:
    answer = found.answers.get(question.code)
    if answer is None:
        return None
    if not answer.applicable:
        return "not applicable"
    return answer.value if question.type == "level" and isinstance(answer.value, int) else 3


def coverage_words(found: Sheet, score: Score) -> str:
    """How much is answered; where the score is withheld, what it takes to show it."""
    if score.coverage is None:
        return _("No question applies here.")
    if score.value is not None:
        return _("%(answered)d answers out of %(asked)d.") % {
            "answered": score.answered,
            "asked": score.applicable,
        }
    # Said in questions, though the rule is about weight: in our questionnaire all weigh the same.
    needed = ceil(found.instrument.min_coverage * score.applicable)
    return _("Score not shown: %(answered)d of %(asked)d answers, %(needed)d are needed.") % {
        "answered": score.answered,
        "asked": score.applicable,
        "needed": needed,
    }


def band_scale(found: Sheet, score: Score, width: float = RAIL) -> SafeString:
    bands = found.instrument.bands.bands
    if not 2 <= len(bands) <= 5 or score.value is None:
        return SafeString()
    edges = (float(bands[0].low), *(float(band.high) for band in bands))
    alt = _("Score %(score)s on a scale from %(low)s to %(high)s.") % {
        "score": found.figure(score),
        "low": found.locale.plain(float(found.instrument.low)),
        "high": found.locale.plain(float(found.instrument.high)),
    }
    chart = charts.band_scale(
        float(score.value),
        charts.Bands(edges, found.instrument.bands.edge),
        alt=alt,
        locale=found.locale,
        width=width,
    )
    return _svg(chart)


def _svg(chart: charts.Chart) -> SafeString:
    """A chart as it stands in a page; `lib.charts` escapes every text in it."""
    return mark_safe(chart.svg)


# Where one area stands


@dataclass(frozen=True)
class Rail:
    """Scores and pace as the server sees them at one moment."""

    at: datetime
    shown: bool
    figure: str
    band_scale: SafeString
    coverage: str
    answered: int
    applicable: int
    spent: int  # minutes
    left: int | None


def rail(found: Sheet, area: str, *, at: datetime) -> Rail:
    score = found.scores.areas[area]
    times = [
        entry.device_time
        for held in found.holding.values()
        for one in (held.consultant, held.company)
        if one is not None
        for entry in (one.entry, *one.rivals)
        if entry.side == "consultant" and entry.device_time is not None
    ]
    spent = pace.minutes_spent(times)
    answered = sum(found.said(question.code) for question in found.shown)
    return Rail(
        at=at,
        shown=score.value is not None,
        figure=found.figure(score),
        band_scale=band_scale(found, score),
        coverage=coverage_words(found, score),
        answered=score.answered,
        applicable=score.applicable,
        spent=spent,
        left=pace.minutes_left(spent, answered=answered, left=len(found.shown) - answered),
    )


# Before and beside


def previous(assessment: Assessment) -> Assessment | None:
    """The last complete one of an earlier stage, by the same instrument; of a third perhaps the first."""
    if assessment.stage == Assessment.Stage.T0:
        return None
    return queries.earlier(assessment).first()


def search(found: Sheet, typed: str) -> list[Listed]:
    """The questions that hold every word typed, whatever the accents."""
    words = _folded(typed).split()
    return [
        listed(found, question)
        for question in found.shown
        if words and all(word in _searched(found, question) for word in words)
    ]


def _searched(found: Sheet, question: Question) -> str:
    words = found.of(question.code)
    return _folded(f"{found.numbers[question.code]} {words.ask} {words.short}")


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(one for one in decomposed if not unicodedata.combining(one)).casefold()
