"""Page of two assessments of a company, before and after."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from capofila.assessments import queries as assessments
from capofila.assessments.asking import language
from capofila.consortium import access
from capofila.consortium.access import needs, who
from capofila.desk import comparison_page
from capofila.lib.problems import Problem, Refused
from capofila.web.words import in_words


@needs("read", "score")
@require_safe
def comparison(request: HttpRequest, pk: int) -> HttpResponse:
    """What changed since the assessment before, or since one chosen; where nothing can be compared, why."""
    after, facts = assessments.found_for(pk, who(request), on=timezone.localdate())
    access.check(who(request), "read", "score", facts)
    choices = comparison_page.choices(after)
    before = comparison_page.chosen(choices, request.GET.get("with", ""))
    shown: dict[str, Any] = {
        "after": after,
        "before": before,
        "choices": choices,
        "page": None,
        "problems": (),
    }
    if before is not None:
        try:
            shown["page"] = comparison_page.page(before, after, language())
        except Problem as problem:
            shown["problems"] = (in_words(problem),)
        except Refused as refused:
            shown["problems"] = tuple(in_words(problem) for problem in refused.problems)
    return render(request, "desk/comparison.html", shown)
