"""One piece of evidence: what it is, which day it is from, and its removal."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from capofila.assessments import asking, evidence, queries, screen
from capofila.assessments.forms import EvidenceDateForm, RemovalForm
from capofila.assessments.models import Assessment
from capofila.consortium import access
from capofila.consortium.access import needs, who
from capofila.instruments import library
from capofila.lib.problems import Problem
from capofila.web.words import in_words


@needs("read", "evidence", to_post=("create", "remove"))
def piece(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Two forms, told apart by their button: its day, and its removal with a reason."""
    now = timezone.now()
    found, facts = evidence.seen(pk, who=who(request), on=timezone.localdate(now))
    assessment, _ = queries.found_for(found.assessment_id, who(request), on=timezone.localdate(now))
    go = request.POST.get("go", "")
    dating = EvidenceDateForm(request.POST if go == "date" else None, initial={"effective_on": found.day})
    removal = RemovalForm(request.POST if go == "remove" else None)
    problem = ""
    try:
        if go == "date" and dating.is_valid():
            evidence.date_from(pk, dating.cleaned_data["effective_on"], who=who(request), at=now)
            return redirect("assessments:evidence", pk=pk)
        if go == "remove" and removal.is_valid():
            evidence.remove(pk, reason=removal.cleaned_data["reason"], who=who(request), at=now)
            return redirect("assessments:evidence", pk=pk)
    except access.Denied:
        raise
    except Problem as refused:
        problem = in_words(refused)
    area = library.load(assessment.name).by_code[found.question].area
    is_removed = hasattr(found, "removal")
    page = {
        "piece": found,
        "assessment": assessment,
        "ask": screen.sheet(assessment, asking.language()).of(found.question).ask,
        "back": f"{reverse('assessments:area', args=[assessment.pk, area])}#{found.question}",
        "is_picture": found.stored.type.startswith("image/"),
        "is_removed": is_removed,
        "dating": dating,
        "removal": removal,
        "problem": problem,
        "may_date": not is_removed
        and assessment.state == Assessment.State.DRAFT
        and access.may(who(request), "create", "evidence", facts),
        "may_remove": not is_removed and access.may(who(request), "remove", "evidence", facts),
    }
    wrong = bool(problem or dating.errors or removal.errors or (request.method == "POST" and not go))
    return render(request, "assessments/evidence.html", page, status=422 if wrong else 200)
