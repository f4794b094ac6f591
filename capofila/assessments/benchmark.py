"""Reading the benchmark: one assessment beside the group it is compared with, as frozen.

Groups are read from the rows that freezes wrote, four of them at most, so that a page takes the same time
whether a hundred companies were assessed or a hundred thousand. Values are hundredths of the scale.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache, cached_property
from pathlib import Path as File
from typing import Any, Literal, cast

import yaml
from django.db.models import QuerySet

from capofila.assessments import benchmark_entrants as entrants
from capofila.assessments import queries
from capofila.assessments.benchmark_entrants import OVERALL, Values
from capofila.assessments.benchmark_freezing import key_of
from capofila.assessments.benchmark_models import BenchmarkFreeze, BenchmarkGroup, BenchmarkMember
from capofila.assessments.models import Assessment
from capofila.assessments.rules import benchmark, scoring
from capofila.assessments.rules.benchmark import Published, Suppressed, Tally, Why
from capofila.assessments.rules.cohorts import DEEPEST, Path
from capofila.companies import queries as companies
from capofila.instruments import library
from capofila.instruments.rules.shape import Instrument

LINES = File(__file__).parent / "data" / "reference-lines.yaml"
Level = Literal["province", "size", "sector", "all"]
LEVELS: tuple[Level, ...] = ("all", "sector", "size", "province")  # by the length of their path


@dataclass(frozen=True)
class Group:
    """One of the groups a company belongs to, from the smallest to all; published, or why not."""

    level: Level
    path: Path
    cohort: str = ""
    on: date | None = None
    why: Why | None = None
    row: int | None = None

    @property
    def is_published(self) -> bool:
        return bool(self.cohort)

    @property
    def key(self) -> str:
        return key_of(self.path)


@dataclass(frozen=True)
class Line:
    """A published mean of others, by another questionnaire on the same scale."""

    code: str
    mean: Fraction
    who: str
    note: str
    n: str  # as the source says it; empty where it does not
    year: int | None
    source: str
    url: str


@dataclass(frozen=True)
class Comparison:
    """One assessment beside others. `measures`: area or "overall" -> figures of others, or why none."""

    assessment: Assessment
    instrument: Instrument
    own: Values
    groups: Sequence[Group]  # the smallest first
    chosen: Group | None  # that it is compared with; None where no group is published
    companies: int = 0  # others in it
    measures: Mapping[str, Published | Suppressed] | None = None
    dates: Sequence[date] = ()  # on which the chosen group had new figures, newest first
    frozen_on: date | None = None  # the newest freeze, which may have left this group as it was
    is_demo: bool = False

    def others(self, measure: str) -> Published | None:
        found = (self.measures or {}).get(measure)
        return found if isinstance(found, Published) else None

    def percentile(self, measure: str) -> int | None:
        own, others = self.own.get(measure), self.others(measure)
        if own is None or others is None:
            return None
        return benchmark.percentile(own, others, bottom=self.bottom, top=int(self.instrument.high * 100))

    @cached_property
    def bottom(self) -> int:
        return int(self.instrument.low * 100)


def compared(
    assessment: Assessment,
    *,
    level: str | None = None,
    on: date | None = None,
    own: Values | None = None,
) -> Comparison:
    """The assessment beside the smallest published group of its company, or the one of `level`.

    `on`: as it was published by that day, for a look back; `own`: its scores, where the caller has them.
    """
    instrument = library.load(assessment.name)
    is_demo = entrants.is_demonstration()
    path = entrants.path_of(assessment.company)
    groups = _groups(assessment.instrument, path, is_demo, on)
    published = [group for group in groups if group.is_published]
    chosen = next((group for group in published if group.level == level), published[0] if published else None)
    freezes = BenchmarkFreeze.objects.filter(instrument=assessment.instrument, is_demo=is_demo)
    newest = freezes.order_by("-on").values_list("on", flat=True).first()
    scores = own_values(assessment) if own is None else own
    if chosen is None:
        return Comparison(assessment, instrument, scores, groups, None, frozen_on=newest, is_demo=is_demo)
    row = BenchmarkGroup.objects.select_related("freeze").get(pk=chosen.row or 0)
    members = _own_members(assessment, row, chosen.path)
    return Comparison(
        assessment,
        instrument,
        scores,
        groups,
        chosen,
        companies=row.companies - len(members),
        measures=_measures(instrument, row, members),
        dates=_dates(row),
        frozen_on=newest,
        is_demo=is_demo,
    )


def peers(assessment: Assessment, *, own: Values | None = None) -> dict[str, Fraction]:
    """Area, and "overall" -> where others stand, on the instrument's scale: their median, or their mean where
    they are too few for one. Areas withheld are absent; empty where no group is published.
    """
    found = compared(assessment, own=own)
    return {
        measure: Fraction(figures.middle, 100)
        for measure, figures in (found.measures or {}).items()
        if isinstance(figures, Published)
    }


def own_values(assessment: Assessment) -> Values:
    instrument = library.load(assessment.name)
    scored = scoring.score(instrument, queries.answers(assessment), assessment.profile or None)
    return entrants.in_hundredths(instrument.bands, scored)


# Groups


def _groups(instrument: str, path: Path, is_demo: bool, on: date | None) -> list[Group]:
    """From the smallest to all. Of a group that nobody ever looked at there are too few."""
    paths = [path[:length] for length in range(DEEPEST, -1, -1)]
    rows = _rows(instrument, is_demo, on).filter(key__in=[key_of(each) for each in paths])
    listed = rows.order_by("freeze__on").values("pk", "key", "cohort", "why", "freeze__on")
    newest = {row["key"]: row for row in listed}
    found = []
    for each in paths:
        row = newest.get(key_of(each))
        level = LEVELS[len(each)]
        if row is None:
            found.append(Group(level, each, why="too-few"))
        else:
            why = cast(Why | None, row["why"] or None)
            found.append(Group(level, each, row["cohort"], row["freeze__on"], why, row["pk"]))
    return found


def _rows(instrument: str, is_demo: bool, on: date | None = None) -> QuerySet[BenchmarkGroup]:
    rows = BenchmarkGroup.objects.filter(freeze__instrument=instrument, freeze__is_demo=is_demo)
    return rows if on is None else rows.filter(freeze__on__lte=on)


def _dates(row: BenchmarkGroup) -> list[date]:
    rows = _rows(row.freeze.instrument, row.freeze.is_demo).filter(key=row.key).exclude(cohort="")
    return list(rows.order_by("-freeze__on").values_list("freeze__on", flat=True))


def _own_members(assessment: Assessment, row: BenchmarkGroup, path: Path) -> list[BenchmarkMember]:
    """The company's own rows among those that the group counted when it was frozen."""
    own = BenchmarkMember.objects.filter(
        company__in=companies.same_company(assessment.company),
        batch__freeze__instrument=row.freeze.instrument,
        batch__freeze__is_demo=row.freeze.is_demo,
        batch__freeze__on__lte=row.freeze.on,
    )
    found = own.select_related("batch__end__freeze")
    return [
        member
        for member in found
        if _is_under(member.batch.key, key_of(path)) and not _had_left(member, row.freeze.on)
    ]


