"""One page that a busy owner can act on: the finding, the areas, the three first steps."""

from fractions import Fraction

from capofila.lib.document import (
    Aside,
    Block,
    Chapter,
    Column,
    Figure,
    Heading,
    Inline,
    Paragraph,
    Run,
    Table,
)
from capofila.reports.chapters import action_blocks, blocks
from capofila.reports.chapters.blocks import HIGH_LEVELS, LOW_LEVELS
from capofila.reports.picture import Area, Picture
from capofila.reports.road import Road
from capofila.reports.rules import steps
from capofila.roadmap.goals import goals

FIRST = 3
BARS = 126  # mm; the summary stays on one page
EVEN = Fraction(3, 10)  # areas closer together than this count as even


def chapter(p: Picture) -> Chapter:
    return Chapter("summary", headline(p), _blocks(p), running=p.say.say("summary.running"))


def headline(p: Picture) -> str:
    """The finding as a title: what is strong and what is weak, only where the scores say so."""
    say, ranked = p.say, p.ranked
    if p.scores.overall.value is None or not ranked:
        overall = p.scores.overall
        return say.say("headline.few", answered=overall.answered, applicable=overall.applicable)
    high, low = ranked[0], ranked[-1]
    if (high.score.value or 0) - (low.score.value or 0) < EVEN:
        return say.say(f"headline.even-{p.grade(p.scores.overall)}")
    strong, weak = _finding(p, high, "strong"), _finding(p, low, "weak")
    if p.grade(high.score) == "high" and p.grade(low.score) == "low" and strong and weak:
        return say.say("headline.both", strong=strong, weak=weak)
    if p.grade(high.score) == "high" and strong:
        return say.say("headline.strong", strong=strong, area=p.area_short(low.code))
    if p.grade(low.score) == "low" and weak:
        return say.say("headline.weak", weak=weak, area=p.area_short(high.code))
    return say.say("headline.middle", high=p.area_short(high.code), low=p.area_short(low.code))


def _finding(p: Picture, area: Area, kind: str) -> str | None:
    return p.sentences["areas"].get(area.code, {}).get(kind)


def _blocks(p: Picture) -> list[Block]:
    say = p.say
    found: list[Block] = [Aside([_figure(p)], [p.text("summary", _paragraphs(p))])]
    if p.ranked:
        rows = [(area.digits, area.name, area.score) for area in p.areas]
        alt = say.say("summary.bars-alt", high=p.ranked[0].name, low=p.ranked[-1].name)
        found += [Heading(say.say("summary.bars")), Figure(blocks.bars(p, rows, alt), alt, width=BARS)]
    first = steps.spread(p.steps, FIRST, per_area=1)
    if p.road is not None and p.road.now:
        found += [Heading(say.say("summary.first")), _actions(p, p.road)]
    elif first:
        found += [Heading(say.say("summary.first")), _table(p, first)]
    elif blocks.levels(p, p.shown):
        key = "summary.none" if p.ranked else "summary.few"
        found += [Heading(say.say("summary.first")), Paragraph(say.say(key))]
    return found


def _figure(p: Picture) -> Block:
    say, overall = p.say, p.scores.overall
    facts: list[Inline] = [
        say.say("summary.answers", answered=overall.answered, applicable=overall.applicable)
    ]
    if overall.value is None:
        facts = [blocks.withheld_words(p, overall, "summary.withheld")]
    excluded = sum(not answer.applicable for answer in p.submission.answers.values())
    if excluded:
        facts.append(say.say("summary.not-applicable", count=excluded))
    if not p.alike(area.score for area in p.ranked):
        facts.append(say.say("summary.rank", high=p.ranked[0].name, low=p.ranked[-1].name))
    return blocks.big_figure(p, overall, say.say("steps.overall"), facts)


