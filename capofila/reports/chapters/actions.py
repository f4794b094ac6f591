"""The first actions one by one, half a page each: what to do, by whom, and how to know that it worked."""

from collections.abc import Sequence

from capofila.lib.document import (
    Aside,
    Block,
    Bullets,
    Chapter,
    Column,
    Heading,
    Inline,
    Paragraph,
    Run,
    Table,
    TextBlock,
    Together,
)
from capofila.reports.chapters import action_blocks
from capofila.reports.chapters.half_page import Card, fitted
from capofila.reports.picture import Picture
from capofila.reports.road import NOW, Road
from capofila.roadmap.rules.priorities import Priority


def chapters(p: Picture) -> list[Chapter]:
    """Nothing where no action is planned."""
    road = p.road
    if road is None or not road.first:
        return []
    say = p.say
    title = say.say("actions.title", count=say.count("action", len(road.first)))
    if len(road.first) == 1:
        title = say.say("actions.title-one")
    found: list[Block] = [Paragraph(say.say("actions.lead"), "lead"), _sheet(p, road)]
    found += [_card(p, road, priority) for priority in road.first]
    return [Chapter("actions", title, found, running=say.say("actions.running"))]


def _sheet(p: Picture, road: Road) -> Table:
    """A page to fill in by hand: who follows each action, by when, and what shows that it worked."""
    say = p.say
    rows: list[list[Inline]] = [
        [
            str(road.numbers[priority.code]),
            [Run(action_blocks.name(road, priority.code), strong=True)],
            road.words(priority.code).sign,
            "",
            "",
        ]
        for priority in road.first
    ]
    columns = [
        Column("", 0.1),
        Column(say.say("column.action"), 0.62),
        Column(say.say("column.sign"), 0.9),
        Column(say.say("column.who"), 0.3),
        Column(say.say("column.by"), 0.26),
    ]
    return Table(columns, rows, say.say("actions.sheet-caption"), emphasis=NOW)


def _card(p: Picture, road: Road, priority: Priority) -> Block:
    number, code = road.numbers[priority.code], priority.code
    title = p.say.say("actions.card", number=number, name=action_blocks.name(road, code))
    card = fitted(
        title, lambda card: _note(p, road, priority, card), lambda card: _main(p, road, priority, card)
    )
    heading = Heading(title, key=action_blocks.key(code))
    body = Aside(_note(p, road, priority, card), _main(p, road, priority, card))
    return Together([heading, body])


def _note(p: Picture, road: Road, priority: Priority, card: Card) -> list[Block]:
    """The narrow column: where, when, how much, by whom, and what goes wrong."""
    say, action, words = p.say, priority.raised.action, road.words(priority.code)
    area = p.area(action.area)
    facts: list[Inline] = [
        [Run(say.say("annex.area", digits=area.digits, area=area.name), strong=True)],
        say.say(
            "action.facts",
            days=say.count("working-day", action.days),
            cost=action_blocks.cost(p, action),
            when=_when(p, road, priority),
        ),
        _labelled(p, "action.who", words.who),
        _labelled(p, "action.artefact", words.artefact),
    ]
    if card.cost:
        facts.append(_labelled(p, "action.cost", words.cost))
    if action.service_areas:
        facts.append(_labelled(p, "action.services", action_blocks.services(p, action)))
    if card.mistakes_aside:
        facts.append(_mistakes(p, words.mistakes[: card.mistakes]))
    return [Paragraph(fact, "small") for fact in facts]


def _main(p: Picture, road: Road, priority: Priority, card: Card) -> list[Block]:
    words = road.words(priority.code)
    own: list[Block] = [
        Paragraph(road.why(priority), "small"),
        Paragraph(words.what, "body" if card.what_large else "small"),
        Bullets(words.steps, ordered=True, small=True),
    ]
    found: list[Block] = [
        p.text(action_blocks.key(priority.code), own),
        Paragraph(_labelled(p, "action.changes", words.changes), "small"),
        Paragraph(_labelled(p, "action.sign", words.sign), "small"),
    ]
    if not card.mistakes_aside:
        found.append(Paragraph(_mistakes(p, words.mistakes[: card.mistakes]), "small"))
    return found


def _when(p: Picture, road: Road, priority: Priority) -> str:
    start, long = road.start(priority.code) or 1, priority.raised.action.quarters
    if long == 1:
        return p.say.say("action.when-one", quarter=start)
    return p.say.say("action.when", first=start, last=start + long - 1)


def _labelled(p: Picture, key: str, text: str) -> list[Run]:
    """A label and its text, as one sentence."""
    return [Run(f"{p.say.say(key)} ", strong=True), Run(text if text.endswith((".", "?")) else f"{text}.")]


def _mistakes(p: Picture, mistakes: Sequence[str]) -> list[Run]:
    return [Run(f"{p.say.say('action.mistakes')} ", strong=True), Run(" ".join(mistakes))]


def overridable(chapter: Chapter) -> list[TextBlock]:
    """The texts of a chapter of cards, in order."""
    return [
        block
        for group in chapter.blocks
        if isinstance(group, Together)
        for aside in group.blocks
        if isinstance(aside, Aside)
        for block in aside.main
        if isinstance(block, TextBlock)
    ]
