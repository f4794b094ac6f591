"""Who can help: the service areas of a hub, what it does in each, and the actions it can go with."""

from capofila.lib.document import Aside, Block, Bullets, Chapter, Heading, Inline, Paragraph
from capofila.reports.chapters import action_blocks
from capofila.reports.picture import Picture
from capofila.reports.road import Road
from capofila.roadmap import library
from capofila.roadmap.rules.priorities import Priority

NAMED = 4  # actions named in one service area; the others by number


def chapters(p: Picture) -> list[Chapter]:
    """Nothing where no action is planned."""
    road = p.road
    if road is None or not road.planned:
        return []
    say = p.say
    found: list[Block] = [Paragraph(say.say("services.lead"), "lead")]
    for code in library.named("service-areas"):
        served = [q for q in road.planned if code in q.raised.action.service_areas]
        found += _area(p, road, code, served)
    return [Chapter("services", say.say("services.title"), found, running=say.say("services.running"))]


def _area(p: Picture, road: Road, code: str, served: list[Priority]) -> list[Block]:
    say = p.say
    facts: list[Inline] = [say.say("services.count", count=len(served), planned=len(road.planned))]
    text: list[Block] = [Paragraph(say.say(f"service.{code}-does"))]
    if not served:
        text.append(Paragraph(say.say("services.none"), "small"))
    else:
        items: list[Inline] = [action_blocks.named(road, priority) for priority in served[:NAMED]]
        text.append(Bullets(items, small=True))
        others = [str(road.numbers[priority.code]) for priority in served[NAMED:]]
        if others:
            which = "services.others" if len(others) > 1 else "services.other-one"
            text.append(Paragraph(say.say(which, numbers=say.listed(others)), "small"))
    return [
        Heading(p.service_name(code)),
        Aside([Paragraph(fact, "small") for fact in facts], text),
    ]
