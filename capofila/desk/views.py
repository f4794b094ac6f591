"""Pages that look into many rooms: home, company, its report."""

from datetime import date

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from capofila.assessments import actions as assessments
from capofila.assessments import queries as stored
from capofila.assessments.models import Assessment
from capofila.companies import queries as companies
from capofila.consortium import access
from capofila.consortium.access import needs, who
from capofila.desk import QUESTIONNAIRE, actions, demo, queries
from capofila.desk.forms import StartForm
from capofila.instruments import library
from capofila.reports import actions as reports
from capofila.reports import background

SECONDS_BETWEEN_LOOKS = 2  # while a report is being made


@needs("read", "company")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    visible = companies.visible(who(request), timezone.localdate())
    may_begin = access.scope(who(request), "create", "assessment") is not None
    facts = {"rows": queries.company_rows(visible, _language()), "may_begin": may_begin}
    return render(request, "desk/home.html", facts)


@needs("read", "company")
@require_safe
def company(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(companies.visible(who(request), timezone.localdate()), pk=pk)
    page = queries.company_page(found, _language())
    if page is None:
        raise Http404
    may_report = access.scope(who(request), "create", "report") is not None
    may_begin = access.scope(who(request), "create", "assessment") is not None
    facts = {"page": page, "may_report": may_report, "may_begin": may_begin}
    return render(request, "desk/company.html", facts)


@needs("create", "assessment")
def start(request: HttpRequest) -> HttpResponse:
    """Enter a company by its name and profile, with a first assessment of it."""
    words = library.words(QUESTIONNAIRE, _language())
    instrument = library.load(QUESTIONNAIRE)
    profiles = [(code, words.names[code]) for code in instrument.profiles]
    form = StartForm(request.POST or None, profiles=profiles)
    if request.method == "POST" and form.is_valid():
        assessment = actions.begin_questionnaire(
            **form.cleaned_data, language=_language(), by=who(request), on=_today(), at=timezone.now()
        )
        return redirect("assessments:overview", pk=assessment.pk)
    status = 422 if form.errors else 200
    return render(request, "desk/start.html", {"form": form, "about": words.about}, status=status)


@needs("read", "report")
@require_safe
def reports_of(request: HttpRequest, pk: int) -> HttpResponse:
    """The report of an assessment in both languages: to download, or to make."""
    assessment, facts = _assessment(request, pk)
    access.check(who(request), "read", "report", facts)
    picture = queries.picture_of(assessment, stored.answers(assessment), _language())
    page = {
        "assessment": assessment,
        "enough": picture.scores.overall.value is not None,
        "coverage": queries.coverage_words(picture.scores.overall, picture),
        "offers": queries.handovers(assessment),
        "may_report": access.may(who(request), "create", "report", facts),
    }
    return render(request, "desk/reports.html", page)


@needs("create", "report")
@require_POST
def make_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the report made, unless it is there for the same answers, and show the page that waits."""
    assessment, facts = _assessment(request, pk)
    access.check(who(request), "create", "report", facts)
    language = _known_language(request.POST.get("language", ""))
    assessments.check_enough(stored.submission(assessment))
    if reports.up_to_date(assessment, language) is None:
        background.begin(assessment, language)
    return redirect("desk:report", pk=pk, language=language)


@needs("read", "report")
@require_safe
def report(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """Ready, being made (the page looks again by itself), or not made."""
    assessment, rights = _assessment(request, pk)
    access.check(who(request), "read", "report", rights)
    language = _known_language(language)
    being_made = background.is_being_made(assessment, language)
    facts = {
        "assessment": assessment,
        "language": language,
        "language_name": dict(settings.LANGUAGES)[language],
        "being_made": being_made,
        "report": None if being_made else reports.up_to_date(assessment, language),
        "failed": background.has_failed(assessment, language),
        "may_report": access.may(who(request), "create", "report", rights),
    }
    response = render(request, "desk/report.html", facts)
    if being_made:
        response["Refresh"] = str(SECONDS_BETWEEN_LOOKS)
    return response


def _assessment(request: HttpRequest, pk: int) -> tuple[Assessment, access.Facts]:
    """One by our questionnaire that the person may read, and what its rights depend on."""
    assessment, facts = stored.found_for(pk, who(request), on=timezone.localdate())
    if assessment.instrument != QUESTIONNAIRE:
        raise Http404
    return assessment, facts


def _today() -> date:
    """The demonstration has its own, so that the dates in it make sense."""
    return demo.TODAY if settings.CAPOFILA_DEMO else timezone.localdate()


def _known_language(code: str) -> str:
    if code not in dict(settings.LANGUAGES):
        raise Http404
    return code


def _language() -> str:
    """The language of the page, of those that questionnaires have words in."""
    language = (get_language() or settings.LANGUAGE_CODE).partition("-")[0]
    return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
