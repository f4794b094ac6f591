"""What the page of the benchmark shows: words, figures as they are read, the chart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import get_format, number_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from capofila.assessments import benchmark
from capofila.assessments.benchmark import Comparison, Group
from capofila.assessments.benchmark_entrants import OVERALL
from capofila.assessments.rules.benchmark import LIMITS, Published, Suppressed, Why
from capofila.companies.models import Company
from capofila.companies.sectors import sector_names
from capofila.instruments import library
from capofila.lib import charts


@dataclass(frozen=True)
class GroupRow:
    """One of the groups that could be looked at; `why` it is not shown, in words."""

    level: str
    name: str
    why: str
    cohort: str
    is_chosen: bool


@dataclass(frozen=True)
class Row:
    """One area, or the whole, beside others."""

    digits: str
    name: str
    own: str
    others: int | None
    mean: str
    median: str
    quartiles: str
    lower: str  # how many in 100 are lower, about
    place: str  # the same in words; empty where there are too few
    why: str  # nothing is shown of others; empty where something is


@dataclass(frozen=True)
class LineRow:
    """A published mean of others; what its source does not say is empty."""

    who: str
    note: str
    mean: str
    n: str
    year: str
    source: str
    url: str


@dataclass(frozen=True)
class Page:
    headline: str
    group: str
    companies: int
    cohort: str
    on: date | None
    frozen_on: date | None  # set where a later freeze left the group as it was
    groups: Sequence[GroupRow]
    passed_over: str
    overall: Row
    rows: Sequence[Row]
    chart: SafeString
    chart_narrow: SafeString
    key: SafeString
    key_narrow: SafeString
    dates: Sequence[date]
    lines: Sequence[LineRow]
    is_demo: bool
    least: int  # undertakings behind a mean, and
    least_for_quartiles: int


def page(found: Comparison, language: str) -> Page:
    names = library.spoken(found.assessment.name, language)
    profile = found.assessment.profile or None
    areas = [
        (f"{place:02d}", area, names.name(area, profile))
        for place, area in enumerate(found.instrument.areas, start=1)
    ]
    rows = [_row(found, digits, area, name) for digits, area, name in areas]
    chosen = found.chosen
    smaller = [group for group in found.groups if chosen is None or len(group.path) > len(chosen.path)]
    return Page(
        headline=_headline(found),
        group="" if chosen is None else group_name(chosen, language),
        companies=found.companies,
        cohort="" if chosen is None else chosen.cohort,
        on=None if chosen is None else chosen.on,
        frozen_on=found.frozen_on if chosen is not None and found.frozen_on != chosen.on else None,
        groups=[
            GroupRow(
                group.level,
                group_name(group, language),
                "" if group.why is None else why_words(group.why),
                group.cohort,
                group == chosen,
            )
            for group in found.groups
        ],
        passed_over=_passed_over(chosen, [group for group in smaller if not group.is_published], language),
        overall=_row(found, "", OVERALL, _("Overall")),
        rows=rows,
        chart=_chart(found, areas, narrow=False),
        chart_narrow=_chart(found, areas, narrow=True),
        key=_key(found, charts.WIDE),
        key_narrow=_key(found, charts.NARROW),
        dates=found.dates,
        lines=_lines(found.instrument.code, language) if chosen is None else (),
        is_demo=found.is_demo,
        least=LIMITS.smallest,
        least_for_quartiles=LIMITS.smallest_for_quartiles,
    )


# Words


def group_name(group: Group, language: str) -> str:
    """A group as people call it: "Manufacturing, small enterprise, BG"."""
    if not group.path:
        return _("all companies")
    sizes = {str(value): str(words) for value, words in Company.Size.choices}
    sectors = sector_names(language)
    said = [
        sectors.get(group.path[0], _("sector not known")),
        *(sizes.get(size, _("size not known")) for size in group.path[1:2]),
        *(province or _("province not known") for province in group.path[2:3]),
    ]
    return ", ".join(said)


def why_words(why: Why) -> str:
    words = {
        "too-few": _("fewer than %(least)d companies, linked ones counted as one")
        % {"least": LIMITS.smallest},
        "known": _("one or two partners know nearly all of these companies, and could work out the others"),
        "dominance": _("one or two companies make nearly all of it, or all are alike: it would tell of each"),
        "together": _("its companies entered together with others, and are counted in the larger group"),
    }
    return words[why]


def _passed_over(chosen: Group | None, smaller: Sequence[Group], language: str) -> str:
    """The widening, said aloud; empty where the smallest group is the one that is shown."""
    if chosen is None or not smaller:
        return ""
    return _("Not with %(smaller)s: %(why)s. So compared with %(chosen)s.") % {
        "smaller": group_name(smaller[0], language),
        "why": why_words(smaller[0].why or "too-few"),
        "chosen": group_name(chosen, language),
    }


def _headline(found: Comparison) -> str:
    if found.chosen is None:
        return _("Not yet companies enough to compare with")
    known = [
        (own, others)
        for area in found.instrument.areas
        if (own := found.own.get(area)) is not None and (others := found.others(area)) is not None
    ]
    if not known:
        return _("No area can be compared")
    above = sum(own > others.middle for own, others in known)
    by_median = all(others.median is not None for _own, others in known)
    facts = {"above": above, "areas": len(known)}
    if by_median:
        return _("Higher than half of the others in %(above)d of %(areas)d areas") % facts
    return _("Above the mean of the others in %(above)d of %(areas)d areas") % facts


def _row(found: Comparison, digits: str, measure: str, name: str) -> Row:
    figures = (found.measures or {}).get(measure)
    others = figures if isinstance(figures, Published) else None
    percentile = found.percentile(measure)
    return Row(
        digits=digits,
        name=name,
        own=_printed(found.own.get(measure)),
        others=None if others is None else others.companies,
        mean=_printed(None if others is None else others.mean),
        median=_printed(None if others is None else others.median),
        quartiles=charts.DASH
        if others is None or others.quartiles is None
        else "–".join(map(_printed, others.quartiles)),
        lower=charts.DASH if percentile is None else str(percentile),
        place=_place(percentile),
        why=why_words(figures.why) if isinstance(figures, Suppressed) else "",
    )


def _place(percentile: int | None) -> str:
    """About how many are lower, in words."""
    if percentile is None:
        return ""
    if percentile <= 5:
        return _("among the lowest 10 in 100")
    if percentile >= 95:
        return _("among the highest 10 in 100")
    return _("higher than about %(count)d in 100") % {"count": percentile}


def _printed(hundredths: int | None) -> str:
    return charts.DASH if hundredths is None else number_format(hundredths / 100, decimal_pos=2)


def _lines(instrument: str, language: str) -> list[LineRow]:
    return [
        LineRow(
            line.who,
            line.note,
            _printed(int(line.mean * 100)),
            line.n,
            "" if line.year is None else str(line.year),
            line.source,
            line.url,
        )
        for line in benchmark.reference_lines(instrument, language)
    ]


# Charts


def _chart(found: Comparison, areas: Sequence[tuple[str, str, str]], *, narrow: bool) -> SafeString:
    rows = [_bar(found, digits, area, name) for digits, area, name in areas]
    locale = charts.Locale(
        number=lambda value: number_format(value, decimal_pos=2), decimal=get_format("DECIMAL_SEPARATOR")
    )
    return _svg(charts.bars(rows, alt=_alt(found, areas), locale=locale, scale=_scale(found), narrow=narrow))


def _bar(found: Comparison, digits: str, area: str, name: str) -> charts.BarRow:
    others = found.others(area)
    own = found.own.get(area)
    quartiles = None if others is None else others.quartiles
    return charts.BarRow(
        digits,
        name,
        None if own is None else own / 100,
        None if others is None else others.middle / 100,
        None if quartiles is None else (quartiles[0] / 100, quartiles[1] / 100),
    )


def _scale(found: Comparison) -> charts.Scale:
    return charts.PERCENT if found.instrument.high == charts.PERCENT.high else charts.LEVELS


def _alt(found: Comparison, areas: Sequence[tuple[str, str, str]]) -> str:
    said = []
    for _digits, area, name in areas:
        others = found.others(area)
        said.append(
            _("%(name)s %(own)s, others %(others)s")
            % {
                "name": name,
                "own": _printed(found.own.get(area)),
                "others": _printed(None if others is None else others.middle),
            }
        )
    return "; ".join(said)


def _key(found: Comparison, width: float) -> SafeString:
    """What the marks mean, of those that are drawn."""
    shown = [others for area in found.instrument.areas if (others := found.others(area)) is not None]
    keys = [charts.Key("own bar", _("this company"))]
    if any(others.quartiles for others in shown):
        keys.append(charts.Key("peers band", _("the middle half of the others")))
    if any(others.median is not None for others in shown):
        keys.append(charts.Key("median", _("their median")))
    elif shown:
        keys.append(charts.Key("median", _("their mean")))
    return _svg(charts.legend(keys, width=width))


def _svg(chart: charts.Chart) -> SafeString:
    """A chart as it stands in a page; `lib.charts` escapes every text in it."""
    return mark_safe(chart.svg)
