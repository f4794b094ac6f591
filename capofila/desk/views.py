"""Pages that look into many rooms: home, company, the visitor's questionnaire, two assessments."""

from datetime import date

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from capofila.assessments.asking import language
from capofila.companies import queries as companies
from capofila.consortium import access
from capofila.consortium.access import needs, who
from capofila.desk import QUESTIONNAIRE, actions, demo, queries
from capofila.desk import side_by_side as beside
from capofila.desk.forms import StartForm
from capofila.instruments import library


@needs("read", "company")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    visible = companies.visible(who(request), timezone.localdate())
    facts = {
        "rows": queries.company_rows(visible, language()),
        "may_begin": access.scope(who(request), "create", "assessment") is not None,
        "may_read_scores": access.scope(who(request), "read", "score") is not None,
    }
    return render(request, "desk/home.html", facts)


@needs("read", "company")
@require_safe
def company(request: HttpRequest, pk: int) -> HttpResponse:
    """A company by its newest assessment. Its contact, who reads scores in the report, finds the answers."""
    found = get_object_or_404(companies.visible(who(request), timezone.localdate()), pk=pk)
    page = queries.company_page(found, language())
    if page is None:
        raise Http404
    if access.scope(who(request), "read", "score") is None:
        return redirect("assessments:overview", pk=page.assessment.pk)
    may_report = access.scope(who(request), "create", "report") is not None
    may_begin = access.scope(who(request), "create", "assessment") is not None
    facts = {"page": page, "may_report": may_report, "may_begin": may_begin}
    return render(request, "desk/company.html", facts)


@needs("read", "score")
@require_safe
def side_by_side(request: HttpRequest, pk: int) -> HttpResponse:
    """Two assessments of the company, each with its own scores; which ones can be chosen."""
    on = timezone.localdate()
    company = get_object_or_404(companies.visible(who(request), on), pk=pk)
    access.check(who(request), "read", "score", companies.access_facts(company, on))
    found = beside.all_of(company)
    shown = beside.chosen(found, request.GET.get("one", ""), request.GET.get("other", ""))
    facts = {
        "company": company,
        "choices": beside.choices(found, language()),
        "one": str(shown[0].pk) if shown else "",
        "other": str(shown[-1].pk) if shown else "",
        "columns": [beside.column(one, language()) for one in shown],
        "may_begin": access.scope(who(request), "create", "assessment") is not None,
    }
    return render(request, "desk/side_by_side.html", facts)


@needs("create", "assessment")
def start(request: HttpRequest) -> HttpResponse:
    """Enter a company by its name and profile, with a first assessment of it."""
    words = library.words(QUESTIONNAIRE, language())
    instrument = library.load(QUESTIONNAIRE)
    profiles = [(code, words.names[code]) for code in instrument.profiles]
    form = StartForm(request.POST or None, profiles=profiles)
    if request.method == "POST" and form.is_valid():
        assessment = actions.begin_questionnaire(
            **form.cleaned_data, language=language(), by=who(request), on=_today(), at=timezone.now()
        )
        return redirect("assessments:overview", pk=assessment.pk)
    status = 422 if form.errors else 200
    return render(request, "desk/start.html", {"form": form, "about": words.about}, status=status)


def _today() -> date:
    """The demonstration has its own, so that the dates in it make sense."""
    return demo.TODAY if settings.CAPOFILA_DEMO else timezone.localdate()
