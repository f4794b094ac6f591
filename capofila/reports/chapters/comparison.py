"""What changed since the first assessment: on what both can say, and what cannot be compared."""

from collections.abc import Sequence
from fractions import Fraction

from capofila.assessments.answers_file import Submission
from capofila.assessments.comparing import compared
from capofila.assessments.rules.comparison import Apart, Change, Comparison
from capofila.assessments.rules.scoring import Score
from capofila.instruments import library
from capofila.lib import charts
from capofila.lib.document import (
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
    Together,
)
from capofila.reports.picture import Picture, value

RISEN, FALLEN = 10, 8  # changes told in full; the others are counted
LISTED = 12  # numbers of questions in one line of what cannot be compared
EVEN = Fraction(1, 100)


def chapter(p: Picture, before: Submission) -> Chapter:
    """Raises `Problem` when the two do not belong together."""
    found = compared(before, p.submission)
    return Chapter(
        "comparison", _title(p, found), _blocks(p, before, found), running=p.say.say("then.running")
    )


def _title(p: Picture, found: Comparison) -> str:
    then, now = found.before.overall, found.after.overall
    if then.value is None or now.value is None:
        return p.say.say("then.title-none")
    rise = now.value - then.value
    kind = "even" if abs(rise) < EVEN else "up" if rise > 0 else "down"
    return p.say.say(f"then.title-{kind}", before=p.figure(then), after=p.figure(now))


def _blocks(p: Picture, before: Submission, found: Comparison) -> list[Block]:
    say = p.say
    days = _days(p, before)
    lead = say.rich(
        "then.lead",
        days=days,
        questions=say.count("question", len(found.compared)),
        changed=len(found.changed),
    )
    blocks: list[Block] = [Paragraph(lead, "lead")]
    if found.compared:
        blocks += [Paragraph(say.say("then.how")), *_radar(p, found), *_scores(p, found)]
    risen = [change for change in found.changed if _rise(change) > 0]
    fallen = [change for change in found.changed if _rise(change) < 0]
    blocks += _changes(p, before, risen, "risen", RISEN)
    blocks += _changes(p, before, fallen, "fallen", FALLEN)
    if found.compared and not found.changed:
        blocks.append(Paragraph(say.say("then.nothing")))
    return [*blocks, *_apart(p, before, found.apart)]


def _days(p: Picture, before: Submission) -> str:
    if before.day is None or p.submission.day is None:
        return p.say.say("then.days-unknown")
    return p.say.say("then.days", before=p.say.day(before.day), after=p.say.day(p.submission.day))


def _rise(change: Change) -> Fraction:
    """By how much a level rose; 0 for answers that are not levels."""
    if isinstance(change.before, int | Fraction) and isinstance(change.after, int):
        return Fraction(change.after) - Fraction(change.before)
    return Fraction(0)


def _radar(p: Picture, found: Comparison) -> list[Block]:
    areas = [area for area in p.areas if area.code in found.after.areas]
    if not 3 <= len(areas) <= 12:
        return []
    axes = [
        charts.Axis(area.digits, p.area_short(area.code), value(found.after.areas[area.code]))
        for area in areas
    ]
    then = [value(found.before.areas[area.code]) for area in areas]
    scores = ", ".join(
        p.say.say(
            "then.radar-area",
            area=area.name,
            before=p.figure(found.before.areas[area.code]),
            after=p.figure(found.after.areas[area.code]),
        )
        for area in areas
    )
    alt = p.say.say("then.radar-alt", scores=scores)
    chart = charts.radar(axes, then, alt=alt, locale=p.locale, scale=p.radar_scale)
    return [Figure(chart, alt, p.say.say("then.radar-note"), width=128)]


def _scores(p: Picture, found: Comparison) -> list[Block]:
    """Areas, then dimensions, each before and after."""
    say = p.say
    areas = [
        (f"{area.digits} {area.name}", found.before.areas[area.code], found.after.areas[area.code])
        for area in p.areas
        if area.code in found.after.areas
    ]
    overall = (say.say("steps.overall"), found.before.overall, found.after.overall)
    dimensions = [
        (p.dimension_name(code), found.before.dimensions[code], score)
        for code, score in found.after.dimensions.items()
        if score.value is not None
    ]
    blocks: list[Block] = [
        Together([Heading(say.say("then.areas")), _table(p, areas, "then.areas-caption", overall)])
    ]
    if dimensions:
        table = _table(p, dimensions, "then.dimensions-caption", None)
        blocks.append(Together([Heading(say.say("then.dimensions")), table]))
    return blocks


