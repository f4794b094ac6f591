"""The report of an assessment: made, looked at, handed over to the company."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from capofila.assessments import actions as assessments
from capofila.assessments import asking
from capofila.assessments import queries as stored
from capofila.assessments.models import Assessment
from capofila.consortium import access
from capofila.consortium.access import needs, who
from capofila.desk import QUESTIONNAIRE, queries, versions
from capofila.desk.forms import HandOverForm
from capofila.lib.problems import Problem
from capofila.reports import actions as making
from capofila.reports import background, handing_over
from capofila.reports import queries as reports
from capofila.roadmap import queries as roadmaps
from capofila.roadmap.handing_over import goes_with_report
from capofila.web.words import in_words

SECONDS_BETWEEN_LOOKS = 2  # while a report is being made


@needs("read", "report")
@require_safe
def reports_of(request: HttpRequest, pk: int) -> HttpResponse:
    """The report of an assessment in both languages: to download, or to make."""
    assessment, facts = found_for(request, pk)
    access.check(who(request), "read", "report", facts)
    picture = queries.picture_of(assessment, stored.answers(assessment), asking.language())
    is_contact = who(request).role == "contact"
    now = None if is_contact or not reports.is_any(assessment) else versions.looks(assessment)
    page = {
        "assessment": assessment,
        "enough": picture.scores.overall.value is not None,
        "coverage": queries.coverage_words(picture.scores.overall, picture),
        "offers": () if is_contact else versions.offers(assessment, now),
        "given": versions.given(assessment, now),
        "replaced": () if is_contact else reports.kept_here(assessment),
        "may_open_inputs": access.may(who(request), "read-inputs", "report", facts),
        "may_report": access.may(who(request), "create", "report", facts),
        "may_hand_over": access.may(who(request), "hand-over", "report", facts),
    }
    return render(request, "desk/reports.html", page)


@needs("create", "report")
@require_POST
def make_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the report made, unless it is there for the same answers, and show the page that waits."""
    assessment, facts = found_for(request, pk)
    access.check(who(request), "create", "report", facts)
    language = known_language(request.POST.get("language", ""))
    assessments.check_enough(stored.submission(assessment))
    if making.up_to_date(assessment, language) is None:
        background.begin(assessment, language)
    return redirect("desk:report", pk=pk, language=language)


@needs("read", "report")
@require_safe
def report(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """Ready, being made (the page looks again by itself), or not made."""
    assessment, rights = found_for(request, pk)
    access.check(who(request), "read", "report", rights)
    language = known_language(language)
    if who(request).role == "contact":
        return redirect("desk:reports", pk=pk)
    being_made = background.is_being_made(assessment, language)
    facts = {
        "assessment": assessment,
        "language": language,
        "language_name": dict(settings.LANGUAGES)[language],
        "being_made": being_made,
        "report": None if being_made else making.up_to_date(assessment, language),
        "failed": background.has_failed(assessment, language),
        "may_report": access.may(who(request), "create", "report", rights),
        "may_hand_over": access.may(who(request), "hand-over", "report", rights),
    }
    response = render(request, "desk/report.html", facts)
    if being_made:
        response["Refresh"] = str(SECONDS_BETWEEN_LOOKS)
    return response


@needs("hand-over", "report")
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the version and who receives it; asked once, since the company is written to."""
    assessment, facts = found_for(request, pk)
    access.check(who(request), "hand-over", "report", facts)
    made = versions.of(assessment)
    contacts = {str(one.pk): one for one in assessment.company.contacts.exclude(email="").order_by("name")}
    form = HandOverForm(
        request.POST or None,
        versions=[(str(one.pk), versions.words(one)) for one in made],
        contacts=[(key, f"{one.name}, {one.email}") for key, one in contacts.items()],
        initial={"number": handing_over.next_number(assessment)},
    )
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            handing_over.hand_over(
                [one for one in made if str(one.pk) in typed["report"]],
                contacts[typed["contact"]],
                number=typed["number"],
                address=request.build_absolute_uri(reverse("accounts:enter", args=["SECRET"])),
                goes_to=reverse("desk:reports", args=[pk]),
                by=access.actor(who(request)),
                at=timezone.now(),
            )
        except Problem as problem:
            form.add_error(None, in_words(problem))
        else:
            return redirect("desk:reports", pk=pk)
    road = roadmaps.standing(assessment)
    page = {
        "form": form,
        "assessment": assessment,
        "versions": made,
        "contacts": contacts,
        "roadmap": road,
        "roadmap_goes": road is not None and goes_with_report(road),
    }
    return render(request, "desk/hand_over.html", page, status=422 if form.errors else 200)


def found_for(request: HttpRequest, pk: int) -> tuple[Assessment, access.Facts]:
    """One by our questionnaire that the person may read, and what its rights depend on."""
    assessment, facts = stored.found_for(pk, who(request), on=timezone.localdate())
    if assessment.instrument != QUESTIONNAIRE:
        raise Http404
    return assessment, facts


def known_language(code: str) -> str:
    if code not in dict(settings.LANGUAGES):
        raise Http404
    return code
