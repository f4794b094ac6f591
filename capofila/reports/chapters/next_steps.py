"""The map of next levels, the ranking of the first twelve, and what they change."""

from capofila.instruments.rules.shape import LEVELS
from capofila.lib.document import (
    Block,
    Chapter,
    Column,
    Heading,
    Inline,
    Paragraph,
    Run,
    Step,
    Steps,
    Table,
    Together,
)
from capofila.reports.chapters import blocks
from capofila.reports.phrases import hundredths
from capofila.reports.picture import Picture
from capofila.reports.rules import steps
from capofila.reports.rules.steps import NextStep

RANKED = 12
PER_AREA = 2


def chapters(p: Picture) -> list[Chapter]:
    """The steps; where no answer has a next level, how to stay there; nothing where nothing is known."""
    say = p.say
    first = steps.spread(p.steps, RANKED, PER_AREA)
    if not first:
        return [_keep(p)] if p.ranked and blocks.levels(p, p.shown) else []
    title = say.say("steps.title")
    if len(first) < RANKED:
        title = say.say("steps.title-fewer", count=say.count("step", len(first)))
    found: list[Block] = [
        Paragraph(say.say("steps.lead"), "lead"),
        Heading(say.say("steps.map")),
        Paragraph(say.say("steps.map-text")),
        _map(p, first),
        Together(
            [Heading(say.say("steps.ranking")), Paragraph(say.say("steps.ranking-text")), _ranking(p, first)]
        ),
        *_after(p, first),
        Heading(say.say("steps.look")),
        _look(p, first),
    ]
    sheet: list[Block] = [Paragraph(say.say("steps.sheet-text"), "lead"), _sheet(p, first)]
    return [
        Chapter("steps", title, found, running=say.say("steps.running")),
        Chapter("sheet", say.say("steps.sheet"), sheet, running=say.say("steps.sheet-running")),
    ]


def _keep(p: Picture) -> Chapter:
    """What to ask to see once a year, two questions of each area."""
    say = p.say
    rows: list[list[Inline]] = []
    for area in p.areas:
        for question, _ in blocks.levels(p, area.questions)[:PER_AREA]:
            words = p.question(question.code)
            rows.append(
                [area.name, [Run(words.label, strong=True), f" ({p.numbers[question.code]})"], words.evidence]
            )
    columns = [
        Column(say.say("column.area"), 0.5),
        Column(say.say("column.question"), 0.6),
        Column(say.say("column.ask"), 1.2),
    ]
    found: list[Block] = [
        Paragraph(say.say("keep.lead"), "lead"),
        Table(columns, rows, say.say("keep.caption")),
    ]
    return Chapter("steps", say.say("keep.title"), found, running=say.say("keep.running"))


def _map(p: Picture, first: tuple[NextStep, ...]) -> Table:
    say = p.say
    chosen = {step.question.code for step in first}
    rows = []
    for area in p.areas:
        cells: list[Inline] = [f"{area.digits} {area.name}"]
        for level in LEVELS:
            codes = [q.code for q in area.questions if p.level(q) == level]
            cells.append(_codes(p, codes, chosen))
        rows.append(cells)
    columns = [
        Column(say.say("column.area"), 1.1),
        *(
            Column(say.say("step.from-to", level=level, target=steps.next_level(level)), 0.8)
            for level in LEVELS[:-1]
        ),
        Column(say.say("steps.done"), 0.8),
    ]
    return Table(columns, rows, say.say("steps.map-caption"), dense=True)


def _codes(p: Picture, codes: list[str], chosen: set[str]) -> list[Run]:
    runs: list[Run] = []
    for code in codes:
        runs.append(Run(p.numbers[code], strong=code in chosen))
        runs.append(Run("  "))
    return runs[:-1] or [Run("–")]


def _ranking(p: Picture, first: tuple[NextStep, ...]) -> Table:
    say = p.say
    rows: list[list[Inline]] = [
        [
            str(place),
            blocks.step_name(p, step),
            _why(p, step),
            p.gain(step.area_gain),
            say.number(hundredths(step.priority)),
        ]
        for place, step in enumerate(first, start=1)
    ]
    columns = [
        Column("", 0.1),
        Column(say.say("column.step"), 0.9),
        Column(say.say("column.because"), 1.05),
        Column(say.say("column.on-area"), 0.26, figures=True),
        Column(say.say("column.priority"), 0.22, figures=True),
    ]
    return Table(columns, rows, say.say("steps.ranking-caption"), emphasis=3)


def _why(p: Picture, step: NextStep) -> str:
    """A sentence built from the step's own figures."""
    area = p.scores.areas[step.question.area]
    cell = p.scores.cells.get((step.question.area, step.question.dimension or ""))
    if cell is None or cell.value is None or step.question.dimension is None:
        return p.say.say("steps.why-plain", level=step.level, area_score=p.figure(area))
    return p.say.say(
        "steps.why",
        level=step.level,
        area_score=p.figure(area),
        dimension=p.dimension_name(step.question.dimension).lower(),
        cell_score=p.figure(cell),
    )


def _look(p: Picture, first: tuple[NextStep, ...]) -> Steps:
    return Steps(
        [
            Step(
                step.target,
                p.question(step.question.code).label,
                blocks.level_text(p, step.question, step.target),
                p.numbers[step.question.code],
            )
            for step in first
        ]
    )


def _sheet(p: Picture, first: tuple[NextStep, ...]) -> Table:
    """A page to fill in by hand: who does each step, by when, and what shows that it is done."""
    say = p.say
    rows: list[list[Inline]] = [
        [str(place), blocks.step_name(p, step), p.question(step.question.code).evidence, "", ""]
        for place, step in enumerate(first, start=1)
    ]
    columns = [
        Column("", 0.1),
        Column(say.say("column.step"), 0.6),
        Column(say.say("column.show"), 1.0),
        Column(say.say("column.who"), 0.3),
        Column(say.say("column.by"), 0.3),
    ]
    return Table(columns, rows, say.say("steps.sheet-caption"), emphasis=3)


def _after(p: Picture, first: tuple[NextStep, ...]) -> list[Block]:
    say = p.say
    after = p.scores_after(first)
    if p.scores.overall.value is None or after.overall.value is None:
        return []
    rows: list[list[Inline]] = []
    for area in p.areas:
        then = after.areas[area.code]
        if area.score.value is not None and then.value is not None and then.value != area.score.value:
            count = sum(step.question.area == area.code for step in first)
            rows.append(
                [
                    f"{area.digits} {area.name}",
                    say.count("step", count),
                    p.figure(area.score),
                    p.figure(then),
                    f"+{p.distance(then, area.score)}",
                ]
            )
    columns = [
        Column(say.say("column.area"), 1.2),
        Column("", 0.4),
        *(Column(say.say(f"column.{name}"), 0.4, figures=True) for name in ("today", "after", "rise")),
    ]
    foot: list[Inline] = [
        say.say("steps.overall"),
        say.count("step", len(first)),
        p.figure(p.scores.overall),
        p.figure(after.overall),
        f"+{p.distance(after.overall, p.scores.overall)}",
    ]
    text = say.rich("steps.after-text", score=p.figure(p.scores.overall), after=p.figure(after.overall))
    table = Table(columns, rows, say.say("steps.after-caption"), foot=foot, dense=True)
    return [Together([Heading(say.say("steps.after")), Paragraph(text), table])]
