"""Freeze the benchmark at the end of a quarter: who enters, who leaves, which groups have new figures.

Each freeze of an instrument happens once, in order. A group whose batches did not change keeps the row,
the id and the date it had. The rules: rules/cohorts.py
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from capofila.assessments import benchmark_entrants as entrants
from capofila.assessments.benchmark_entrants import Eligible, Score, Values
from capofila.assessments.benchmark_models import (
    BenchmarkBatch,
    BenchmarkBatchEnd,
    BenchmarkFreeze,
    BenchmarkGroup,
    BenchmarkMember,
)
from capofila.assessments.models import Assessment
from capofila.assessments.rules import cohorts
from capofila.assessments.rules.benchmark import LIMITS, Why
from capofila.assessments.rules.cohorts import Entrant, Formed, Path
from capofila.companies.models import Company
from capofila.consortium.models import Hub
from capofila.instruments import library
from capofila.lib.problems import Problem, gettext_noop

UNKNOWN = "?"
CHUNK = 2_000  # rows written at once


class CannotFreeze(Problem):
    """The benchmark is frozen in order, at the ends of quarters that are over."""


def key_of(path: Path) -> str:
    """How a group is written: "manufacturing/small/BG"; all companies are ""."""
    return "/".join(part or UNKNOWN for part in path)


def path_of(key: str) -> Path:
    return tuple("" if part == UNKNOWN else part for part in key.split("/")) if key else ()


def freeze_all(on: date, *, today: date, at: datetime) -> list[BenchmarkFreeze]:
    """Freeze every instrument that has been answered; those frozen already are given back as they are.

    Raises `CannotFreeze`.
    """
    named = Assessment.objects.filter(state=Assessment.State.COMPLETE).order_by("instrument")
    return [
        freeze(instrument, on, today=today, at=at)
        for instrument in named.values_list("instrument", flat=True).distinct()
    ]


@transaction.atomic
def freeze(
    instrument: str, on: date, *, today: date, at: datetime, score: Score = entrants.scores
) -> BenchmarkFreeze:
    """The freeze of one instrument on a day, made unless it is there. Raises `CannotFreeze`."""
    Hub.objects.select_for_update(no_key=True).first()  # one freeze at a time
    is_demo = entrants.is_demonstration()
    known = BenchmarkFreeze.objects.filter(instrument=instrument, is_demo=is_demo)
    made = known.filter(on=on).first()
    if made is not None:
        return made
    _check(on, today, known.filter(on__gt=on).order_by("-on").first())
    standing = _standing(instrument, is_demo)
    found = entrants.eligible(instrument, on, is_demo=is_demo)
    leaving = _leaving(standing, found, on)
    staying = [batch for batch in standing if batch.row.pk not in leaving]
    coming = _coming(staying, found, on, score)
    bottom = int(library.load(instrument).low * 100)
    formed = cohorts.form(coming, _held(staying), bottom=bottom)

    row = BenchmarkFreeze.objects.create(instrument=instrument, on=on, is_demo=is_demo, made_at=at)
    ends = [BenchmarkBatchEnd(batch_id=pk, freeze=row) for pk in sorted(leaving)]
    BenchmarkBatchEnd.objects.bulk_create(ends)
    by_id = {each.assessment.pk: each for each in found}
    entered = [_written(row, batch, by_id) for batch in formed.batches]
    gone = [batch for batch in standing if batch.row.pk in leaving]
    _write_groups(row, [*staying, *entered], touched=[*gone, *entered], formed=formed)
    return row


def _check(on: date, today: date, newer: BenchmarkFreeze | None) -> None:
    if not cohorts.is_quarter_end(on):
        raise CannotFreeze(
            "benchmark.not-a-quarter-end",
            gettext_noop("The benchmark is frozen at the end of a quarter, and {day} is none."),
            day=on.isoformat(),
        )
    if on >= today:
        raise CannotFreeze(
            "benchmark.not-over",
            gettext_noop("The benchmark of {day} is frozen once that day is over."),
            day=on.isoformat(),
        )
    if newer is not None:
        raise CannotFreeze(
            "benchmark.frozen-later",
            gettext_noop("The benchmark is frozen up to {newest}; {day} can no longer be added before it."),
            newest=newer.on.isoformat(),
            day=on.isoformat(),
        )


# What stands, who leaves, who comes


@dataclass(frozen=True, slots=True)
class Member:
    """One company in a batch, as little as a freeze needs of it."""

    company: int
    assessment: int
    unit: int
    key: str
    values: Values


@dataclass
class Standing:
    """A batch with its members."""

    row: BenchmarkBatch
    path: Path
    entered: date
    members: list[Member] = field(default_factory=list)

    @property
    def above(self) -> list[Path]:
        """The groups it is counted in, all companies first."""
        return [self.path[:length] for length in range(len(self.path) + 1)]


def _held(staying: Iterable[Standing]) -> Counter[Path]:
    """Group -> the companies it counts."""
    held = Counter[Path]()
    for batch in staying:
        for path in batch.above:
            held[path] += len(batch.members)
    return held


def _standing(instrument: str, is_demo: bool) -> list[Standing]:
    rows = BenchmarkBatch.objects.filter(
        freeze__instrument=instrument, freeze__is_demo=is_demo, end__isnull=True
    ).select_related("freeze")
    found = {row.pk: Standing(row, path_of(row.key), row.freeze.on) for row in rows}
    members = BenchmarkMember.objects.filter(
        batch__freeze__instrument=instrument, batch__freeze__is_demo=is_demo, batch__end__isnull=True
    ).order_by("pk")
    facts = ("batch", "company", "assessment", "unit", "key", "values")
    for batch, *member in members.values_list(*facts).iterator(CHUNK):
        found[batch].members.append(Member(*member))
    return [found[pk] for pk in sorted(found)]


def _leaving(standing: Sequence[Standing], found: Sequence[Eligible], on: date) -> set[int]:
    """Batches that leave. A company that went into another one counts under that one's number."""
    newest = {each.assessment.company_id: each.assessment.pk for each in found}
    into = _merged()
    leaving = set()
    for batch in standing:
        again = sum(
            newest.get(into.get(member.company, member.company), member.assessment) != member.assessment
            for member in batch.members
        )
        if cohorts.leaves(entered=batch.entered, companies=len(batch.members), assessed_again=again, on=on):
            leaving.add(batch.row.pk)
    return leaving


