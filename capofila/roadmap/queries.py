"""Reading roadmaps: the version that stands, its plan, what became of each action, what was handed over."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from capofila.assessments.models import AnswerEntry, Assessment, BenchmarkFreeze
from capofila.companies.models import Company
from capofila.consortium import access
from capofila.roadmap import keeping, library, planning
from capofila.roadmap.goals import LANGUAGES
from capofila.roadmap.grounds import grounds
from capofila.roadmap.models import (
    HubWeights,
    Progress,
    Roadmap,
    RoadmapHandover,
    RoadmapItem,
    RoadmapPlan,
)


@dataclass(frozen=True)
class Standing:
    """One version with the best plan there is for it."""

    roadmap: Roadmap
    plan: RoadmapPlan
    items: tuple[RoadmapItem, ...]  # by priority; those not relevant last
    handover: RoadmapHandover | None = None  # where it is this version that the company has

    @property
    def is_proven(self) -> bool:
        return self.plan.kind == RoadmapPlan.Kind.PROVEN and not self.plan.aborted

    @property
    def is_being_proven(self) -> bool:
        return self.plan.kind == RoadmapPlan.Kind.PREVIEW

    @cached_property
    def planned(self) -> tuple[RoadmapItem, ...]:
        """By quarter, then by priority."""
        return tuple(
            sorted(
                (item for item in self.items if item.quarter is not None),
                key=lambda item: (item.quarter or 0, item.place),
            )
        )

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Action -> its number in the plan, from 1."""
        return {item.action: number for number, item in enumerate(self.planned, start=1)}


def gains(row: Roadmap) -> planning.Gains:
    """What each action of a version adds by itself to the overall score; any of its plans says the same."""
    items = RoadmapItem.objects.filter(plan__roadmap=row, plan__kind=RoadmapPlan.Kind.PREVIEW)
    return keeping.gains_of(items.values_list("action", "factors__gain"))


def has_actions(assessment: Assessment) -> bool:
    """Whether there are improvement actions for what the assessment asks at all."""
    return bool(library.load(assessment.name).actions)


def newest(assessment: Assessment) -> Roadmap | None:
    return _known(Roadmap.objects.filter(assessment=assessment).order_by("-number").first(), assessment)


def _known(row: Roadmap | None, assessment: Assessment) -> Roadmap | None:
    """The row with the assessment that the caller has, so that it is not read again."""
    if row is not None:
        row.assessment = assessment
    return row


def standing(assessment: Assessment) -> Standing | None:
    """The newest version; None before the first is made."""
    row = newest(assessment)
    return None if row is None else of_version(row)


def first(assessment: Assessment) -> tuple[str, ...]:
    """The planned actions, in the order in which they begin."""
    found = standing(assessment)
    return () if found is None else tuple(item.action for item in found.planned)


def of_version(row: Roadmap) -> Standing:
    if row.written is not None:
        return Standing(row, *row.written)
    plans = {plan.kind: plan for plan in row.plans.all()}
    plan = plans.get(RoadmapPlan.Kind.PROVEN) or plans[RoadmapPlan.Kind.PREVIEW]
    return _with(row, plan, None)


def _with(row: Roadmap, plan: RoadmapPlan, handover: RoadmapHandover | None) -> Standing:
    return Standing(row, plan, tuple(plan.items.order_by("place")), handover)


def of_company(company: Company, *, is_contact: bool) -> QuerySet[Assessment]:
    """Its assessments that have a roadmap, for a contact one that was handed over; newest first."""
    model = RoadmapHandover if is_contact else Roadmap
    there = model._default_manager.filter(assessment=OuterRef("pk"))
    return Assessment.objects.filter(Exists(there), company=company).order_by("-day", "-pk")


def versions(assessment: Assessment) -> QuerySet[Roadmap]:
    """Every version, newest first."""
    return Roadmap.objects.filter(assessment=assessment).order_by("-number")


def handovers(assessment: Assessment) -> QuerySet[RoadmapHandover]:
    """What the company was given, newest first."""
    found = RoadmapHandover.objects.filter(assessment=assessment).defer("data")
    return found.select_related("plan__roadmap").order_by("-number")


def handed_over(assessment: Assessment) -> Standing | None:
    """The version that the company has; None before the first is handed over."""
    last = handovers(assessment).first()
    return None if last is None else _given(last, assessment)


