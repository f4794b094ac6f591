"""Beside others: the peers of a frozen cohort, or, until there are enough, published reference lines."""

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from capofila import assessments
from capofila.assessments.rules import benchmark, scoring
from capofila.assessments.rules.benchmark import Published, Suppressed
from capofila.assessments.rules.scoring import Score
from capofila.lib import charts
from capofila.lib.document import (
    Aside,
    Block,
    Bullets,
    Chapter,
    Column,
    Figure,
    Heading,
    Inline,
    Paragraph,
    Run,
    Table,
)
from capofila.reports.chapters import blocks
from capofila.reports.peers import OVERALL, Peers
from capofila.reports.picture import Picture, value

READ = 3  # sentences on how to read the lines
CHART = 130  # mm; the comparison stays on one page
LINES = Path(assessments.__file__).parent / "data" / "reference-lines.yaml"


def chapters(p: Picture) -> list[Chapter]:
    """Peers where their figures may be shown, else what others published; nothing without a score."""
    if p.scores.overall.value is None:
        return []
    if p.peers is not None and any(isinstance(found, Published) for found in p.peers.measures.values()):
        return [_beside(p, p.peers)]
    lines = _lines()["lines"] if p.instrument.code in _lines()["instruments"] else []
    return [_published(p, lines)] if lines else []


# Peers


def _beside(p: Picture, peers: Peers) -> Chapter:
    say = p.say
    group = say.say(f"benchmark.group-{peers.level}")
    found: list[Block] = [
        Paragraph(say.say("benchmark.lead", group=group, count=peers.companies), "lead"),
        *_chart(p, peers),
        _table(p, peers),
        Heading(say.say("benchmark.how")),
        Paragraph(" ".join(_facts(p, peers, group)), "small"),
    ]
    title = say.say("benchmark.title", group=group)
    return Chapter("benchmark", title, found, running=say.say("benchmark.running"))


def _others(peers: Peers, measure: str) -> Published | None:
    found = peers.measures.get(measure)
    return found if isinstance(found, Published) else None


def _chart(p: Picture, peers: Peers) -> list[Block]:
    say = p.say
    ahead = [
        area.name
        for area in p.ranked
        if (others := _others(peers, area.code)) and _hundredths(p, area.score) > others.middle
    ]
    alt = say.say("benchmark.alt", ahead=len(ahead), count=len(p.ranked))
    rows = []
    for area in p.areas:
        others = _others(peers, area.code)
        quarters = None if others is None else others.quartiles
        rows.append(
            charts.BarRow(
                area.digits,
                area.name,
                value(area.score),
                None if others is None else others.middle / 100,
                None if quarters is None else (quarters[0] / 100, quarters[1] / 100),
            )
        )
    chart = charts.bars(rows, alt=alt, locale=p.locale, scale=p.scale, width=charts.PAGE)
    return [Figure(chart, alt, say.say("benchmark.read"), width=CHART)]


def _hundredths(p: Picture, score: Score) -> int:
    return int(scoring.displayed(score.value or Fraction(0), p.instrument.bands) * 100)


def _table(p: Picture, peers: Peers) -> Table:
    say = p.say
    rows = [
        _row(p, peers, area.code, f"{area.digits} {area.name}", area.score)
        for area in p.areas
        if area.score.value is not None
    ]
    columns = [
        Column(say.say("column.area"), 1.2),
        *(Column(say.say(f"column.{name}"), 0.3, figures=True) for name in ("you", "middle")),
        Column(say.say("column.half"), 0.46, figures=True),
        Column(say.say("column.place"), 1.1),
    ]
    foot = _row(p, peers, OVERALL, say.say("steps.overall"), p.scores.overall)
    return Table(columns, rows, say.say("benchmark.caption"), foot=foot, dense=True)


def _row(p: Picture, peers: Peers, measure: str, name: str, score: Score) -> list[Inline]:
    say, found = p.say, peers.measures.get(measure)
    if not isinstance(found, Published):
        why = found.why if isinstance(found, Suppressed) else "too-few"
        return [name, p.figure(score), "–", "–", say.say(f"benchmark.why-{why}")]
    half = "–"
    if found.quartiles is not None:
        low, high = (p.printed(Fraction(edge, 100)) for edge in found.quartiles)
        half = say.say("benchmark.half", low=low, high=high)
    low_end, high_end = int(p.instrument.low * 100), int(p.instrument.high * 100)
    share = benchmark.percentile(_hundredths(p, score), found, bottom=low_end, top=high_end)
    place = say.say("benchmark.mean") if share is None else say.say("benchmark.above", share=share)
    return [name, p.figure(score), p.printed(Fraction(found.middle, 100)), half, place]


def _facts(p: Picture, peers: Peers, group: str) -> list[str]:
    """Who the others are, as of when, and what was passed over on the way to them."""
    say = p.say
    found = [say.say("benchmark.cohort", cohort=peers.cohort, day=say.day(peers.on), count=peers.companies)]
    if peers.is_demo:
        found.insert(0, say.say("benchmark.demo"))
    for level, why in peers.passed_over.items():
        smaller, reason = say.say(f"benchmark.group-{level}"), say.say(f"benchmark.why-{why}")
        found.append(say.say("benchmark.wider", smaller=smaller, reason=reason, group=group))
    return [*found, say.say("benchmark.own-out"), say.say("benchmark.protected")]


# Reference lines


@lru_cache(maxsize=1)
def _lines() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(LINES.read_text(encoding="utf-8"))
    return read


def _published(p: Picture, lines: list[Mapping[str, Any]]) -> Chapter:
    say, own = p.say, p.scores.overall
    facts: list[Inline] = [say.say("summary.answers", answered=own.answered, applicable=own.applicable)]
    figure = blocks.big_figure(p, own, say.say("steps.overall"), facts)
    text = [
        Paragraph(say.say("reference.lead"), "lead"),
        Paragraph(say.say("reference.text")),
    ]
    found: list[Block] = [
        Aside([figure], text),
        Heading(say.say("reference.values")),
        _line_table(p, lines),
        Heading(say.say("reference.read")),
        Bullets([say.say(f"reference.read-{at}") for at in range(1, READ + 1)]),
    ]
    return Chapter("benchmark", say.say("reference.title"), found, running=say.say("benchmark.running"))


def _line_table(p: Picture, lines: list[Mapping[str, Any]]) -> Table:
    """The published means and yours, highest first, each with who it is about and its source."""
    say = p.say
    rows: list[tuple[Fraction, list[Inline]]] = []
    for line in lines:
        mean, told = Fraction(line["mean"]), line[p.language]
        year = say.say("reference.no-year") if line["year"] is None else str(line["year"])
        size = (line["n"] or {}).get(p.language) or say.say("reference.no-size")
        note = f". {told['note'][:1].upper()}{told['note'][1:]}."
        source = say.say("reference.source", source=line["source"], year=year)
        rows.append((mean, [[Run(told["who"], strong=True), note], str(size), source, p.printed(mean)]))
    own = p.scores.overall.value or Fraction(0)
    yours = [Run(p.company.name, strong=True)]
    rows.append((own, [yours, "", say.say("reference.yours"), [Run(p.printed(own), strong=True)]]))
    rows.sort(key=lambda row: -row[0])
    columns = [
        Column(say.say("column.who-measured"), 1.1),
        Column(say.say("column.firms"), 0.5),
        Column(say.say("column.source"), 0.8),
        Column(say.say("column.mean"), 0.26, figures=True),
    ]
    return Table(columns, [row for _, row in rows], say.say("reference.caption"))
