"""The map of improvement actions: which there are, how they are ranked, and all of them by area."""

from fractions import Fraction

from capofila.lib import charts
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
    Together,
)
from capofila.reports.chapters import action_blocks, plan
from capofila.reports.phrases import hundredths
from capofila.reports.picture import Picture
from capofila.reports.road import NOW, Road
from capofila.roadmap.rules.priorities import BUDGET_PARTS, Priority
from capofila.roadmap.rules.weights import FACTORS

HEIGHT = 380  # units of the drawing: the map and its table share a page


def chapters(p: Picture) -> list[Chapter]:
    """Nothing where the answers call for no action."""
    road = p.road
    if road is None:
        return []
    say = p.say
    raised = say.count("action", len(road.roadmap.priorities))
    title = say.say("map.title", raised=raised, count=len(road.first))
    if len(road.first) in (0, len(road.roadmap.priorities)):
        title = say.say("map.title-all", raised=raised)
    found = [*_opening(p, road), *_priority(p, road), *_all(p, road)]
    if not road.planned:
        found += plan.left_out(p, road)
    return [Chapter("map", title, found, running=say.say("map.running"))]


def _opening(p: Picture, road: Road) -> list[Block]:
    say = p.say
    if not road.first:
        return [Paragraph(say.say("map.none-planned"), "lead")]
    lead = [Paragraph(say.say("map.lead"))]
    chart = _chart(p, road)
    if chart is None:
        return [*lead, _ranked(p, road)]
    return [Aside([Paragraph(say.say("map.note"), "small")], lead), chart, _ranked(p, road)]


def _chart(p: Picture, road: Road) -> Figure | None:
    """Gain by effort of the first actions; None where the overall score is withheld."""
    say = p.say
    points = [
        charts.Point(
            road.numbers[priority.code],
            action_blocks.name(road, priority.code),
            float(priority.raised.action.days),
            float(gain),
            road.numbers[priority.code] <= NOW,
        )
        for priority in road.first
        if (gain := road.gains[priority.code]) is not None
    ]
    if len(points) < 2:
        return None
    now = say.listed([action_blocks.name(road, priority.code) for priority in road.now])
    alt = say.say("map.alt", count=say.count("action", len(points)), now=now)
    chart = charts.priority_matrix(
        points,
        alt=alt,
        locale=p.locale,
        x_name=say.say("map.effort"),
        y_name=say.say("map.gain"),
        quadrant_name=say.say("map.quadrant"),
        height=HEIGHT,
    )
    return Figure(chart, alt)


def _ranked(p: Picture, road: Road) -> Table:
    """The numbers of the map, and what the first actions take and add together."""
    say = p.say
    rows: list[list[Inline]] = [
        [
            str(road.numbers[priority.code]),
            [Run(action_blocks.name(road, priority.code), link=action_blocks.key(priority.code))],
            p.area_short(priority.raised.action.area),
            str(priority.raised.action.days),
            say.amount(priority.raised.action.cents),
            _gain(p, road.gains[priority.code]),
            say.number(hundredths(priority.value)),
        ]
        for priority in road.first
    ]
    columns = [
        Column("", 0.1),
        Column(say.say("column.action"), 1.3),
        Column(say.say("column.area"), 0.36),
        Column(say.say("column.days"), 0.25, figures=True),
        Column(say.say("column.euros"), 0.26, figures=True),
        Column(say.say("column.gain"), 0.28, figures=True),
        Column(say.say("column.priority"), 0.24, figures=True),
    ]
    actions = [priority.raised.action for priority in road.first]
    foot: list[Inline] = [
        "",
        say.say("map.together"),
        "",
        str(sum(action.days for action in actions)),
        say.amount(sum(action.cents for action in actions)),
        _gain(p, road.gain(road.first)),
        "",
    ]
    return Table(columns, rows, say.say("map.ranked-caption"), foot=foot, emphasis=NOW, dense=True)


