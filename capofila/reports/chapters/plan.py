"""The roadmap by quarter: when each action runs, what it takes, what it adds, what is left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from capofila.assessments.rules import scoring
from capofila.assessments.rules.scoring import Scores
from capofila.lib import charts
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
from capofila.reports.chapters import action_blocks
from capofila.reports.picture import Picture
from capofila.reports.road import NOW, Road
from capofila.roadmap.own_days import own_days_since
from capofila.roadmap.rules import gains
from capofila.roadmap.rules.priorities import Priority
from capofila.roadmap.rules.schedule import LeftOut, released
from capofila.roadmap.rules.shape import QUARTERS

YEAR = 4  # quarters
WIDE, HIGH = 253.0, 485.0  # mm of the page on its side; units of a part of the chart
NAMED = 8  # actions named for a reason; all have a dash on the map


@dataclass(frozen=True)
class Quarter:
    """What one quarter takes, and with a budget what has been released and is left at its end."""

    number: int
    begun: tuple[int, ...]  # numbers of the actions that begin in it
    days: int
    cents: int
    released: int | None = None  # by the end of this quarter, in all
    left: int | None = None


def chapters(p: Picture) -> list[Chapter]:
    """Nothing where no action is planned."""
    road = p.road
    if road is None or not road.planned:
        return []
    say, found = p.say, quarters(road)
    title = say.say(
        "plan.title",
        count=say.count("action", len(road.planned)),
        days=say.count("working-day", sum(quarter.days for quarter in found)),
    )
    blocks: list[Block] = [
        Paragraph(say.say("plan.read"), "small"),
        *_charts(p, road),
        *_money(p, road, found),
        *_scores(p, road),
        *left_out(p, road),
    ]
    return [Chapter("plan", title, blocks, running=say.say("plan.running"), landscape=True)]


def quarters(road: Road) -> list[Quarter]:
    """The quarters of the plan, with days and money as the plan counts them."""
    free = released(road.roadmap.choices.limits.budget_cents)
    met = road.roadmap.choices.wishes.begun  # what these take is no longer counted
    found: list[Quarter] = []
    spent = 0
    for number in range(1, QUARTERS + 1):
        here = [priority for priority in road.planned if road.start(priority.code) == number]
        counted = [priority.raised.action for priority in here if priority.code not in met]
        cents = sum(action.cents for action in counted)
        spent += cents
        left = None if free is None else free[number - 1] - spent
        begun = tuple(sorted(road.numbers[priority.code] for priority in here))
        days = sum(action.days for action in counted)
        found.append(Quarter(number, begun, days, cents, None if free is None else free[number - 1], left))
    return found


def _charts(p: Picture, road: Road) -> list[Block]:
    say = p.say
    rows = [_row(p, road, priority) for priority in road.planned]
    heads = [
        (say.say("plan.year", year=year), [str(YEAR * (year - 1) + at) for at in range(1, YEAR + 1)])
        for year in range(1, QUARTERS // YEAR + 1)
    ]
    parts = charts.gantt_parts(rows, HIGH)
    made: list[Block] = []
    for part in parts:
        alt = say.say("plan.alt", first=part[0].number, last=part[-1].number, name=part[0].name)
        chart = charts.gantt(part, heads, alt=alt)
        made.append(Figure(chart, alt, width=WIDE))
    return made


def _row(p: Picture, road: Road, priority: Priority) -> charts.GanttRow:
    action, number = priority.raised.action, road.numbers[priority.code]
    return charts.GanttRow(
        number=str(number),
        name=action_blocks.name(road, priority.code),
        start=road.start(priority.code) or 1,
        quarters=action.quarters,
        note=p.area(action.area).digits,
        label=p.say.say(f"service.{action.service_areas[0]}-short") if action.service_areas else "",
        hot=number <= NOW,
        after=[str(road.numbers[code]) for code in road.roadmap.after(priority.code) if code in road.numbers],
    )


def _money(p: Picture, road: Road, found: Sequence[Quarter]) -> list[Block]:
    """What begins and what it takes, and with a budget what is released and left: a column per quarter."""
    say = p.say
    rows: list[list[Inline]] = [
        [say.say("plan.begins"), *(_numbers(quarter.begun) for quarter in found), str(len(road.planned))],
        [
            say.say("plan.days"),
            *(str(quarter.days) for quarter in found),
            str(sum(quarter.days for quarter in found)),
        ],
        [
            say.say("plan.spent"),
            *(say.amount(quarter.cents) for quarter in found),
            say.amount(sum(quarter.cents for quarter in found)),
        ],
    ]
    if found[0].released is not None:
        for name in ("released", "left"):
            euros = [getattr(quarter, name) // 100 for quarter in found]  # a part of a euro is not shown
            rows.append([say.say(f"plan.{name}"), *(say.amount(100 * amount) for amount in euros), ""])
    columns = [
        Column("", 1.3),
        *(Column(str(quarter.number), 0.62, figures=True) for quarter in found),
        Column(say.say("plan.all"), 0.7, figures=True),
    ]
    table = Table(columns, rows, say.say("plan.money-caption"), dense=True)
    text = Paragraph(" ".join(_how(p, road)), "small")
    return [Together([Heading(say.say("plan.money")), text, table])]


def _numbers(begun: Sequence[int]) -> str:
    return ", ".join(map(str, begun)) or "–"


def _how(p: Picture, road: Road) -> list[str]:
    """The limits, where they come from, and how good the plan is known to be."""
    say, limits = p.say, road.roadmap.choices.limits
    found = []
    if road.assumed_days is not None:
        size = road.roadmap.basis.firm.size
        key = "plan.assumed" if size else "plan.assumed-unknown"
        days = say.count("working-day", road.assumed_days)
        found.append(say.say(key, days=days, size=say.say(f"size.{size or 'small'}"), year=own_days_since()))
    elif limits.days_per_quarter is not None:
        found.append(say.say("plan.given-days", days=say.count("working-day", limits.days_per_quarter)))
    else:
        found.append(say.say("plan.no-days"))
    if limits.budget_cents is None:
        found.append(say.say("plan.no-budget"))
    else:
        found.append(say.say("plan.budget", budget=say.euros(limits.budget_cents)))
    gap = say.percent_of(road.roadmap.plan.gap)
    found.append(say.say(f"plan.made-{road.made}", gap=gap))
    return found


def _scores(p: Picture, road: Road) -> list[Block]:
    """Area by area: today, after the first year, after the whole plan."""
    say, before = p.say, road.roadmap.scores
    if before.overall.value is None:
        return []
    year = scores_after(road, [each for each in road.planned if (road.start(each.code) or 0) <= YEAR])
    plan = scores_after(road, road.planned)
    areas = [area.code for area in p.areas if area.score.value is not None]
    rows: list[list[Inline]] = [
        [
            say.say(f"column.{name}"),
            *(p.figure(scores.areas[code]) for code in areas),
            p.figure(scores.overall),
        ]
        for name, scores in (("today", before), ("after-year", year), ("after-plan", plan))
    ]
    columns = [
        Column("", 0.96),
        *(Column(p.area_short(code), 0.9, figures=True) for code in areas),
        Column(say.say("steps.overall"), 0.9, figures=True),
    ]
    score, after = p.figure(before.overall), p.figure(plan.overall)
    said = say.rich("plan.scores-text", score=score, after=after)
    if _twice(road):
        said += [Run(" "), *say.rich("plan.scores-once")]
    text = Paragraph(said, "small")
    table = Table(columns, rows, say.say("plan.scores-caption"), dense=True)
    return [Together([Heading(say.say("plan.scores")), text, table])]


def _twice(road: Road) -> bool:
    """Whether two planned actions lift the same question."""
    lifted = [rise.question for priority in road.planned for rise in priority.raised.rises]
    return len(set(lifted)) < len(lifted)


def scores_after(road: Road, done: Sequence[Priority]) -> Scores:
    """The scores once these actions are done; of two that lift one question, the higher target counts."""
    basis = road.roadmap.basis
    answers = gains.lifted(basis.answers, [priority.raised for priority in done])
    return scoring.score(basis.instrument, answers, basis.firm.profile)


def left_out(p: Picture, road: Road) -> list[Block]:
    """Why raised actions are not in the plan, a row for each reason."""
    say, reasons = p.say, _reasons(p, road)
    if not reasons:
        return []
    rows: list[list[Inline]] = []
    for reason, codes in reasons.items():
        listed = "; ".join(action_blocks.name(road, code) for code in codes[:NAMED])
        if len(codes) > NAMED:
            listed += say.say("plan.others")
        rows.append([[Run(reason, strong=True)], str(len(codes)), listed])
    columns = [
        Column(say.say("column.reason"), 0.6),
        Column(say.say("column.actions"), 0.2, figures=True),
        Column(say.say("column.which"), 1.6),
    ]
    table = Table(columns, rows, say.say("plan.left-out-caption"), dense=True)
    text = Paragraph(say.say("plan.left-out-text"), "small")
    return [Together([Heading(say.say("plan.left-out")), text, table])]


def _reasons(p: Picture, road: Road) -> Mapping[str, list[str]]:
    """Reason as printed -> the actions, highest priority first."""
    reasons: dict[str, list[str]] = {}
    order = {priority.code: at for at, priority in enumerate(road.roadmap.priorities)}
    for code, left in sorted(road.left_out.items(), key=lambda pair: order.get(pair[0], len(order))):
        reasons.setdefault(_reason(p, road, code, left), []).append(code)
    if road.later:
        reasons[p.say.say("left-out.later")] = [priority.code for priority in road.later]
    return reasons


def _reason(p: Picture, road: Road, code: str, left: LeftOut) -> str:
    removed = road.roadmap.raising.not_relevant
    if removed.get(code):
        return p.say.say("left-out.not-relevant-because", reason=removed[code])
    return p.say.say(f"left-out.{left.why}")
