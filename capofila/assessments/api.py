"""Answers and evidence for machines, and for the interview page. In words: docs/rules/answers.md"""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.core.paginator import EmptyPage, Paginator
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from ninja import Router, Schema, UploadedFile
from ninja.params.functions import File, Form, Path, Query
from pydantic import AwareDatetime

from capofila.assessments import asking, evidence, proposals, queries, receiving, screen, shown
from capofila.assessments.rules import fold
from capofila.assessments.rules.entries import LARGEST_OFFSET, LONGEST_DEVICE, LONGEST_QUESTION
from capofila.assessments.schemas import (
    LARGEST_ID,
    AssessmentOut,
    AssessmentPage,
    Batch,
    Dating,
    EntryPage,
    EvidenceOut,
    Received,
    Removal,
    ScoresNow,
)
from capofila.consortium import access
from capofila.files import actions as files
from capofila.files.responses import download, small_picture
from capofila.lib.problems import Problem, gettext_noop
from capofila.web.schemas import REFUSALS

PAGE = 100
router = Router(tags=["assessments"])


class OtherAuthor(Problem):
    """Entries of one person are never sent under another's name."""

    status = 403


def needs(*rights: str) -> dict[str, Any]:
    """What a route needs of the table of access, any of these; the test that walks all addresses reads it."""
    return {"x-needs": list(rights)}


def _who(request: HttpRequest) -> access.Who:
    who = getattr(request, "auth")  # noqa: B009 (set by ninja when the caller is known)
    assert isinstance(who, access.Who)
    return who


def _check_author(who: access.Who, author: int) -> None:
    if author != who.user:
        raise OtherAuthor(
            "assessments.other-author",
            gettext_noop("These answers were written by somebody else, who sends them after signing in."),
        )


def _page(rows: Any, number: int) -> tuple[list[Any], dict[str, int]]:
    paginator = Paginator(rows, PAGE)
    try:
        found = list(paginator.page(number))
    except EmptyPage:
        found = []
    return found, {"page": number, "pages": paginator.num_pages, "count": paginator.count}


PageNumber: Any = Query(1, ge=1, le=1_000_000)
Pk: Any = Path(..., ge=1, le=LARGEST_ID)


@router.get(
    "/assessments", response={200: AssessmentPage, **REFUSALS}, openapi_extra=needs("read assessment")
)
def list_assessments(request: HttpRequest, page: int = PageNumber) -> JsonResponse:
    """The assessments one may read, newest first, 100 to a page."""
    who = _who(request)
    if access.scope(who, "read", "assessment") is None:
        raise access.Denied(404)
    rows, place = _page(queries.readable(who, on=timezone.localdate()).order_by("-pk"), page)
    return JsonResponse(shown.page_json([shown.facts_json(row) for row in rows], **place))


@router.get(
    "/assessments/{assessment}",
    response={200: AssessmentOut, **REFUSALS},
    openapi_extra=needs("read assessment"),
)
def read_assessment(request: HttpRequest, assessment: int = Pk) -> JsonResponse:
    """Everything that holds, to start from nothing or to catch up."""
    who, at = _who(request), timezone.now()
    found, facts = queries.found_for(assessment, who, on=timezone.localdate(at))
    sheet = screen.sheet(found, asking.language())
    implied = proposals.of(sheet) if access.may(who, "read", "score", facts) else None
    told = shown.assessment_json(found, who, facts, sheet.holding, at=at)
    return JsonResponse({**told, "implied": implied})


@router.get(
    "/assessments/{assessment}/scores",
    response={200: ScoresNow, **REFUSALS},
    openapi_extra=needs("read score"),
)
def read_scores(request: HttpRequest, assessment: int = Pk) -> JsonResponse:
    """Scores as they are now; not for the company's contact, who reads them in the report."""
    who, at = _who(request), timezone.now()
    found, facts = queries.found_for(assessment, who, on=timezone.localdate(at))
    if not access.may(who, "read", "score", facts):
        raise access.Denied(403)
    scores = shown.scores_json(found, queries.current(found))
    return JsonResponse({"now": shown.moment(at), "scores": scores})


@router.get(
    "/assessments/{assessment}/entries",
    response={200: EntryPage, **REFUSALS},
    openapi_extra=needs("read answer"),
)
def read_entries(request: HttpRequest, assessment: int = Pk, page: int = PageNumber) -> JsonResponse:
    """The log of answers, as received, 100 to a page; for the company's contact its own side."""
    who = _who(request)
    found, facts = queries.found_for(assessment, who, on=timezone.localdate())
    access.check(who, "read", "answer", facts)
    log = found.entries.order_by("received_at", "pk")
    rows, place = _page(log.filter(role="company") if who.role == "contact" else log, page)
    return JsonResponse(shown.page_json(shown.log_json(rows), **place))


