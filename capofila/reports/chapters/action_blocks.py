"""How an action is named, and its effort told, in every chapter about actions."""

from collections.abc import Iterable

from capofila.lib.document import Inline, Run
from capofila.reports.picture import Picture
from capofila.reports.road import Road
from capofila.roadmap.rules.priorities import Priority
from capofila.roadmap.rules.raising import Rise
from capofila.roadmap.rules.shape import Action


def key(code: str) -> str:
    """Where the card of an action stands, for links."""
    return f"action.{code}"


def named(road: Road, priority: Priority) -> list[Run]:
    """Number and name; the first ones lead to their cards."""
    first = priority in road.first
    number = Run(f"{road.numbers[priority.code]}. ", strong=first)
    return [number, Run(name(road, priority.code), strong=first, link=key(priority.code) if first else None)]


def name_and_number(road: Road, priority: Priority) -> list[Run]:
    """The name, and in brackets the number of a planned action."""
    said, number = name(road, priority.code), road.numbers.get(priority.code)
    link = key(priority.code) if priority in road.first else None
    return [Run(said, link=link), *([] if number is None else [Run(f" ({number})")])]


def name(road: Road, code: str) -> str:
    return road.words(code).name


def number(road: Road, code: str) -> str:
    """As printed; a dash where the plan has no place for the action."""
    return str(road.numbers[code]) if code in road.numbers else "–"


def cost(p: Picture, action: Action, *, short: bool = False) -> str:
    """The range of what is paid to others; `short` for a column that names the unit."""
    say, low, high = p.say, action.low_cents, action.high_cents
    if short:
        ends = [say.amount(cents) for cents in dict.fromkeys((low, high))]
        return "–".join(ends)
    if high == 0:
        return say.say("action.no-cost")
    if low == 0:
        return say.say("action.cost-up-to", high=say.euros(high))
    if low == high:
        return say.euros(high)
    return say.say("action.cost-range", low=say.amount(low), high=say.euros(high))


def rises(p: Picture, found: Iterable[Rise]) -> Inline:
    """Which questions go from which level to which, by their numbers."""
    return ", ".join(
        p.say.say("action.rise", number=p.numbers[rise.question], level=rise.level, target=rise.target)
        for rise in found
    )


def when(p: Picture, road: Road, priority: Priority) -> str:
    """In which quarters an action runs."""
    start, long = road.start(priority.code), priority.raised.action.quarters
    if start is None:
        return "–"
    if long == 1:
        return p.say.say("action.in-quarter", quarter=start)
    return p.say.say("action.in-quarters", first=start, last=start + long - 1)


def services(p: Picture, action: Action) -> str:
    return p.say.listed([p.service_name(code) for code in action.service_areas])