def _table(
    p: Picture,
    rows: Sequence[tuple[str, Score, Score]],
    caption: str,
    foot: tuple[str, Score, Score] | None,
) -> Table:
    say = p.say
    columns = [
        Column("", 1.4),
        *(Column(say.say(f"then.column-{name}"), 0.4, figures=True) for name in ("before", "after", "rise")),
    ]
    cells = [_cells(p, *row) for row in rows]
    return Table(
        columns, cells, say.say(caption), foot=None if foot is None else _cells(p, *foot), dense=True
    )


def _cells(p: Picture, name: str, before: Score, after: Score) -> list[Inline]:
    return [name, p.figure(before), p.figure(after), _signed(p, before, after)]


def _signed(p: Picture, before: Score, after: Score) -> str:
    """The difference of the printed figures, with its sign."""
    apart = p.distance(after, before)
    if apart == charts.DASH or apart.startswith(("-", "\u2212")):
        return apart.replace("-", "\u2212")
    return "=" if not any(digit in apart for digit in "123456789") else f"+{apart}"


def _changes(p: Picture, before: Submission, changes: Sequence[Change], kind: str, most: int) -> list[Block]:
    """The widest changes, each with what could be seen then and what can be seen now."""
    if not changes:
        return []
    say = p.say
    widest = sorted(changes, key=lambda change: -abs(_rise(change)))[:most]
    words = library.words(before.name, p.language)
    rows: list[list[Inline]] = []
    for change in widest:
        question = p.question(change.question)
        then = ""
        if isinstance(change.before, int) and change.question in before.instrument.by_code:
            then = words.of(change.question, before.profile).levels[change.before - 1]
        now = question.levels[change.after - 1] if isinstance(change.after, int) else ""
        named: Inline = [Run(question.label, strong=True), f" ({p.numbers[change.question]})"]
        rows.append([named, _level(p, change.before), then, str(change.after), now])
    columns = [
        Column(say.say("column.question"), 0.55),
        Column("", 0.07, figures=True),
        Column(say.say("then.column-then"), 1.0),
        Column("", 0.07, figures=True),
        Column(say.say("then.column-now"), 1.0),
    ]
    whole = int(len(widest) == len(changes))  # the second wording says that these are all
    text = say.say(f"then.{kind}-text", whole, count=say.count("answer", len(changes)), shown=len(widest))
    return [
        Heading(say.say(f"then.{kind}")),
        Paragraph(text),
        Table(columns, rows, say.say(f"then.{kind}-caption"), dense=True),
    ]


def _level(p: Picture, level: object) -> str:
    return p.say.number_plain(level) if isinstance(level, Fraction) else str(level)


def _apart(p: Picture, before: Submission, apart: Sequence[Apart]) -> list[Block]:
    """The questions that cannot be compared, by reason."""
    if not apart:
        return []
    say = p.say
    groups: dict[tuple[str, str], list[str]] = {}
    for one in apart:
        groups.setdefault((one.why, one.when), []).append(p.numbers.get(one.question, one.question))
    items: list[Inline] = []
    for (why, when), numbers in groups.items():
        shown = say.listed(numbers[:LISTED])
        if len(numbers) > LISTED:
            shown = say.say("then.and-more", numbers=", ".join(numbers[:LISTED]), count=len(numbers) - LISTED)
        sides = say.say(f"then.when-{when}")
        reason = say.say(
            f"then.why-{why}", when=sides, version=p.instrument.version, old=before.instrument.version
        )
        items.append([Run(f"{reason}: ", strong=True), f"{shown}."])
    text = say.say("then.apart-text", count=say.count("question", len(apart)))
    return [Together([Heading(say.say("then.apart")), Paragraph(text), Bullets(items)])]
