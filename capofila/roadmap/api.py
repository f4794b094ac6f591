"""The roadmap for machines: the plan that stands, what became of its actions. docs/rules/roadmap.md"""

from datetime import date, datetime
from fractions import Fraction
from typing import Any, Literal

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from ninja import Field, Router, Schema

from capofila.assessments import queries as assessments
from capofila.assessments.api import Pk, _who, needs
from capofila.assessments.models import Assessment
from capofila.consortium import access
from capofila.roadmap import actions, queries
from capofila.roadmap.as_json import euros
from capofila.roadmap.forms import LONGEST_REASON
from capofila.roadmap.models import Progress, RoadmapItem
from capofila.roadmap.queries import Standing
from capofila.web.schemas import REFUSALS

router = Router(tags=["roadmap"])
StateWord = Literal["not-begun", "begun", "done", "dropped"]


class ItemOut(Schema):
    action: str
    priority: float
    why: dict[str, str] = Field(description="a sentence in each language")
    quarter: int | None = Field(description="in which it starts, 1 to 12; null: left out")
    quarters: int
    cost_eur: str
    days: int
    after: list[str]
    gain: float | None
    left_out: str | None
    reason: str
    pinned: bool
    begun: bool


class PlanOut(Schema):
    version: int
    at: datetime
    proven: bool = Field(description="false: a quick plan, the best one is being worked out")
    gap: float
    objective: float
    budget_eur: str | None
    days_per_quarter: int | None
    goals: list[str]
    weights: dict[str, Any]
    gain: float | None = Field(description="of the whole plan on the overall score")
    handed_over: bool = Field(description="it is the version that the company has")
    sha256: str | None = Field(description="of what was handed over")


class RoadmapOut(Schema):
    roadmap: PlanOut | None = Field(description="null: none is made, or for the contact none handed over")
    items: list[ItemOut]


class ProgressOut(Schema):
    action: str
    state: StateWord
    on: date
    note: str
    by: str
    side: Literal["consultant", "company"]
    at: datetime


class ProgressPage(Schema):
    items: list[ProgressOut]


class ProgressIn(Schema):
    action: str = Field(max_length=80)
    state: StateWord
    on: date
    note: str = Field("", max_length=LONGEST_REASON, description="for a dropped action, why")


@router.get(
    "/assessments/{assessment}/roadmap",
    response={200: RoadmapOut, **REFUSALS},
    openapi_extra=needs("read roadmap"),
)
def read_roadmap(request: HttpRequest, assessment: int = Pk) -> JsonResponse:
    """The newest version; for the company's contact the one that was handed over."""
    found = _found(request, assessment, "read", "roadmap")
    standing = queries.shown_to(_who(request), found)
    if standing is None:
        return JsonResponse({"roadmap": None, "items": []})
    given = standing.handover or queries.handovers(found).first()
    return JsonResponse(
        {
            "roadmap": _plan(standing, given if given and given.plan_id == standing.plan.pk else None),
            "items": [_item(item) for item in (*standing.planned, *_left(standing))],
        }
    )


@router.get(
    "/assessments/{assessment}/roadmap/progress",
    response={200: ProgressPage, **REFUSALS},
    openapi_extra=needs("read progress"),
)
def read_progress(request: HttpRequest, assessment: int = Pk) -> JsonResponse:
    """What holds now of every action that anything was said of."""
    found = _found(request, assessment, "read", "progress")
    rows = queries.progress(found)
    return JsonResponse({"items": [_progress(row) for _code, row in sorted(rows.items())]})


@router.post(
    "/assessments/{assessment}/roadmap/progress",
    response={200: ProgressOut, **REFUSALS},
    openapi_extra=needs("create progress"),
)
def send_progress(request: HttpRequest, said: ProgressIn, assessment: int = Pk) -> JsonResponse:
    """Say what became of an action; what was said before stays. The same again changes nothing."""
    who = _who(request)
    found = _found(request, assessment, "create", "progress")
    row = actions.record_progress(
        found,
        said.action,
        said.state,
        on=said.on,
        note=said.note,
        by_company=who.role == "contact",
        by=access.actor(who),
        at=timezone.now(),
    )
    return JsonResponse(_progress(row))


def _found(request: HttpRequest, pk: int, action: str, thing: str) -> Assessment:
    who = _who(request)
    found, facts = assessments.found_for(pk, who, on=timezone.localdate())
    access.check(who, action, thing, facts)
    return found


def _left(standing: Standing) -> list[RoadmapItem]:
    return [item for item in standing.items if item.quarter is None]


def _plan(standing: Standing, given: Any) -> dict[str, Any]:
    row, plan = standing.roadmap, standing.plan
    return {
        "version": row.number,
        "at": row.at,
        "proven": standing.is_proven,
        "gap": plan.gap,
        "objective": plan.objective,
        "budget_eur": None if row.budget_cents is None else euros(row.budget_cents),
        "days_per_quarter": row.days_per_quarter,
        "goals": row.goals,
        "weights": row.weights,
        "gain": number(plan.gain),
        "handed_over": given is not None,
        "sha256": None if given is None else given.sha256,
    }


def _item(item: RoadmapItem) -> dict[str, Any]:
    return {
        "action": item.action,
        "priority": item.priority,
        "why": item.why,
        "quarter": item.quarter,
        "quarters": item.quarters,
        "cost_eur": euros(item.cents),
        "days": item.days,
        "after": item.after,
        "gain": number(item.factors.get("gain", "")),
        "left_out": item.left_out or None,
        "reason": item.reason,
        "pinned": item.pinned,
        "begun": item.begun,
    }


def _progress(row: Progress) -> dict[str, Any]:
    return {
        "action": row.action,
        "state": row.state,
        "on": row.on.isoformat(),
        "note": row.note,
        "by": row.by_name,
        "side": "company" if row.by_company else "consultant",
        "at": row.at.isoformat(),
    }


def number(exact: str) -> float | None:
    """An exact figure of a row as a number; None where it is withheld."""
    return float(Fraction(exact)) if exact else None
