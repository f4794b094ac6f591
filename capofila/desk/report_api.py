"""Reports for machines, by the rights of the pages: made, looked at, downloaded. In words: docs/api.md"""

from datetime import datetime
from typing import Any, Literal

from django.http import Http404, HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from ninja import Field, Router, Schema

from capofila.assessments import actions as assessments
from capofila.assessments import queries as stored
from capofila.assessments.api import BYTES, Pk, _who, needs
from capofila.assessments.models import Assessment
from capofila.consortium import access
from capofila.desk import QUESTIONNAIRE
from capofila.reports import actions, background, handing_over, views
from capofila.reports import queries as reports
from capofila.reports.languages import LANGUAGES
from capofila.reports.models import Handover, Report
from capofila.web.schemas import REFUSALS

router = Router(tags=["reports"])
LanguageWord = Literal["it", "en"]
FormWord = Literal["pdf", "docx", "html"]
StateWord = Literal["ready", "outdated", "being-made", "failed", "none"]


class ReportOut(Schema):
    pages: int
    at: datetime = Field(description="when it was made")
    sha256: dict[str, str] = Field(description="by form: pdf, docx, html; inputs: what it was made from")


class StateOut(Schema):
    language: LanguageWord
    state: StateWord = Field(description="outdated: something changed since it was made")
    report: ReportOut | None


class HandedOverOut(Schema):
    number: int = Field(description="the same for each language handed over at once")
    language: LanguageWord
    at: datetime
    by: str
    to: str
    pages: int
    sha256: dict[str, str]
    supersedes: int | None
    superseded_by: int | None


class ReportsOut(Schema):
    reports: list[StateOut] = Field(description="those that stand; none for the contact")
    handed_over: list[HandedOverOut] = Field(description="newest first")


class MakeIn(Schema):
    language: LanguageWord


@router.get(
    "/assessments/{assessment}/reports",
    response={200: ReportsOut, **REFUSALS},
    openapi_extra=needs("read report"),
)
def list_reports(request: HttpRequest, assessment: int = Pk) -> JsonResponse:
    """The report in each language, and every version that was handed over."""
    found = _found(request, assessment, "read")
    now = {} if _who(request).role == "contact" else actions.looks(found, LANGUAGES)
    return JsonResponse(
        {
            "reports": [_state(found, language, look.report) for language, look in now.items()],
            "handed_over": [
                _handed_over(place) for version in reports.versions(found) for place in version.languages
            ],
        }
    )


@router.post(
    "/assessments/{assessment}/reports",
    response={200: StateOut, 202: StateOut, **REFUSALS},
    openapi_extra=needs("create report"),
)
def make_report(request: HttpRequest, wanted: MakeIn, assessment: int = Pk) -> JsonResponse:
    """Have the report made, in the background (202); 200 where it is there for the same data."""
    found = _found(request, assessment, "create")
    assessments.check_enough(stored.submission(found))
    standing = actions.up_to_date(found, wanted.language)
    if standing is None:
        background.begin(found, wanted.language)
    state = _state(found, wanted.language, standing)
    return JsonResponse(state, status=200 if state["state"] == "ready" else 202)


@router.get(
    "/assessments/{assessment}/reports/{language}",
    response={200: StateOut, **REFUSALS},
    openapi_extra=needs("read report"),
)
def read_state(request: HttpRequest, language: LanguageWord, assessment: int = Pk) -> JsonResponse:
    """How far the report in one language is; for the contact the newest that was handed over."""
    found = _found(request, assessment, "read")
    if _who(request).role == "contact":
        given = reports.newest_handed_over(found).get(language)
        return JsonResponse(_told(language, "none" if given is None else "ready", given))
    return JsonResponse(_state(found, language, actions.up_to_date(found, language)))


@router.get(
    "/assessments/{assessment}/reports/{language}/{form}",
    response={200: None, **REFUSALS},
    openapi_extra={**needs("read report"), **BYTES},
)
def download_report(
    request: HttpRequest, language: LanguageWord, form: FormWord, assessment: int = Pk
) -> HttpResponseBase:
    """The report that stands; for the contact the newest that was handed over."""
    found = _found(request, assessment, "read")
    is_contact = _who(request).role == "contact"
    by_language = reports.newest_handed_over(found) if is_contact else reports.ready(found)
    kept = by_language.get(language)
    return views.as_file(None if kept is None else kept.file_in(form), found.company, language)


@router.get(
    "/assessments/{assessment}/reports/handed-over/{number}/{language}/inputs",
    response={200: None, **REFUSALS},
    openapi_extra={**needs("read-inputs report"), **BYTES},
)
def download_inputs(
    request: HttpRequest, language: LanguageWord, number: int = Pk, assessment: int = Pk
) -> HttpResponseBase:
    """What a version was made from, as it was frozen: JSON. Who opens it is on record."""
    found = _found(request, assessment, "read-inputs")
    given = _given(found, number, language)
    response = views.as_file(given.file_in("json"), found.company, views.end_of(given))
    handing_over.note_opened(given, by=access.actor(_who(request)))
    return response


@router.get(
    "/assessments/{assessment}/reports/handed-over/{number}/{language}/{form}",
    response={200: None, **REFUSALS},
    openapi_extra={**needs("read report"), **BYTES},
)
def download_handed_over(
    request: HttpRequest, language: LanguageWord, form: FormWord, number: int = Pk, assessment: int = Pk
) -> HttpResponseBase:
    """A version with the bytes that it had when it was handed over."""
    found = _found(request, assessment, "read")
    given = _given(found, number, language)
    return views.as_file(given.file_in(form), found.company, views.end_of(given))


def _found(request: HttpRequest, pk: int, action: str) -> Assessment:
    who = _who(request)
    found, facts = stored.found_for(pk, who, on=timezone.localdate())
    access.check(who, action, "report", facts)
    if found.instrument != QUESTIONNAIRE:
        raise Http404
    return found


def _given(assessment: Assessment, number: int, language: str) -> Handover:
    given = reports.handed_over(assessment).filter(number=number, language=language).first()
    if given is None:
        raise Http404
    return given


def _state(assessment: Assessment, language: str, standing: Report | None) -> dict[str, Any]:
    """`standing`: the one that is up to date, if any."""
    if background.is_being_made(assessment, language):
        return _told(language, "being-made", None)
    if standing is not None:
        return _told(language, "ready", standing)
    if background.has_failed(assessment, language):
        return _told(language, "failed", None)
    old = reports.ready(assessment).get(language)
    return _told(language, "none" if old is None else "outdated", old)


def _told(language: str, state: StateWord, kept: Report | Handover | None) -> dict[str, Any]:
    report = None
    if kept is not None:
        made: Report = kept.report if isinstance(kept, Handover) else kept
        report = {"pages": made.pages, "at": made.created_at.isoformat(), "sha256": _checksums(kept)}
    return {"language": language, "state": state, "report": report}


def _handed_over(place: reports.InLanguage) -> dict[str, Any]:
    given = place.handover
    return {
        "number": given.number,
        "language": given.language,
        "at": given.at.isoformat(),
        "by": given.by_name,
        "to": given.to_name,
        "pages": given.report.pages,
        "sha256": _checksums(given),
        "supersedes": place.supersedes,
        "superseded_by": place.superseded_by,
    }


def _checksums(kept: Report | Handover) -> dict[str, str]:
    return {"inputs" if form == "json" else form: sha256 for form, sha256 in kept.checksums.items()}
