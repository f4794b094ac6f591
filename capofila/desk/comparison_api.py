"""Two assessments of a company for machines: the figures of the page. In words: docs/rules/comparison.md"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from ninja import Field, Router, Schema
from ninja.params.functions import Query

from capofila.assessments import queries as assessments
from capofila.assessments import shown
from capofila.assessments.api import Pk, _who, needs
from capofila.assessments.commands.compare import as_json
from capofila.assessments.models import Assessment
from capofila.assessments.rules.scoring import Score, displayed
from capofila.assessments.schemas import LARGEST_ID, AssessmentFacts
from capofila.consortium import access
from capofila.desk import comparison_page
from capofila.instruments import library
from capofila.instruments.rules.shape import Instrument
from capofila.lib.problems import Problem, gettext_noop
from capofila.web.schemas import REFUSALS

router = Router(tags=["assessments"])


class NothingBefore(Problem):
    """No closed assessment of an earlier stage, by the same questionnaire, is there to compare with."""

    status = 409


class Pair(Schema):
    before: str | None
    after: str | None


class ChangeOut(Schema):
    question: str
    before: Any = Field(description="in the terms of the newer version; a mean where questions were merged")
    after: Any


class ApartOut(Schema):
    question: str
    why: str


class DoneOut(Schema):
    action: str
    on: date


class ComparisonOut(Schema):
    before: AssessmentFacts
    after: AssessmentFacts
    choices: list[AssessmentFacts] = Field(description="what it can be compared with: `with` names one")
    questions: int = Field(description="comparable; both sides are scored on these alone")
    overall: Pair
    areas: dict[str, Pair]
    dimensions: dict[str, Pair]
    changed: list[ChangeOut]
    not_comparable: list[ApartOut]
    actions_done: list[DoneOut] = Field(description="of the earlier roadmap, by the day of the later one")


@router.get(
    "/assessments/{assessment}/comparison",
    response={200: ComparisonOut, **REFUSALS},
    openapi_extra=needs("read score"),
)
def read_comparison(
    request: HttpRequest,
    assessment: int = Pk,
    other: int | None = Query(
        None, alias="with", ge=1, le=LARGEST_ID, description="an earlier one; else the stage just before"
    ),
) -> JsonResponse:
    """What changed since an earlier assessment of the company, and what cannot be compared and why."""
    who = _who(request)
    after, facts = assessments.found_for(assessment, who, on=timezone.localdate())
    access.check(who, "read", "score", facts)
    choices = comparison_page.choices(after)
    numbered = other is None or any(one.pk == other for one in choices)
    before = comparison_page.chosen(choices, str(other)) if numbered else None
    if before is None:
        raise NothingBefore(
            "comparison.nothing-before",
            gettext_noop(
                "There is nothing to compare it with; expected a closed assessment of an earlier stage, "
                "by the same questionnaire."
            ),
        )
    return JsonResponse(_comparison(before, after, choices))


def _comparison(before: Assessment, after: Assessment, choices: list[Assessment]) -> dict[str, Any]:
    found, instrument = comparison_page.both(before, after), library.load(after.name)
    said = as_json(found, before.version, after.version)
    return {
        "before": shown.facts_json(before),
        "after": shown.facts_json(after),
        "choices": [shown.facts_json(one) for one in choices],
        "questions": len(found.compared),
        "overall": _pair(found.before.overall, found.after.overall, instrument),
        "areas": _pairs(found.before.areas, found.after.areas, instrument),
        "dimensions": _pairs(found.before.dimensions, found.after.dimensions, instrument),
        "changed": said["changed"],
        "not_comparable": said["not_comparable"],
        "actions_done": [
            {"action": row.action, "on": row.on.isoformat()} for row in comparison_page.done(before, after)
        ],
    }


def _pairs(
    before: Mapping[str, Score], after: Mapping[str, Score], instrument: Instrument
) -> dict[str, dict[str, str | None]]:
    return {
        code: _pair(before[code], score, instrument)
        for code, score in after.items()
        if code in before and score.value is not None
    }


def _pair(before: Score, after: Score, instrument: Instrument) -> dict[str, str | None]:
    return {"before": _written(before, instrument), "after": _written(after, instrument)}


def _written(score: Score, instrument: Instrument) -> str | None:
    return None if score.value is None else f"{displayed(score.value, instrument.bands):.2f}"
