"""What changed between two assessments: scores, answers, what cannot be compared, actions done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from capofila.assessments import queries as assessments
from capofila.assessments.comparing import compared
from capofila.assessments.models import Assessment
from capofila.assessments.rules.comparison import Apart, Change, Comparison
from capofila.assessments.rules.fold import Current
from capofila.assessments.rules.scoring import Score
from capofila.companies.models import Company
from capofila.desk import queries
from capofila.instruments import library as instruments
from capofila.lib import charts
from capofila.reports.picture import Picture, value
from capofila.roadmap import library as actions
from capofila.roadmap import queries as roadmaps
from capofila.roadmap.models import Progress

HALF = 640.0  # units: width of a chart in half a page


@dataclass(frozen=True)
class Row:
    name: str
    before: str
    after: str
    rise: str


@dataclass(frozen=True)
class Side:
    """One answer: `words` of a level are the questionnaire's, `on` the day of what was noted."""

    level: str
    words: str
    note: str
    on: date | None


@dataclass(frozen=True)
class Changed:
    number: str
    question: str
    before: Side
    after: Side


@dataclass(frozen=True)
class Reason:
    why: str
    questions: Sequence[str]  # numbers, or codes of the earlier version


@dataclass(frozen=True)
class Page:
    before: Assessment
    after: Assessment
    overall: Row
    areas: Sequence[Row]
    dimensions: Sequence[Row]
    bars: SafeString
    bars_narrow: SafeString
    compared: int
    changed: Sequence[Changed]
    apart: Sequence[Reason]
    done: Sequence[tuple[str, date]]  # actions of the earlier roadmap, with the day


def choices(assessment: Assessment) -> list[Assessment]:
    """What it can be compared with, the stage just before first: a third with the second, or the first."""
    return list(assessments.earlier(assessment).select_related("company"))


def chosen(found: Sequence[Assessment], number: str) -> Assessment | None:
    """The one of that number, else the first; None where there is none."""
    return next((one for one in found if str(one.pk) == number), found[0] if found else None)


def newest(company: Company) -> Assessment | None:
    """The company's newest assessment that has one before it."""
    later = Assessment.objects.filter(company=company).exclude(stage=Assessment.Stage.T0)
    return next((one for one in later.order_by("-day", "-pk") if assessments.earlier(one).exists()), None)


def both(before: Assessment, after: Assessment) -> Comparison:
    """Raises `Problem` where no crosswalk says how two versions belong together."""
    return compared(assessments.submission(before), assessments.submission(after))


def page(before: Assessment, after: Assessment, language: str) -> Page:
    """Raises `Problem` as `both` does."""
    found = both(before, after)
    p = queries.picture_of(after, assessments.answers(after), language)
    held = assessments.current(before), assessments.current(after)
    return Page(
        before=before,
        after=after,
        overall=_row(p, _("Overall"), found.before.overall, found.after.overall),
        areas=[
            _row(p, f"{area.digits} {area.name}", found.before.areas[area.code], found.after.areas[area.code])
            for area in p.areas
            if area.code in found.after.areas
        ],
        dimensions=[
            _row(p, p.dimension_name(code), found.before.dimensions[code], score)
            for code, score in found.after.dimensions.items()
            if score.value is not None
        ],
        bars=_bars(p, found, narrow=False),
        bars_narrow=_bars(p, found, narrow=True),
        compared=len(found.compared),
        changed=[_changed(p, change, before, held, language) for change in found.changed],
        apart=_apart(p, found.apart, before.version),
        done=_done(before, after, language),
    )


def _row(p: Picture, name: str, before: Score, after: Score) -> Row:
    apart = p.distance(after, before)
    if apart != charts.DASH and not apart.startswith(("-", "\N{MINUS SIGN}")):
        apart = f"+{apart}" if any(digit in apart for digit in "123456789") else "="
    return Row(name, p.figure(before), p.figure(after), apart.replace("-", "\N{MINUS SIGN}"))


def _bars(p: Picture, found: Comparison, *, narrow: bool) -> SafeString:
    rows = [
        charts.BarRow(
            area.digits, area.name, value(found.after.areas[area.code]), value(found.before.areas[area.code])
        )
        for area in p.areas
        if area.code in found.after.areas
    ]
    chart = charts.bars(
        rows,
        alt=_("Scores by area, before and after: the table beside has the figures."),
        locale=p.locale,
        scale=p.scale,
        ordered=False,
        width=HALF,
        narrow=narrow,
    )
    return mark_safe(chart.svg) if rows else SafeString()


def _changed(
    p: Picture,
    change: Change,
    before: Assessment,
    held: tuple[Mapping[str, Current], Mapping[str, Current]],
    language: str,
) -> Changed:
    code, then = change.question, instruments.spoken(before.name, language)
    known = code in instruments.load(before.name).by_code
    levels = then.of(code, before.profile or None).levels if known else ()
    return Changed(
        p.numbers[code],
        p.question(code).ask,
        _side(change.before, levels, held[0].get(code)),
        _side(change.after, p.question(code).levels, held[1].get(code)),
    )


def _side(said: object, levels: Sequence[str], current: Current | None) -> Side:
    words = levels[said - 1] if isinstance(said, int) and len(levels) >= said >= 1 else ""
    entry = current.entry if current is not None and current.holds is not None else None
    note = entry.note if entry is not None else ""
    told = entry.device_time or entry.received_at if entry is not None else None
    shown = (
        f"{float(said):.2f}" if isinstance(said, Fraction) else str(said) if isinstance(said, int) else "✓"
    )
    return Side(shown, words, note, timezone.localdate(told) if told is not None else None)


def _apart(p: Picture, apart: Sequence[Apart], old: str) -> list[Reason]:
    groups: dict[tuple[str, str], list[str]] = {}
    for one in apart:
        groups.setdefault((one.why, one.when), []).append(p.numbers.get(one.question, one.question))
    return [
        Reason(
            p.say.say(
                f"then.why-{why}", when=p.say.say(f"then.when-{when}"), version=p.instrument.version, old=old
            ),
            questions,
        )
        for (why, when), questions in groups.items()
    ]


def done(before: Assessment, after: Assessment) -> list[Progress]:
    """Actions of the earlier assessment's roadmap that were done by the day of the later one, by day."""
    rows = roadmaps.progress(before).values()
    found = [row for row in rows if row.state == Progress.State.DONE and row.on <= after.day]
    return sorted(found, key=lambda row: row.on)


def _done(before: Assessment, after: Assessment, language: str) -> list[tuple[str, date]]:
    found = done(before, after)
    if not found:
        return []
    words, profile = actions.words(before.name, language), before.profile or None
    return [(words.of(row.action, profile).name, row.on) for row in found if row.action in words.actions]
