"""Photos and documents of an answer: given once, never changed; removed by a row that says so.

In words: docs/rules/answers.md
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from capofila.assessments import queries
from capofila.assessments.models import Assessment, Evidence, EvidenceDate, EvidenceRemoval
from capofila.assessments.receiving import area_not_open, closed, same, unknown_question
from capofila.assessments.rules.fold import Side
from capofila.consortium import access
from capofila.files import actions as files
from capofila.instruments import library
from capofila.lib.problems import Problem, gettext_noop

LONGEST_NAME = 200


class EvidenceTaken(Problem):
    """The id stands with other bytes or facts."""

    status = 409


class EvidenceRemoved(Problem):
    """It was removed and can no longer be opened."""

    status = 410


class NoReason(Problem):
    """Something is taken out of the report, and nobody said why."""


class NotThere(Problem):
    """No such piece of evidence, or none that this person may know of."""

    status = 404


@dataclass(frozen=True)
class Given:
    """A piece of evidence as a device sends it."""

    id: UUID
    question: str
    name: str
    data: bytes
    device_time: datetime
    effective_on: date | None = None
    device: str = ""
    clock_offset_ms: int | None = None


def give(pk: int, given: Given, *, who: access.Who, at: datetime) -> tuple[Evidence, bool]:
    """Keep a file for a question; whether it is new. Sent again with the same content it is the same one.

    Raises `access.Denied`, `EvidenceTaken`, `receiving.AssessmentClosed` and `NotYourSide`, and what
    `files.actions.prepare` raises.
    """
    on = timezone.localdate(at)
    assessment, facts = queries.found_for(pk, who, on=on)
    access.check(who, "create", "evidence", facts)
    row = Evidence(
        id=given.id,
        assessment=assessment,
        question=given.question,
        name=given.name,
        effective_on=given.effective_on,
        role=_side(who),
        author_id=who.user,
        author_name=who.name,
        device=given.device,
        device_time=given.device_time,
        clock_offset_ms=given.clock_offset_ms,
        received_at=at,
        sent_sha256=hashlib.sha256(given.data).hexdigest(),
    )
    known = _known(row)
    if known is not None:
        return known, False
    _check_question(assessment, given.question)
    content = files.prepare(given.data)
    files.write(content)  # a slow disk holds nobody up: the transaction comes after
    try:
        with transaction.atomic():
            locked, _ = queries.locked_for(pk, who, on=on)
            if locked.state == Assessment.State.COMPLETE:
                raise closed(locked)
            if row.role == "company" and _area(locked, given.question) not in locked.prefill_areas:
                raise area_not_open()
            row.stored = files.store(content, at=at)
            row.save(force_insert=True)
    except IntegrityError:  # the same piece arrived twice at the same moment
        known = _known(row)
        if known is None:
            raise
        return known, False
    return row, True


def _known(row: Evidence) -> Evidence | None:
    standing = Evidence.objects.select_related("stored", "removal").filter(pk=row.pk).first()
    if standing is not None and not same(standing, row):
        raise EvidenceTaken(
            "assessments.evidence-taken",
            gettext_noop("“{name}” was received before with another content. The first one stays."),
            name=row.name,
        )
    return standing


def _side(who: access.Who) -> Side:
    return "company" if who.role == "contact" else "consultant"


def _area(assessment: Assessment, question: str) -> str:
    return library.load(assessment.name).by_code[question].area


def _check_question(assessment: Assessment, question: str) -> None:
    instrument = library.load(assessment.name)
    if question not in {shown.code for shown in instrument.applicable(assessment.profile or None)}:
        raise unknown_question(question)


def opened(pk: UUID, *, who: access.Who, on: date) -> Evidence:
    """A piece of evidence that somebody may open. Raises `NotThere`, and `EvidenceRemoved`."""
    found, _ = _found(pk, who, on)
    if hasattr(found, "removal"):
        raise EvidenceRemoved(
            "assessments.evidence-removed",
            gettext_noop("“{name}” was removed on {day} and can no longer be opened."),
            name=found.name,
            day=timezone.localdate(found.removal.at).isoformat(),
        )
    return found


@transaction.atomic
def remove(pk: UUID, *, reason: str, who: access.Who, at: datetime) -> Evidence:
    """Take a piece of evidence out of the report; its row stays. Removed already, it stays as it was.

    Raises `NotThere`, `access.Denied` and `NoReason`.
    """
    found, facts = _found(pk, who, timezone.localdate(at))
    access.check(who, "remove", "evidence", facts)
    if not reason.strip():
        raise NoReason(
            "assessments.no-removal-reason",
            gettext_noop("Say why the file is removed: the reason stays on record."),
        )
    EvidenceRemoval.objects.get_or_create(
        evidence=found, defaults={"reason": reason.strip(), "by_id": who.user, "by_name": who.name, "at": at}
    )
    return _row(pk)


@transaction.atomic
def date_from(pk: UUID, effective_on: date | None, *, who: access.Who, at: datetime) -> Evidence:
    """Say which day the paper is from, or that it is from none; what was said before stays on record.

    Raises `NotThere`, `access.Denied`, `EvidenceRemoved` and `receiving.AssessmentClosed`.
    """
    on = timezone.localdate(at)
    _, facts = _found(pk, who, on)
    access.check(who, "create", "evidence", facts)
    found = opened(pk, who=who, on=on)
    locked, _ = queries.locked_for(found.assessment_id, who, on=on)
    if locked.state == Assessment.State.COMPLETE:
        raise closed(locked)
    if found.day != effective_on:
        EvidenceDate.objects.create(
            evidence=found, effective_on=effective_on, by_id=who.user, by_name=who.name, at=at
        )
    return _row(pk)


def _row(pk: UUID) -> Evidence:
    return Evidence.objects.select_related("stored", "removal").get(pk=pk)


def seen(pk: UUID, *, who: access.Who, on: date) -> tuple[Evidence, access.Facts]:
    """A piece of evidence that somebody may know of, removed or not. Raises `NotThere`."""
    return _found(pk, who, on)


def _found(pk: UUID, who: access.Who, on: date) -> tuple[Evidence, access.Facts]:
    """The company is not shown what consultants gave: for a contact that is not there."""
    found = Evidence.objects.select_related("stored", "removal").filter(pk=pk).first()
    if found is not None and (who.role != "contact" or found.role == "company"):
        try:
            _, facts = queries.found_for(found.assessment_id, who, on=on)
            access.check(who, "read", "evidence", facts)
            return found, facts
        except access.Denied:
            pass
    raise not_there()


def not_there() -> NotThere:
    return NotThere(
        "assessments.no-evidence", gettext_noop("There is no such file, or it is not yours to see.")
    )
