"""The benchmark for machines: the figures of its page, and no others. In words: docs/rules/benchmark.md"""

from datetime import date
from typing import Any, Literal

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from ninja import Field, Router, Schema

from capofila.assessments import benchmark, queries
from capofila.assessments.api import Pk, _who, needs
from capofila.assessments.benchmark import Comparison, Group
from capofila.assessments.benchmark_entrants import OVERALL
from capofila.assessments.benchmark_views import is_open_to
from capofila.assessments.rules.benchmark import Published, Suppressed
from capofila.consortium import access
from capofila.web.schemas import REFUSALS

router = Router(tags=["assessments"])
LevelWord = Literal["province", "size", "sector", "all"]
WhyWord = Literal["too-few", "known", "dominance", "together"]


class GroupOut(Schema):
    level: LevelWord
    key: str = Field(description="sector/size/province as far as the group goes; ? is not known")
    cohort: str | None = Field(description="the id of what is published; null: nothing is")
    on: date | None
    why: WhyWord | None = Field(description="why nothing is published")


class MeasureOut(Schema):
    own: str | None
    companies: int | None = Field(description="others behind the figures; null: nothing is shown of them")
    mean: str | None
    median: str | None
    quartiles: list[str] | None
    percentile: int | None = Field(description="about how many in 100 are lower, in steps of 5")
    why: WhyWord | None


class BenchmarkOut(Schema):
    instrument: str
    handed_over: bool = Field(description="false: the contact sees it once the report is handed over")
    demonstration: bool
    groups: list[GroupOut] = Field(description="of the company, the smallest first")
    cohort: GroupOut | None = Field(description="the one it is compared with")
    overall: MeasureOut | None
    areas: dict[str, MeasureOut]


@router.get(
    "/assessments/{assessment}/benchmark",
    response={200: BenchmarkOut, **REFUSALS},
    openapi_extra=needs("read benchmark"),
)
def read_benchmark(
    request: HttpRequest, assessment: int = Pk, group: LevelWord | None = None, on: date | None = None
) -> JsonResponse:
    """One assessment beside the group it is compared with: the smallest that is published, or `group`."""
    who = _who(request)
    found, facts = queries.found_for(assessment, who, on=timezone.localdate())
    access.check(who, "read", "benchmark", facts)
    if not is_open_to(who, found):
        return JsonResponse(_nothing(found.name))
    return JsonResponse(benchmark_json(benchmark.compared(found, level=group, on=on)))


def _nothing(instrument: str) -> dict[str, Any]:
    return {
        "instrument": instrument,
        "handed_over": False,
        "demonstration": False,
        "groups": [],
        "cohort": None,
        "overall": None,
        "areas": {},
    }


def benchmark_json(found: Comparison) -> dict[str, Any]:
    return {
        "instrument": found.assessment.name,
        "handed_over": True,
        "demonstration": found.is_demo,
        "groups": [_group(group) for group in found.groups],
        "cohort": None if found.chosen is None else _group(found.chosen),
        "overall": _measure(found, OVERALL),
        "areas": {area: _measure(found, area) for area in found.instrument.areas},
    }


def _group(group: Group) -> dict[str, Any]:
    return {
        "level": group.level,
        "key": group.key,
        "cohort": group.cohort or None,
        "on": None if group.on is None or not group.cohort else group.on.isoformat(),
        "why": group.why,
    }


def _measure(found: Comparison, measure: str) -> dict[str, Any]:
    figures = (found.measures or {}).get(measure)
    others = figures if isinstance(figures, Published) else None
    quartiles = None if others is None else others.quartiles
    return {
        "own": _written(found.own.get(measure)),
        "companies": None if others is None else others.companies,
        "mean": _written(None if others is None else others.mean),
        "median": _written(None if others is None else others.median),
        "quartiles": None if quartiles is None else [_written(value) for value in quartiles],
        "percentile": found.percentile(measure),
        "why": figures.why if isinstance(figures, Suppressed) else None,
    }


def _written(hundredths: int | None) -> str | None:
    return None if hundredths is None else f"{hundredths // 100}.{hundredths % 100:02d}"
