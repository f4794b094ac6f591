"""The page of the benchmark: one assessment beside others."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from capofila.assessments import asking, benchmark, benchmark_page, page_facts, queries
from capofila.assessments.models import Assessment, Milestone
from capofila.consortium import access
from capofila.consortium.access import needs, who


@needs("read", "benchmark")
@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """One assessment beside others; a contact sees it once the report is handed over.

    `?group=sector` looks at a larger group, `?on=2026-06-30` at what was published by then: both of the
    few that are published anyway.
    """
    assessment, facts = queries.found_for(pk, who(request), on=timezone.localdate())
    access.check(who(request), "read", "benchmark", facts)
    language = asking.language()
    told = {
        "assessment": assessment,
        "instrument": page_facts.instrument_name(assessment.name, language),
        "of_company": who(request).role == "contact",
    }
    if not is_open_to(who(request), assessment):
        return render(request, "assessments/benchmark_later.html", told)
    on = _day(request.GET.get("on", ""))
    found = benchmark.compared(assessment, level=request.GET.get("group"), on=on)
    shown = benchmark_page.page(found, language)
    return render(request, "assessments/benchmark.html", {**told, "page": shown, "on": on})


def is_open_to(who: access.Who, assessment: Assessment) -> bool:
    """A contact reads scores in the report: nothing of them, nor of others, before it is handed over."""
    if who.role != "contact":
        return True
    return assessment.milestones.filter(kind=Milestone.Kind.HANDED_OVER).exists()


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None
