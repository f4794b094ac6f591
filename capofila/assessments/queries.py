"""Reading assessments: the answers that hold, and what the rules make of them."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import cast
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from capofila.assessments.answers_file import Shown, Submission
from capofila.assessments.models import AnswerEntry, Assessment, Evidence
from capofila.assessments.rules import fold, interview
from capofila.assessments.rules.answers import Answer, Answers, plain, read_answers
from capofila.assessments.rules.entries import Said
from capofila.companies import queries as companies
from capofila.companies.models import Company
from capofila.consortium import access
from capofila.instruments import library
from capofila.instruments.rules.shape import Instrument
from capofila.lib.problems import Problem, refuse_if
from capofila.lib.sources import Node, Text


def visible_to(who: access.Who, *, on: date) -> QuerySet[Assessment]:
    """Assessments with their company, each told whether the partner of `who` serves it (`served`)."""
    serving = companies.serving(on).filter(company=OuterRef("company"), partner=who.partner)
    return Assessment.objects.select_related("company").annotate(served=Exists(serving))


def readable(who: access.Who, *, on: date) -> QuerySet[Assessment]:
    """The assessments that `who` may read."""
    found, reach = visible_to(who, on=on), access.scope(who, "read", "assessment")
    if reach == "all":
        return found
    if reach == "own":
        return found.filter(Q(served=True))
    return found.filter(company=who.company) if reach == "company" and who.company else found.none()


def found_for(pk: int, who: access.Who, *, on: date) -> tuple[Assessment, access.Facts]:
    """An assessment that `who` may read, and what the table of access asks about. Raises `access.Denied`."""
    return _checked(visible_to(who, on=on).filter(pk=pk).first(), who)


def locked_for(pk: int, who: access.Who, *, on: date) -> tuple[Assessment, access.Facts]:
    """The same, and nobody else writes to it until the transaction ends."""
    rows = visible_to(who, on=on).select_for_update(of=("self",), no_key=True)
    return _checked(rows.filter(pk=pk).first(), who)


def _checked(assessment: Assessment | None, who: access.Who) -> tuple[Assessment, access.Facts]:
    """What is not there is refused like what one may not know of: nobody learns which numbers exist."""
    if assessment is None:
        raise access.Denied(404)
    facts = facts_of(assessment, who)
    access.check(who, "read", "assessment", facts)
    return assessment, facts


def facts_of(assessment: Assessment, who: access.Who) -> access.Facts:
    """Of an assessment that `visible_to` gave to the same person: of the partners, theirs is enough."""
    served = bool(getattr(assessment, "served", False))
    partners = frozenset({who.partner} if served and who.partner is not None else ())
    return access.Facts(partners=partners, company=assessment.company_id)


def current(assessment: Assessment) -> dict[str, fold.Current]:
    """What holds now, by question code; questions never touched are absent."""
    return fold.fold(as_entry(row) for row in assessment.entries.all())


def answers(assessment: Assessment) -> Answers:
    """The answers that hold, read by the rule for files. Raises `Refused` for rows that are not sound."""
    return read_current(assessment, current(assessment))


def read_current(assessment: Assessment, holding: Mapping[str, fold.Current]) -> Answers:
    instrument = library.load(assessment.name)
    tree = Node({code: as_node(found.entry, instrument) for code, found in holding.items()})
    problems: list[Problem] = []
    read = read_answers(tree, "assessment", instrument, assessment.profile or None, problems)
    refuse_if(problems)
    return read


def unanswered(assessment: Assessment) -> list[str]:
    """The questions that show and have no answer yet, in the order of the interview."""
    found, instrument = answers(assessment), library.load(assessment.name)
    shown = interview.visible(instrument, assessment.profile or None, found)
    return [question.code for question in shown if question.code not in found]


def submission(
    assessment: Assessment, read: Answers | None = None, *, with_evidence: bool = False
) -> Submission:
    """An assessment as a whole answers file would give it; `read`: its answers, where the caller has them.

    `with_evidence`: what was shown too, for a report.
    """
    return Submission(
        file="assessment",
        instrument=library.load(assessment.name),
        name=assessment.name,
        profile=assessment.profile or None,
        stage=assessment.stage,
        day=assessment.day,
        language=assessment.company.language,
        answers=answers(assessment) if read is None else read,
        evidence=_listed(assessment) if with_evidence else {},
    )


def _listed(assessment: Assessment) -> dict[str, list[Shown]]:
    """What was given and not removed, by question, in the order in which it came."""
    found: dict[str, list[Shown]] = {}
    for row in evidence(assessment).filter(removal=None):
        received_on = timezone.localdate(row.received_at)
        shown = Shown(row.name, received_on, row.effective_on, row.stored_id)
        found.setdefault(row.question, []).append(shown)
    return found


def evidence(assessment: Assessment) -> QuerySet[Evidence]:
    """Every piece, those removed too, in the order in which they came."""
    rows = Evidence.objects.filter(assessment=assessment).select_related("stored", "removal")
    return rows.order_by("received_at", "pk")


def holding_in(found: Iterable[Assessment]) -> dict[int, dict[str, fold.Current]]:
    """What holds now in each of several assessments, by their key; one query for all."""
    entries: dict[int, list[fold.Entry]] = {assessment.pk: [] for assessment in found}
    for row in AnswerEntry.objects.filter(assessment__in=list(entries)):
        entries[row.assessment_id].append(as_entry(row))
    return {pk: fold.fold(listed) for pk, listed in entries.items()}


def newest(company: Company, instruments: Iterable[str], stage: str | None = None) -> Assessment | None:
    """The company's last assessment by one of these instruments, of one stage or of any."""
    found = Assessment.objects.filter(company=company, instrument__in=list(instruments))
    if stage is not None:
        found = found.filter(stage=stage)
    return found.select_related("company").order_by("-day", "-pk").first()


def as_entry(row: AnswerEntry) -> fold.Entry:
    return fold.Entry(
        id=row.pk,
        question=row.question,
        state=cast(fold.State, row.state),
        received_at=row.received_at,
        value=row.value,
        reason=row.reason,
        note=row.note,
        why=row.why,
        side=cast(fold.Side, row.role),
        author=row.author_name,
        device=row.device,
        device_time=row.device_time,
        clock_offset_ms=row.clock_offset_ms,
        replaces=ids(row.replaces),
    )


def ids(listed: Iterable[str]) -> tuple[UUID, ...]:
    return tuple(UUID(text) for text in listed)


def as_node(entry: fold.Entry | Said, instrument: Instrument) -> Node:
    """What an entry says, as the tree `read_answers` reads."""
    note = Node(Text(entry.note))
    if entry.state == "not_applicable":
        return Node({"not_applicable": Node(entry.reason), "note": note})
    question = instrument.by_code.get(entry.question)
    if question is not None and question.type == "decimal" and isinstance(entry.value, str):
        return Node({"value": Node(Decimal(entry.value)), "note": note})
    return Node({"value": plain(entry.value), "note": note})


def as_stored(answer: Answer) -> object:
    """The value of an answer as JSON keeps it: the shape of an answers file."""
    return _jsonable(answer.value)


def _jsonable(value: object) -> object:
    if isinstance(value, dict):
        return {key: _jsonable(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_jsonable(item) for item in value]
    return value if value is None or isinstance(value, int | str) else str(value)
