"""The demonstration's pages: home, company, the visitor's questionnaire and its report.

They open in demonstration mode only, to somebody who sits at this machine.
"""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language as remember_language

from capofila.assessments import actions as assessments
from capofila.assessments import queries as stored
from capofila.assessments.models import AnswerEntry, Assessment
from capofila.companies.models import Company
from capofila.desk import QUESTIONNAIRE, actions, demo, queries
from capofila.desk.forms import AreaForm, StartForm
from capofila.instruments import library
from capofila.reports import actions as reports
from capofila.reports import background
from capofila.web.access import demonstration, opens_to

SECONDS_BETWEEN_LOOKS = 2  # while a report is being made


@opens_to(demonstration)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/home.html", {"rows": queries.company_rows(_language())})


@opens_to(demonstration)
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Keep the language a person chose, and go back to the page they were on."""
    return remember_language(request)


@opens_to(demonstration)
@require_safe
def company(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Company, pk=pk)
    page = queries.company_page(found, _language())
    if page is None:
        raise Http404
    return render(request, "desk/company.html", {"page": page})


@opens_to(demonstration)
def start(request: HttpRequest) -> HttpResponse:
    """Choose a name and a profile; then the questionnaire opens on its first area."""
    words = library.words(QUESTIONNAIRE, _language())
    instrument = library.load(QUESTIONNAIRE)
    profiles = [(code, words.names[code]) for code in instrument.profiles]
    form = StartForm(request.POST or None, profiles=profiles)
    if request.method == "POST" and form.is_valid():
        assessment = actions.begin_questionnaire(
            **form.cleaned_data, language=_language(), on=demo.TODAY, at=timezone.now()
        )
        return redirect("desk:area", pk=assessment.pk, area=instrument.areas[0])
    status = 422 if form.errors else 200
    return render(request, "desk/start.html", {"form": form, "about": words.about}, status=status)


@opens_to(demonstration)
@require_safe
def questionnaire(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is, what is missing, and the report."""
    assessment = _assessment(pk)
    picture = queries.picture_of(assessment, stored.answers(assessment), _language())
    page = queries.progress(assessment, picture, with_reports=True)
    return render(request, "desk/questionnaire.html", {"page": page})


@opens_to(demonstration)
def area(request: HttpRequest, pk: int, area: str) -> HttpResponse:
    """The questions of one area, saved together; where to go next is what the button says."""
    assessment = _assessment(pk)
    holding = stored.current(assessment)
    picture = queries.picture_of(assessment, stored.read_current(assessment, holding), _language())
    page = queries.area_page(assessment, holding, picture, area)
    if page is None:
        raise Http404
    if request.method != "POST":
        form = AreaForm(cards=page.cards, initial={"opened": timezone.now().isoformat()})
        return _area(request, page, form)
    form = AreaForm(request.POST, cards=page.cards)
    if not form.is_valid():
        return _area(request, page, form, status=422)
    entries = {row.pk: stored.as_entry(row) for row in assessment.entries.all()}
    who = assessments.Who(role=AnswerEntry.Role.COMPANY, device="page")
    assessments.receive(assessment, form.said(assessment.pk, entries), who=who, at=timezone.now())
    return HttpResponseRedirect(_after(page, request.POST.get("go", "")))


def _area(request: HttpRequest, page: queries.AreaPage, form: AreaForm, status: int = 200) -> HttpResponse:
    opened = request.GET.getlist("open")
    everything = opened == ["all"]
    codes = [card.code for card in page.cards] if everything else opened
    facts: dict[str, Any] = {
        "page": page,
        "form": form,
        "cards": form.shown(codes),
        "all_open": everything,
        "saved": _saved(page, request.GET.get("saved", "")),
    }
    return render(request, "desk/area.html", facts, status=status)


def _saved(page: queries.AreaPage, code: str) -> queries.AreaRow | None:
    """The area that was just saved, to be named in a line."""
    return next((row for row in page.progress.rows if row.code == code), None)


def _after(page: queries.AreaPage, go: str) -> str:
    pk, saved = page.progress.assessment.pk, f"?saved={page.area.code}"
    if go == "back" and page.before is not None:
        return reverse("desk:area", args=[pk, page.before.code]) + saved
    if go == "next" and page.after is not None:
        return reverse("desk:area", args=[pk, page.after.code]) + saved
    if go == "stay":
        return reverse("desk:area", args=[pk, page.area.code]) + saved
    return reverse("desk:questionnaire", args=[pk])


@opens_to(demonstration)
@require_POST
def make_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the report made, unless it is there for the same answers, and show the page that waits."""
    assessment = _assessment(pk)
    language = _known_language(request.POST.get("language", ""))
    actions.check_enough_for_a_report(stored.submission(assessment))
    if reports.up_to_date(assessment, language) is None:
        background.begin(assessment, language)
    return redirect("desk:report", pk=pk, language=language)


@opens_to(demonstration)
@require_safe
def report(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """Ready, being made (the page looks again by itself), or not made."""
    assessment = _assessment(pk)
    language = _known_language(language)
    being_made = background.is_being_made(assessment, language)
    facts = {
        "assessment": assessment,
        "language": language,
        "language_name": dict(settings.LANGUAGES)[language],
        "being_made": being_made,
        "report": None if being_made else reports.up_to_date(assessment, language),
        "failed": background.has_failed(assessment, language),
    }
    response = render(request, "desk/report.html", facts)
    if being_made:
        response["Refresh"] = str(SECONDS_BETWEEN_LOOKS)
    return response


def _assessment(pk: int) -> Assessment:
    return get_object_or_404(Assessment.objects.select_related("company"), pk=pk, instrument=QUESTIONNAIRE)


def _known_language(code: str) -> str:
    if code not in dict(settings.LANGUAGES):
        raise Http404
    return code


def _language() -> str:
    """The language of the page, of those that questionnaires have words in."""
    language = (get_language() or settings.LANGUAGE_CODE).partition("-")[0]
    return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