@router.post(
    "/assessments/{assessment}/entries",
    response={200: Received, **REFUSALS},
    openapi_extra=needs("create answer", "pre-fill answer"),
)
def send_entries(request: HttpRequest, batch: Batch, assessment: int = Pk) -> JsonResponse:
    """Send entries, up to 200; one result for each, in the order sent."""
    who, at = _who(request), timezone.now()
    _check_author(who, batch.author)
    received = receiving.receive_batch(assessment, batch.entries, who=who, at=at)
    side: fold.Side = "company" if who.role == "contact" else "consultant"
    return JsonResponse(
        {
            "now": shown.moment(at),
            "results": [shown.outcome_json(outcome) for outcome in received.outcomes],
            "questions": shown.answers_json(received.current, side),
        }
    )


FormFacts: Any = Form(...)
OneFile: Any = File(...)


class GivenIn(Schema):
    author: int
    id: UUID
    question: str
    name: str
    device: str
    device_time: AwareDatetime
    effective_on: date | None = None
    clock_offset_ms: int | None = None


def _given(facts: GivenIn, data: bytes) -> evidence.Given:
    """The facts within what is kept. Raises `Problem`."""
    texts = (
        (facts.question, LONGEST_QUESTION),
        (facts.name, evidence.LONGEST_NAME),
        (facts.device, LONGEST_DEVICE),
    )
    sound = (
        all(0 < len(text) <= longest and text.isprintable() for text, longest in texts)
        and abs(facts.clock_offset_ms or 0) <= LARGEST_OFFSET
    )
    try:
        device_time: datetime | None = facts.device_time.astimezone(UTC)
    except OverflowError:
        device_time = None
    if not sound or device_time is None:
        raise Problem(
            "assessments.evidence-facts",
            gettext_noop("What was said about the file cannot be kept. Give it a shorter, plain name."),
        )
    return evidence.Given(
        id=facts.id,
        question=facts.question,
        name=facts.name,
        data=data,
        device_time=device_time,
        effective_on=facts.effective_on,
        device=facts.device,
        clock_offset_ms=facts.clock_offset_ms,
    )


@router.post(
    "/assessments/{assessment}/evidence",
    response={200: EvidenceOut, 201: EvidenceOut, **REFUSALS},
    openapi_extra=needs("create evidence"),
)
def send_evidence(
    request: HttpRequest,
    facts: GivenIn = FormFacts,
    file: UploadedFile = OneFile,
    assessment: int = Pk,
) -> JsonResponse:
    """Keep a photo or document for a question, at most 15 MB; sent again it is the same one."""
    who, at = _who(request), timezone.now()
    _check_author(who, facts.author)
    files.check_size(file.size or 0)
    row, is_new = evidence.give(assessment, _given(facts, file.read()), who=who, at=at)
    return JsonResponse(shown.evidence_json(row), status=201 if is_new else 200)


BYTES: dict[str, Any] = {
    "responses": {200: {"content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}}
}
JPEG: dict[str, Any] = {
    "responses": {200: {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}}
}


@router.get(
    "/evidence/{evidence_id}",
    response={200: None, **REFUSALS},
    openapi_extra={**needs("read evidence"), **BYTES},
)
def read_evidence(request: HttpRequest, evidence_id: UUID) -> HttpResponseBase:
    """The file, as a download."""
    found = evidence.opened(evidence_id, who=_who(request), on=timezone.localdate())
    return download(found.stored, found.name)


@router.get(
    "/evidence/{evidence_id}/thumbnail",
    response={200: None, **REFUSALS},
    openapi_extra={**needs("read evidence"), **JPEG},
)
def read_thumbnail(request: HttpRequest, evidence_id: UUID) -> HttpResponseBase:
    """A picture, small; 404 for what is no picture."""
    found = evidence.opened(evidence_id, who=_who(request), on=timezone.localdate())
    small = small_picture(found.stored)
    if small is None:
        raise evidence.not_there()
    return small


@router.post(
    "/evidence/{evidence_id}/date",
    response={200: EvidenceOut, **REFUSALS},
    openapi_extra=needs("create evidence"),
)
def date_evidence(request: HttpRequest, evidence_id: UUID, dating: Dating) -> JsonResponse:
    """Say which day the paper is from; what was said before stays on record."""
    who = _who(request)
    _check_author(who, dating.author)
    row = evidence.date_from(evidence_id, dating.effective_on, who=who, at=timezone.now())
    return JsonResponse(shown.evidence_json(row))


@router.post(
    "/evidence/{evidence_id}/removal",
    response={200: EvidenceOut, **REFUSALS},
    openapi_extra=needs("remove evidence"),
)
def remove_evidence(request: HttpRequest, evidence_id: UUID, removal: Removal) -> JsonResponse:
    """Take it out of the report; the row stays. Removing twice is removing once."""
    who = _who(request)
    _check_author(who, removal.author)
    row = evidence.remove(evidence_id, reason=removal.reason, who=who, at=timezone.now())
    return JsonResponse(shown.evidence_json(row))