def _gain(p: Picture, gain: Fraction | None) -> str:
    return "–" if gain is None else p.gain(gain)


def _priority(p: Picture, road: Road) -> list[Block]:
    """The four factors, the weight of each, and what they come to here."""
    say, weights = p.say, road.roadmap.weights
    rows: list[list[Inline]] = []
    for factor in FACTORS:
        values = [priority.factors()[factor] for priority in road.roadmap.priorities]
        span = say.say(
            "map.span", low=say.number(hundredths(min(values))), high=say.number(hundredths(max(values)))
        )
        rows.append(
            [
                [Run(say.say(f"factor.{factor}"), strong=True)],
                say.say(f"factor.{factor}-text"),
                str(weights.exponents[factor]),
                span if min(values) < max(values) else say.number(hundredths(values[0])),
            ]
        )
    columns = [
        Column(say.say("column.factor"), 0.42),
        Column(say.say("column.measures"), 1.3),
        Column(say.say("column.weight"), 0.18, figures=True),
        Column(say.say("column.here"), 0.4, figures=True),
    ]
    return [
        Together(
            [
                Heading(say.say("map.priority")),
                Paragraph(say.say("map.priority-text")),
                Table(columns, rows, say.say("map.priority-caption")),
                Paragraph(" ".join(_settings(p, road)), "small"),
            ]
        )
    ]


def _settings(p: Picture, road: Road) -> list[str]:
    """The other figures that a priority rests on."""
    say, weights, limits = p.say, road.roadmap.weights, road.roadmap.choices.limits
    firm = road.roadmap.basis.firm
    half = weights.of_size(firm.size)
    cents = half.cents if limits.budget_cents is None else limits.budget_cents // BUDGET_PARTS
    days = half.days if limits.days_per_quarter is None else limits.days_per_quarter
    found = [
        say.say("map.half-way", cents=say.euros(cents), days=say.count("working-day", days)),
        say.say("map.waiting", share=say.number(hundredths(weights.open_prerequisite))),
    ]
    if firm.goals:
        found.append(say.say("map.otherwise", share=say.number(hundredths(weights.relevance_otherwise))))
    else:
        found.append(say.say("map.no-goals"))
    if not road.roadmap.basis.peers:
        found.append(say.say("map.no-peers"))
    return found


def _all(p: Picture, road: Road) -> list[Block]:
    say = p.say
    rows = [_row(p, road, priority) for area in p.areas for priority in _in_order(road, area.code)]
    columns = [
        Column("", 0.1),
        Column(say.say("column.action"), 1.47),
        Column(say.say("column.area"), 0.13),
        Column(say.say("column.lifts"), 0.5),
        Column(say.say("column.days"), 0.24, figures=True),
        Column(say.say("column.euros"), 0.39, figures=True),
        Column(say.say("column.quarter"), 0.17, figures=True),
    ]
    text = say.say("map.all-text")
    if len(road.numbers) < len(road.roadmap.priorities):
        text += " " + say.say("map.all-dash")
    return [
        Heading(say.say("map.all")),
        Paragraph(text),
        Table(columns, rows, say.say("map.all-caption"), dense=True),
    ]


def _in_order(road: Road, area: str) -> list[Priority]:
    """An area's actions: planned ones by number, then the others by priority."""
    own = [priority for priority in road.roadmap.priorities if priority.raised.action.area == area]
    last = len(road.numbers) + 1
    return sorted(own, key=lambda priority: road.numbers.get(priority.code, last))


def _row(p: Picture, road: Road, priority: Priority) -> list[Inline]:
    action = priority.raised.action
    return [
        action_blocks.number(road, priority.code),
        [Run(action_blocks.name(road, priority.code), strong=priority in road.first)],
        p.area(action.area).digits,
        action_blocks.rises(p, priority.raised.rises),
        str(action.days),
        action_blocks.cost(p, action, short=True),
        action_blocks.when(p, road, priority),
    ]
