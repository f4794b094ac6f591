"""Between rows and the values that rules work with: what was chosen, and the plan made from it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import cast

from capofila.roadmap import planning
from capofila.roadmap.figures import exact
from capofila.roadmap.goals import LANGUAGES
from capofila.roadmap.grounds import Grounds
from capofila.roadmap.library import goal_packs, load
from capofila.roadmap.models import Roadmap, RoadmapItem, RoadmapPlan, Written
from capofila.roadmap.planning import Choices, Gains
from capofila.roadmap.rules.priorities import Limits, Priority
from capofila.roadmap.rules.raising import raise_actions
from capofila.roadmap.rules.schedule import LeftOut, Plan, Why, Wishes


@dataclass(frozen=True)
class Chosen:
    """All that firm and consultant have settled for one version."""

    limits: Limits = field(default_factory=Limits)
    pins: Mapping[str, int] = field(default_factory=dict)
    excluded: frozenset[str] = frozenset()
    not_relevant: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Followed:
    """What became of actions so far: those at work or done, those given up."""

    begun: frozenset[str] = frozenset()
    dropped: frozenset[str] = frozenset()


def followed_in(row: Roadmap) -> Followed:
    return Followed(frozenset(row.begun), frozenset(row.dropped))


def chosen_in(row: Roadmap) -> Chosen:
    return Chosen(
        Limits(row.budget_cents, row.days_per_quarter),
        dict(row.pins),
        frozenset(row.excluded),
        dict(row.not_relevant),
    )


def choices(chosen: Chosen, grounds: Grounds, followed: Followed, about: str = "") -> Choices:
    """What a plan is made with. A pin waits while its action is not called for or has begun.

    `about`, the action that is being settled, waits for nothing: its conflicts are to be said.
    """
    basis = grounds.basis
    actions = load(basis.name)
    raising = raise_actions(
        actions,
        basis.instrument,
        basis.answers,
        basis.firm,
        goal_packs(basis.name),
        {code: reason for code, reason in chosen.not_relevant.items() if code in actions.by_code},
    )
    raised = {found.code for found in raising.raised}
    at_work = followed.begun & raised
    out = chosen.excluded | followed.dropped
    return Choices(
        limits=chosen.limits,
        wishes=Wishes(
            pins={
                code: quarter
                for code, quarter in chosen.pins.items()
                if code == about or (code in raised and code not in at_work and code not in followed.dropped)
            },
            excluded=frozenset(
                code for code in out if code == about or (code in raised and code not in at_work)
            ),
            begun=at_work,
        ),
        not_relevant={
            code: reason for code, reason in chosen.not_relevant.items() if code in actions.by_code
        },
        weights=grounds.weights,
    )


# Plans as rows


def write_plan(row: Roadmap, made: planning.Roadmap, kind: str, *, at: datetime) -> Written:
    """A plan with an item for every action that the answers call for."""
    plan = RoadmapPlan.objects.create(
        roadmap=row,
        kind=kind,
        aborted=made.plan.aborted,
        objective=float(made.plan.objective),
        gap=float(made.plan.gap),
        gain=_text(made.gain),
        score=_text(made.scores.overall.value),
        at=at,
    )
    return plan, tuple(RoadmapItem.objects.bulk_create(_items(plan, made)))


def _items(plan: RoadmapPlan, made: planning.Roadmap) -> list[RoadmapItem]:
    said = [made.said(language) for language in LANGUAGES]
    order = {priority.code: place for place, priority in enumerate(made.planned())}
    wishes = made.choices.wishes
    found = []
    for place, priority in enumerate(made.priorities, start=1):
        code = priority.code
        quarter = made.plan.starts.get(code)
        gone = None if quarter is not None else made.plan.left_out[code]
        after = made.after(code) if quarter is not None else ()
        gain = made.gains[code]
        why = {one.language: one.why(priority, gain, after, order.get(code, place)) for one in said}
        found.append(
            RoadmapItem(
                plan=plan,
                action=code,
                place=place,
                quarter=quarter,
                after=list(after),
                why=why,
                left_out="" if gone is None else gone.why,
                left_out_for=[] if gone is None else list(gone.prerequisites),
                pinned=code in wishes.pins,
                begun=code in wishes.begun,
                **_figures(priority, gain),
            )
        )
    for code, reason in made.raising.not_relevant.items():
        action = made.action(code)
        found.append(
            RoadmapItem(
                plan=plan, action=code, place=len(found) + 1, priority=0.0, left_out="not-relevant",
                reason=reason, quarters=action.quarters, cents=action.cents, days=action.days,
            )
        )  # fmt: skip
    return found


def _figures(priority: Priority, gain: Fraction | None) -> dict[str, object]:
    action = priority.raised.action
    return {
        "priority": float(priority.value),
        "factors": {
            **{name: str(factor) for name, factor in priority.factors().items()},
            "gain": _text(gain),
            "peers_known": priority.peers_known,
        },
        "rises": [[rise.question, rise.level, rise.target] for rise in priority.raised.rises],
        "goals": list(priority.raised.goals),
        "quarters": action.quarters,
        "cents": action.cents,
        "days": action.days,
    }


def _text(value: Fraction | None) -> str:
    return "" if value is None else str(value)


# Rows as plans


def gains_in(items: Iterable[RoadmapItem]) -> Gains:
    """Action -> gain by itself, of those that a plan knows."""
    return gains_of((item.action, item.factors.get("gain")) for item in items)


def gains_of(kept: Iterable[tuple[str, str | int | None]]) -> Gains:
    """The same, from what items keep; None for an action that no gain was worked out for.

    SQLite gives a whole number inside JSON back as a number.
    """
    return {action: None if gain == "" else exact(str(gain)) for action, gain in kept if gain is not None}


def restored(
    row: Roadmap, plan: RoadmapPlan, items: Iterable[RoadmapItem], grounds: Grounds
) -> planning.Roadmap:
    """The roadmap in memory, from its rows; `grounds` are those it was made from."""
    listed = list(items)
    stood = Plan(
        starts={item.action: item.quarter for item in listed if item.quarter is not None},
        left_out={
            item.action: LeftOut(cast(Why, item.left_out), tuple(item.left_out_for))
            for item in listed
            if item.quarter is None and item.left_out != "not-relevant"
        },
        objective=Fraction(plan.objective),
        gap=Fraction(plan.gap),
        aborted=plan.aborted,
    )
    wanted = choices(chosen_in(row), grounds, followed_in(row))
    return planning.again(grounds.basis, wanted, stood, gains_in(listed))