def _merged() -> dict[int, int]:
    """Company -> the one it went into in the end."""
    rows = Company.objects.filter(merged_into__isnull=False).values_list("pk", "merged_into")
    into = {one: other for one, other in rows if other is not None}
    for one in into:
        while into[one] in into:
            into[one] = into[into[one]]
    return into


def _coming(staying: Sequence[Standing], found: Sequence[Eligible], on: date, score: Score) -> list[Entrant]:
    """Companies in no batch that have an overall score, by an assessment that was never in one."""
    into = _merged()
    inside = {into.get(member.company, member.company) for batch in staying for member in batch.members}
    spent = set(BenchmarkMember.objects.values_list("assessment", flat=True))
    new = [
        each for each in found if each.assessment.company_id not in inside and each.assessment.pk not in spent
    ]
    scored = score([each.assessment for each in new])
    companies = [each.assessment.company_id for each in new]
    tied, knowing = entrants.undertakings(on), entrants.known_to(companies, on)
    return [
        Entrant(
            id=each.assessment.pk,
            unit=tied.get(company, company),
            path=each.path,
            values=scored[each.assessment.pk],
            known_to=knowing.get(company, frozenset()),
            waited=(on - each.completed_on).days,
        )
        for each, company in zip(new, companies, strict=True)
        if scored[each.assessment.pk].get(entrants.OVERALL) is not None
    ]


# Writing


def _written(row: BenchmarkFreeze, batch: cohorts.Batch, by_id: Mapping[int, Eligible]) -> Standing:
    kept = BenchmarkBatch.objects.create(freeze=row, key=key_of(batch.path), left_out=dict(batch.left_out))
    rows = [
        BenchmarkMember(
            batch=kept,
            company_id=by_id[each.id].assessment.company_id,
            assessment_id=each.id,
            stage=by_id[each.id].assessment.stage,
            unit=each.unit,
            key=key_of(each.path),
            values=dict(each.values),
        )
        for each in batch.entrants
    ]
    BenchmarkMember.objects.bulk_create(rows, batch_size=CHUNK)
    members = [Member(each.company_id, each.assessment_id, each.unit, each.key, each.values) for each in rows]
    return Standing(kept, batch.path, row.on, members)