def _paragraphs(p: Picture) -> list[Paragraph]:
    say, ranked = p.say, p.ranked
    found = []
    if len(ranked) > 1 and p.alike(area.score for area in ranked):
        score = p.figure(ranked[0].score)
        found.append(say.rich("summary.alike", company=p.company.name, score=score))
    elif len(ranked) >= 4 and not p.alike([ranked[1].score, ranked[-2].score]):
        first, second, before, last = ranked[0], ranked[1], ranked[-2], ranked[-1]
        found.append(
            say.rich(
                "summary.areas",
                company=p.company.name,
                first=first.name,
                first_score=p.figure(first.score),
                second=second.name,
                second_score=p.figure(second.score),
                last=last.name,
                last_score=p.figure(last.score),
                before=before.name,
                before_score=p.figure(before.score),
                distance=p.distance(first.score, last.score),
            )
        )
    elif len(ranked) > 1:
        found.append(
            say.rich(
                "summary.areas-two",
                company=p.company.name,
                first=ranked[0].name,
                first_score=p.figure(ranked[0].score),
                last=ranked[-1].name,
                last_score=p.figure(ranked[-1].score),
            )
        )
    found.append(_levels_and_dimension(p))
    named = [goals()[goal][p.language] for goal in p.company.goals]
    if named:
        found.append(say.rich("summary.goals", goals=say.listed(named)))
    return [Paragraph(text) for text in found if text]


def _levels_and_dimension(p: Picture) -> list[Run]:
    say = p.say
    chosen = [level for _, level in blocks.levels(p, p.shown)]
    parts = []
    if chosen:
        parts.append(
            say.rich(
                "summary.levels",
                low=sum(level in LOW_LEVELS for level in chosen),
                high=sum(level in HIGH_LEVELS for level in chosen),
                answered=say.count("answer", len(chosen)),
            )
        )
    weakest = p.weakest_dimension
    if weakest is not None:
        code, score = weakest
        parts.append(
            say.rich(
                "summary.dimension",
                name=p.dimension_name(code),
                score=p.figure(score),
                top=f"{float(p.instrument.high):g}",
            )
        )
        if p.grade(score) != "high" and f"dimensions.weak-{code}" in say:
            parts.append(say.rich(f"dimensions.weak-{code}"))
    return blocks.joined(parts)


def _actions(p: Picture, road: Road) -> Table:
    """The first actions, each with the step it begins with."""
    say = p.say
    rows: list[list[Inline]] = []
    for priority in road.now:
        words, action = road.words(priority.code), priority.raised.action
        begin = say.say("summary.begin", step=words.steps[0])
        text: Inline = [
            Run(words.name, strong=True, link=action_blocks.key(priority.code)),
            f". {begin}",
        ]
        rows.append(
            [
                str(road.numbers[priority.code]),
                text,
                p.area_short(action.area),
                action_blocks.when(p, road, priority),
                str(action.days),
                action_blocks.cost(p, action),
            ]
        )
    columns = [
        Column("", 0.1),
        Column(say.say("column.action"), 1.5),
        Column(say.say("column.area"), 0.38),
        Column(say.say("column.quarter"), 0.2, figures=True),
        Column(say.say("column.days"), 0.26, figures=True),
        Column(say.say("column.cost"), 0.36, figures=True),
    ]
    return Table(columns, rows, say.say("summary.actions-caption"), emphasis=FIRST)


def _table(p: Picture, first: tuple[steps.NextStep, ...]) -> Table:
    say = p.say
    rows: list[list[Inline]] = []
    for place, step in enumerate(first, start=1):
        target = blocks.level_text(p, step.question, step.target)
        text: Inline = [*blocks.step_name(p, step), f". {target}"]
        rows.append(
            [
                str(place),
                text,
                p.area_short(step.question.area),
                blocks.from_to(p, step),
                p.gain(step.area_gain),
            ]
        )
    columns = [
        Column("", 0.12),
        Column(say.say("column.step"), 1.6),
        Column(say.say("column.area"), 0.36),
        Column(say.say("column.level"), 0.26),
        Column(say.say("column.on-area"), 0.24, figures=True),
    ]
    return Table(columns, rows, say.say("summary.first-caption"), emphasis=FIRST)
