"""How far the answers are from what each named goal asks; never a claim that a firm would be certified."""

from capofila.lib.document import (
    Block,
    Bullets,
    Chapter,
    Column,
    Heading,
    Inline,
    Paragraph,
    Run,
    Table,
    Together,
)
from capofila.reports.chapters import action_blocks
from capofila.reports.picture import Picture
from capofila.reports.road import Road
from capofila.roadmap import library
from capofila.roadmap.goals import goals
from capofila.roadmap.rules import readiness
from capofila.roadmap.rules.readiness import Readiness, Requirement


def chapters(p: Picture) -> list[Chapter]:
    """Nothing where no goal is named, or none that asks anything of this questionnaire."""
    found = _readiness(p)
    if not found:
        return []
    say = p.say
    blocks: list[Block] = [Paragraph(say.say("goals.lead"), "lead")]
    for each in found:
        blocks += _goal(p, each)
    met, asked = sum(len(each.met) for each in found), sum(each.asked for each in found)
    title = say.say("goals.title", met=met, asked=asked)
    return [Chapter("goals", title, blocks, running=say.say("goals.running"))]


def _readiness(p: Picture) -> list[Readiness]:
    """Of each goal the firm has named, in its order."""
    packs = library.goal_packs(p.submission.name)
    found = [
        readiness.readiness(packs[goal], p.instrument, p.submission.answers, p.submission.profile)
        for goal in p.company.goals
        if goal in packs
    ]
    return [each for each in found if each.asked]


def _goal(p: Picture, found: Readiness) -> list[Block]:
    say = p.say
    name = goals()[found.goal][p.language]
    opening: list[Block] = [
        Heading(name[:1].upper() + name[1:], key=f"goal.{found.goal}"),
        Paragraph(_sentences(p, found)),
    ]
    short = [*found.below, *found.unanswered]
    if short:
        opening.append(_table(p, short, say.say("goals.caption", goal=name)))
    blocks: list[Block] = [Together(opening)]
    missing = found.missing.get(p.language, ())
    if missing:
        blocks += [Paragraph(say.say("goals.missing"), "small"), Bullets(list(missing), small=True)]
    return blocks


def _sentences(p: Picture, found: Readiness) -> list[Run]:
    say = p.say
    said = say.rich("goals.met", met=len(found.met), asked=found.asked)
    if found.met:
        numbers = [p.numbers[requirement.question] for requirement in found.met]
        said += [Run(" "), *say.rich("goals.met-list", numbers=say.listed(numbers))]
    if not found.below and not found.unanswered:
        said += [Run(" "), *say.rich("goals.all-met")]
    elif found.unanswered:
        count = say.count("question", len(found.unanswered))
        said += [Run(" "), *say.rich("goals.unanswered", count=count)]
    return said


def _table(p: Picture, short: list[Requirement], caption: str) -> Table:
    """What is below the level asked, the furthest first, then what has no answer."""
    say = p.say
    ordered = sorted(short, key=lambda found: (found.level is None, -(found.required - (found.level or 0))))
    rows: list[list[Inline]] = [
        [
            [
                Run(p.question(found.question).label, strong=True),
                f" ({p.numbers[found.question]})",
            ],
            say.say("goals.no-answer") if found.level is None else str(found.level),
            str(found.required),
            _closing(p, p.road, found),
        ]
        for found in ordered
    ]
    columns = [
        Column(say.say("column.question"), 0.9),
        Column(say.say("column.today"), 0.24, figures=True),
        Column(say.say("column.asked"), 0.24, figures=True),
        Column(say.say("column.closes"), 1.1),
    ]
    return Table(columns, rows, caption, dense=True)


def _closing(p: Picture, road: Road | None, found: Requirement) -> Inline:
    """The action that brings a question to the level asked; a dash where none does."""
    if road is None or found.level is None:
        return "–"
    action = road.lifting(found.question, found.required) or road.lifting(found.question, found.level + 1)
    if action is None:
        return "–"
    return action_blocks.name_and_number(road, action)
