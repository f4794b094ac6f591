"""The view across areas: how work is done, watched, entrusted and equipped."""

from fractions import Fraction

from capofila.assessments.rules.scoring import Score
from capofila.instruments.rules.shape import Question
from capofila.lib.document import (
    Block,
    Chapter,
    Column,
    Figure,
    Heading,
    Inline,
    Paragraph,
    Run,
    Table,
    Together,
)
from capofila.reports.chapters import blocks
from capofila.reports.chapters.blocks import LOW_LEVELS
from capofila.reports.picture import Picture

EVEN = Fraction(2, 10)
LISTED = 3  # the lowest answers of a dimension
NAMED = 3  # areas named at each end


def chapters(p: Picture) -> list[Chapter]:
    """None for an instrument without dimensions, or when none of them has a score."""
    known = [(code, score) for code, score in p.scores.dimensions.items() if score.value is not None]
    if not known:
        return []
    say = p.say
    alt = say.say(
        "dimensions.alt", scores=", ".join(f"{p.dimension_name(c)} {p.figure(s)}" for c, s in known)
    )
    rows = [
        (p.words.short(code), p.dimension_name(code), score) for code, score in p.scores.dimensions.items()
    ]
    found: list[Block] = [
        Paragraph(say.say("dimensions.lead"), "lead"),
        Figure(blocks.bars(p, rows, alt, ordered=False), alt),
    ]
    for code, score in known:
        found += _dimension(p, code, score)
    return [Chapter("dimensions", _title(p, known), found, running=say.say("dimensions.running"))]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _title(p: Picture, known: list[tuple[str, Score]]) -> str:
    ordered = sorted(known, key=lambda pair: pair[1].value or Fraction(0))
    low, high = ordered[0], ordered[-1]
    if (high[1].value or 0) - (low[1].value or 0) < EVEN:
        return p.say.say("dimensions.title-even")
    return p.say.say("dimensions.title", high=p.dimension_name(high[0]), low=p.dimension_name(low[0]).lower())


def _dimension(p: Picture, code: str, score: Score) -> list[Block]:
    say, name = p.say, p.dimension_name(code)
    cells = sorted(
        (
            (cell.value, area.name)
            for area in p.areas
            if (cell := p.scores.cells[area.code, code]).value is not None
        ),
        key=lambda pair: -pair[0],
    )
    chosen = blocks.levels(p, [question for question in p.shown if question.dimension == code])
    named = min(NAMED, len(cells) // 2)
    alike = p.alike(p.scores.cells[area.code, code] for area in p.areas)
    text = say.say(
        "dimensions.text-same" if alike else "dimensions.text",
        score=p.figure(score),
        about_sentence=say.say("dimensions.about", about=_sentence(p.words.about.get(code, name))),
        high=say.listed([f"{area} ({p.printed(mean)})" for mean, area in cells[:named]]),
        low=say.listed([f"{area} ({p.printed(mean)})" for mean, area in cells[len(cells) - named :]]),
        low_count=sum(level in LOW_LEVELS for _, level in chosen),
        answered=say.count("answer", len(chosen)),
    )
    weakest = p.weakest_dimension
    if weakest is not None and weakest[0] == code and p.grade(score) != "high":
        key = f"dimensions.weak-{code}"
        text += f" {say.say(key)}" if key in say else ""
    heading = Heading(say.say("dimensions.heading", name=name, score=p.figure(score)))
    found: list[Block] = [heading, Paragraph(text)]
    if len({level for _, level in chosen}) > 1:
        found.append(_table(p, chosen, say.say("dimensions.caption", name=name)))
    return [Together(found)]


def _table(p: Picture, chosen: list[tuple[Question, int]], caption: str) -> Table:
    """The lowest answers of a dimension, one area after the other."""
    say = p.say
    lowest: list[tuple[Question, int]] = []
    for question, level in sorted(chosen, key=lambda pair: pair[1]):
        if len(lowest) < LISTED and question.area not in {other.area for other, _ in lowest}:
            lowest.append((question, level))
    rows: list[list[Inline]] = [
        [
            p.area_short(question.area),
            [Run(p.question(question.code).label, strong=True), f" ({p.numbers[question.code]})"],
            str(level),
            p.question(question.code).why,
        ]
        for question, level in lowest
    ]
    columns = [
        Column(say.say("column.area"), 0.34),
        Column(say.say("column.question"), 0.62),
        Column(say.say("column.level"), 0.16, figures=True),
        Column(say.say("column.why"), 1.2),
    ]
    return Table(columns, rows, caption)
