"""Pieces that several chapters share."""

from collections.abc import Sequence

from capofila.assessments.rules.scoring import Score
from capofila.instruments.rules.shape import Question
from capofila.lib import charts
from capofila.lib.document import BigFigure, Column, Inline, Run, Table
from capofila.reports.picture import Area, Picture, value
from capofila.reports.rules.steps import NextStep

LOW_LEVELS, HIGH_LEVELS = (1, 2), (4, 5)


def strong(text: str) -> list[Run]:
    return [Run(text, strong=True)]


def joined(parts: Sequence[Sequence[Run]], between: str = " ") -> list[Run]:
    """Several pieces of text as one."""
    runs: list[Run] = []
    for index, part in enumerate(parts):
        runs.extend(([Run(between)] if index else []) + list(part))
    return runs


def big_figure(p: Picture, score: Score, name: str, facts: Sequence[Inline]) -> BigFigure:
    """A score with its band and the facts it rests on."""
    alt = p.say.say("area.score-alt", area=name, score=p.figure(score))
    chart = charts.band_scale(value(score), p.bands, alt=alt, locale=p.locale) if p.bands else None
    title = p.say.say("summary.band", band=p.band_name(score)) if score.band else ""
    return BigFigure(p.figure(score), chart, alt, title, facts)


def bars(
    p: Picture, rows: Sequence[tuple[str, str, Score]], alt: str, *, ordered: bool = True
) -> charts.Chart:
    """Bars of scores on the instrument's own scale."""
    return charts.bars(
        [charts.BarRow(digits, name, value(score)) for digits, name, score in rows],
        alt=alt,
        locale=p.locale,
        scale=p.scale,
        ordered=ordered,
        width=charts.PAGE,
    )


def level_text(p: Picture, question: Question, level: int) -> str:
    return p.question(question.code).levels[level - 1]


def quoted(p: Picture, question: Question, level: int) -> str:
    """What a level looks like, with the question's number before the full stop: "... (3.05)."."""
    return f"{level_text(p, question, level).rstrip('.')} ({p.numbers[question.code]})."


def levels(p: Picture, questions: Sequence[Question]) -> list[tuple[Question, int]]:
    """The level questions that are answered, with their levels."""
    found = [(question, p.level(question)) for question in questions]
    return [(question, level) for question, level in found if level is not None]


def step_name(p: Picture, step: NextStep, *, levels: bool = False) -> list[Run]:
    """The question a step lifts, with its number, and from which level to which if asked."""
    return p.say.rich(
        "step.name-levels" if levels else "step.name",
        short=p.question(step.question.code).label,
        number=p.numbers[step.question.code],
        level=step.level,
        target=step.target,
    )


def from_to(p: Picture, step: NextStep) -> str:
    return p.say.say("step.from-to", level=step.level, target=step.target)


def facts_table(p: Picture, rows: Sequence[tuple[str, Inline]], caption: str) -> Table:
    """Two columns: a fact's name and what is known of it."""
    say = p.say
    return Table(
        [Column(say.say("column.fact"), 0.4), Column(say.say("column.value"), 1.0)],
        [[name, fact] for name, fact in rows],
        caption,
    )


def place_words(p: Picture, area: Area) -> str:
    """Above, below or at the overall score."""
    return p.say.say(f"area.{p.place(area.score)}")


def withheld_words(p: Picture, score: Score, key: str, **facts: object) -> str:
    """Why a score is not shown: how many answers there are, and how many it takes."""
    needed = -(
        -p.instrument.min_coverage.numerator * score.applicable // p.instrument.min_coverage.denominator
    )
    return p.say.say(key, answered=score.answered, applicable=score.applicable, needed=needed, **facts)