def _is_under(key: str, group: str) -> bool:
    return not group or key == group or key.startswith(f"{group}/")


def _had_left(member: BenchmarkMember, on: date) -> bool:
    end = getattr(member.batch, "end", None)
    return end is not None and end.freeze.on <= on


# Figures


def _measures(
    instrument: Instrument, row: BenchmarkGroup, members: Sequence[BenchmarkMember]
) -> dict[str, Published | Suppressed]:
    found = {
        measure: _figures(measure, row.figures.get(measure), members)
        for measure in (OVERALL, *instrument.areas)
    }
    overall = found[OVERALL]
    if isinstance(overall, Published):
        found[OVERALL] = _mean_of_areas(overall, [found[area] for area in instrument.areas])
    return found


def _figures(
    measure: str, stored: Mapping[str, Any] | None, members: Sequence[BenchmarkMember]
) -> Published | Suppressed:
    if stored is None or "why" in stored:
        return Suppressed("too-few" if stored is None else stored["why"])
    tally = Tally(stored["units"], Counter({int(value): n for value, n in stored["counts"].items()}))
    own = [
        member.values[measure]
        for member in members
        if member.values.get(measure) is not None and measure not in member.batch.left_out
    ]
    return benchmark.figures(tally, own)


def _mean_of_areas(overall: Published, areas: Sequence[Published | Suppressed]) -> Published | Suppressed:
    """The overall mean says no more than the areas' means: a mean of its own would let whoever subtracts
    those learn of the few companies that lack an area. Without any area there is none.
    """
    means = [area.mean for area in areas if isinstance(area, Published)]
    if not means:
        return areas[0]
    mean = (Fraction(sum(means), len(means)) + Fraction(1, 2)).__floor__()
    return Published(overall.companies, mean, overall.points)


# Reference lines


def reference_lines(instrument: str, language: str) -> list[Line]:
    """What others published, in the order of the file; none for other questionnaires and scales."""
    data = _lines()
    if instrument not in data["instruments"]:
        return []
    return [
        Line(
            code=each["code"],
            mean=Fraction(each["mean"]),
            who=each[language]["who"],
            note=each[language]["note"],
            n=(each["n"] or {}).get(language, ""),
            year=each["year"],
            source=each["source"],
            url=each["url"],
        )
        for each in data["lines"]
    ]


@cache
def _lines() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(LINES.read_text(encoding="utf-8"))
    return found