def _given(handover: RoadmapHandover, assessment: Assessment) -> Standing:
    row: Roadmap = handover.plan.roadmap
    row.assessment = assessment
    return _with(row, handover.plan, handover)


def shown_to(who: access.Who, assessment: Assessment) -> Standing | None:
    """The version somebody reads: a contact what was handed over, everybody else the newest."""
    return handed_over(assessment) if who.role == "contact" else standing(assessment)


def version_for(assessment: Assessment, number: int, *, is_contact: bool) -> Standing | None:
    """One version; for a contact only one that was handed over, with the plan it had then."""
    if is_contact:
        given = handovers(assessment).filter(plan__roadmap__number=number).first()
        return None if given is None else _given(given, assessment)
    row = _known(Roadmap.objects.filter(assessment=assessment, number=number).first(), assessment)
    return None if row is None else of_version(row)


def is_outdated(row: Roadmap) -> bool:
    """Whether answers, goals, size, peers or weights have changed since a version was made."""
    company = row.assessment.company
    if list(company.goals) != row.goals or company.size != row.size:
        return True
    if AnswerEntry.objects.filter(assessment=row.assessment_id, received_at__gt=row.at).exists():
        return True
    if HubWeights.objects.filter(at__gt=row.at).exists():
        return True
    frozen = BenchmarkFreeze.objects.filter(instrument=row.assessment.instrument, made_at__gt=row.at)
    return frozen.exists() and grounds(row.assessment).sha256 != row.inputs  # often the figures stay


# What became of the actions


def progress(assessment: Assessment) -> dict[str, Progress]:
    """What holds of each action that anything was said of."""
    rows = Progress.objects.filter(assessment=assessment).order_by("pk")
    return {row.action: row for row in rows}


def history(assessment: Assessment, action: str) -> QuerySet[Progress]:
    """All that was said of one action, newest first."""
    return Progress.objects.filter(assessment=assessment, action=action).order_by("-pk")


def followed(found: Mapping[str, Progress]) -> keeping.Followed:
    """For the next plan: what is at work or done takes no more money and days, what was dropped is out."""
    at_work = (Progress.State.BEGUN, Progress.State.DONE)
    return keeping.Followed(
        frozenset(code for code, row in found.items() if row.state in at_work),
        frozenset(code for code, row in found.items() if row.state == Progress.State.DROPPED),
    )


# For reports


def kept(assessment: Assessment) -> planning.Roadmap | None:
    """The roadmap that the hub keeps, as the report tells it; None where none was made.

    Where answers, company or weights have changed since, it is planned anew at once with what was chosen.
    """
    found = standing(assessment)
    if found is None:
        return None
    base = grounds(assessment)
    if base.sha256 == found.roadmap.inputs:
        return keeping.restored(found.roadmap, found.plan, found.items, base)
    chosen = keeping.chosen_in(found.roadmap)
    return planning.preview(base.basis, keeping.choices(chosen, base, keeping.followed_in(found.roadmap)))


def as_data(found: Standing) -> str:
    """All that is handed over with a version, as JSON; the same bytes for the same rows."""
    row, plan = found.roadmap, found.plan
    said: dict[str, Any] = {
        "assessment": row.assessment_id,
        "version": row.number,
        "library": row.library,
        "inputs": row.inputs,
        "budget_cents": row.budget_cents,
        "days_per_quarter": row.days_per_quarter,
        "goals": row.goals,
        "weights": row.weights,
        "pins": row.pins,
        "excluded": row.excluded,
        "not_relevant": row.not_relevant,
        "begun": row.begun,
        "dropped": row.dropped,
        "plan": {
            "kind": plan.kind,
            "objective": plan.objective,
            "gap": plan.gap,
            "gain": plan.gain,
            "score": plan.score,
        },
        "items": [
            {
                "action": item.action,
                "priority": item.priority,
                "factors": item.factors,
                "rises": item.rises,
                "goals": item.goals,
                "why": {language: item.why.get(language, "") for language in LANGUAGES},
                "quarter": item.quarter,
                "quarters": item.quarters,
                "cents": item.cents,
                "days": item.days,
                "after": item.after,
                "left_out": item.left_out,
                "left_out_for": item.left_out_for,
                "reason": item.reason,
            }
            for item in found.items
        ],
    }
    return json.dumps(said, sort_keys=True, ensure_ascii=False)