@dataclass
class _Group:
    """What is gathered of a group while its batches are walked."""

    companies: int = 0
    batches: list[int] = field(default_factory=list)
    counts: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    units: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    left_out: dict[str, str] = field(default_factory=dict)

    @property
    def figures(self) -> dict[str, object]:
        """Measure -> what its figures are made from, or why there are none."""
        return {
            **{measure: {"why": why} for measure, why in self.left_out.items()},
            **{
                measure: {"units": len(self.units[measure]), "counts": dict(sorted(counts.items()))}
                for measure, counts in self.counts.items()
            },
        }


def _write_groups(
    row: BenchmarkFreeze, standing: Sequence[Standing], *, touched: Sequence[Standing], formed: Formed
) -> None:
    """A row for each group that changed: its figures, or why it has none."""
    changed = {path for batch in touched for path in batch.above}
    found: dict[Path, _Group] = {path: _Group() for path in changed}
    present = _present(standing, formed.waiting)
    for batch in standing:
        for path in changed.intersection(batch.above):
            _add(found[path], batch)
    for path in present:
        found.setdefault(path, _Group())
    published = {path for batch in standing for path in batch.above} - changed
    newest = _newest(row)
    rows = []
    for path in sorted(set(found) - published):
        group = found[path]
        made = _group_row(row, path, group, present.get(path, set()), formed.why.get(path))
        known = newest.get(made.key)
        if known != (made.content, made.why) and (known is not None or made.cohort or made.why != "too-few"):
            rows.append(made)
    BenchmarkGroup.objects.bulk_create(rows, batch_size=CHUNK)


def _add(group: _Group, batch: Standing) -> None:
    group.companies += len(batch.members)
    group.batches.append(batch.row.pk)
    group.left_out.update(batch.row.left_out)
    for member in batch.members:
        for measure, value in member.values.items():
            if value is not None and measure not in batch.row.left_out:
                group.counts[measure][value] += 1
                group.units[measure].add(member.unit)


def _present(standing: Iterable[Standing], waiting: Iterable[Entrant]) -> dict[Path, set[int]]:
    """Group -> the undertakings that belong to it, wherever they are counted and if they wait."""
    found: dict[Path, set[int]] = defaultdict(set)
    pairs = [(path_of(member.key), member.unit) for batch in standing for member in batch.members]
    pairs += [(each.path, each.unit) for each in waiting]
    for path, unit in pairs:
        for length in range(len(path) + 1):
            found[path[:length]].add(unit)
    return found


def _group_row(
    row: BenchmarkFreeze, path: Path, group: _Group, present: set[int], reason: Why | None
) -> BenchmarkGroup:
    key = key_of(path)
    content = hashlib.sha256(repr((row.instrument, key, group.batches)).encode()).hexdigest()
    why: str = ""
    if not group.batches:
        why = "too-few" if len(present) < LIMITS.smallest else reason or "together"
    quarter = f"{row.on.year}Q{(row.on.month + 2) // 3}"
    name = key.replace("/", "-").replace(UNKNOWN, "unknown") or "all"
    return BenchmarkGroup(
        freeze=row,
        key=key,
        cohort="" if why else f"{quarter}-{name}-{content[:4]}",
        why=why,
        companies=group.companies,
        content=content,
        figures=group.figures,
    )


def _newest(row: BenchmarkFreeze) -> dict[str, tuple[str, str]]:
    """Group -> what its newest row before this freeze says."""
    rows = BenchmarkGroup.objects.filter(
        freeze__instrument=row.instrument, freeze__is_demo=row.is_demo, freeze__on__lt=row.on
    )
    found = rows.order_by("freeze__on").values_list("key", "content", "why")
    return {key: (content, why) for key, content, why in found}
