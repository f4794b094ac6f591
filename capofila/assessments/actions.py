"""What people do in an assessment: start it, answer, close it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from capofila.accounts.models import User
from capofila.assessments import queries
from capofila.assessments.models import AnswerEntry, Assessment
from capofila.assessments.rules import fold
from capofila.assessments.rules.answers import read_answers
from capofila.companies.models import Company
from capofila.instruments import library
from capofila.instruments.rules.shape import Instrument
from capofila.lib.problems import Problem, gettext_noop, refuse_if
from capofila.lib.sources import Node

COMPARED = (
    "question", "state", "value", "reason", "note", "author_id", "author_name", "role", "device", "replaces",
    "device_time",
)  # fmt: skip


class UnknownProfile(Problem):
    """The instrument has profiles, and this is none of them."""


class AssessmentClosed(Problem):
    """It is complete: no answer is taken any more."""

    status = 409


class EntryTaken(Problem):
    """An entry with the same id says something else."""

    status = 409


@dataclass(frozen=True)
class Who:
    """Who answers, on which side of the table, from which device."""

    role: str  # AnswerEntry.Role
    name: str = ""
    user: User | None = None
    device: str = ""


@dataclass(frozen=True)
class Said:
    """One entry as a device sends it; `value` is JSON as in an answers file."""

    id: UUID
    question: str
    state: fold.State
    device_time: datetime
    value: object = None
    reason: str = ""
    note: str = ""
    replaces: UUID | None = None


@dataclass(frozen=True)
class Receipt:
    added: tuple[UUID, ...]
    known: tuple[UUID, ...]  # came before, with the same content


def start(
    company: Company,
    instrument: str,
    *,
    profile: str,
    on: date,
    at: datetime,
    stage: str = Assessment.Stage.T0,
    consultant: str = "",
) -> Assessment:
    """Begin an assessment, pinned to the version of `instrument` that its name means today.

    Raises `Problem` for an unknown instrument and `UnknownProfile`; `profile` is empty where the
    instrument has none.
    """
    loaded = library.load(instrument)
    if (profile or loaded.profiles) and profile not in loaded.profiles:
        raise UnknownProfile(
            "assessments.unknown-profile",
            gettext_noop("The questionnaire has no wording for “{profile}”. Choose one of: {known}."),
            profile=profile,
            known=", ".join(loaded.profiles),
        )
    return Assessment.objects.create(
        company=company,
        instrument=loaded.code,
        version=loaded.version,
        profile=profile,
        stage=stage,
        day=on,
        consultant=consultant,
        created_at=at,
    )


@transaction.atomic
def receive(assessment: Assessment, said: Sequence[Said], *, who: Who, at: datetime) -> Receipt:
    """Add entries; one that came before with the same content is accepted again.

    All or none. Raises `EntryTaken` for an id that stands with other content, `AssessmentClosed`,
    and `Refused` for values that the questionnaire does not know.
    """
    locked = Assessment.objects.select_for_update().get(pk=assessment.pk)
    rows = {row.pk: row for row in _rows(locked, said, who=who, at=at)}
    standing = AnswerEntry.objects.in_bulk(list(rows))
    for known in standing.values():
        _check_same(known, rows[known.pk])
    new = [row for pk, row in rows.items() if pk not in standing]
    if new and locked.state == Assessment.State.COMPLETE:
        raise AssessmentClosed(
            "assessments.closed",
            gettext_noop(
                "The assessment of {day} is closed. Its answers stay as they are; "
                "start a new one to answer again."
            ),
            day=locked.day.isoformat(),
        )
    AnswerEntry.objects.bulk_create(new)
    return Receipt(tuple(row.pk for row in new), tuple(standing))


def _rows(assessment: Assessment, said: Iterable[Said], *, who: Who, at: datetime) -> list[AnswerEntry]:
    """Rows to add, each checked by the rule for answers, values in the form in which they are kept."""
    instrument = library.load(assessment.name)
    problems: list[Problem] = []
    rows: dict[UUID, AnswerEntry] = {}
    for entry in said:
        row = AnswerEntry(
            id=entry.id,
            assessment=assessment,
            question=entry.question,
            state=entry.state,
            value=_checked_value(entry, instrument, assessment.profile, problems),
            reason=entry.reason,
            note=entry.note,
            author=who.user,
            author_name=who.name,
            role=who.role,
            device=who.device,
            replaces=entry.replaces,
            device_time=entry.device_time,
            received_at=at,
        )
        if entry.id in rows:
            _check_same(rows[entry.id], row)
        rows[entry.id] = row
    refuse_if(problems)
    return list(rows.values())


def _checked_value(said: Said, instrument: Instrument, profile: str, problems: list[Problem]) -> object:
    """The value as it is kept; what is wrong with the entry goes to `problems`."""
    entry = fold.Entry(
        said.id, said.question, said.state, said.device_time, said.value, said.reason, said.note
    )
    node = queries.as_node(entry, instrument)
    if said.state == "cleared":
        _check_shown(said.question, instrument, profile, problems)
        return None
    found = len(problems)
    read = read_answers(Node({said.question: node}), "entry", instrument, profile or None, problems)
    if said.question not in read:
        if len(problems) == found:
            problems.append(_no_value(said.question))
        return None
    return queries.as_stored(read[said.question])


def _check_shown(question: str, instrument: Instrument, profile: str, problems: list[Problem]) -> None:
    if question not in {shown.code for shown in instrument.applicable(profile or None)}:
        problems.append(
            Problem(
                "assessments.unknown-question",
                gettext_noop("The questionnaire does not ask “{question}” here."),
                question=question,
            )
        )


def _no_value(question: str) -> Problem:
    return Problem(
        "assessments.no-value",
        gettext_noop("The answer to “{question}” has no value. Choose one, or take the answer back."),
        question=question,
    )


def _check_same(known: AnswerEntry, row: AnswerEntry) -> None:
    if known.assessment_id != row.assessment_id or any(
        getattr(known, name) != getattr(row, name) for name in COMPARED
    ):
        raise EntryTaken(
            "assessments.entry-taken",
            gettext_noop(
                "The answer to “{question}” was received before with another content. Both stay as they were."
            ),
            question=row.question,
            id=row.pk,
        )


@transaction.atomic
def complete(assessment: Assessment) -> Assessment:
    """Close an assessment: what is not answered stays so. Closing a closed one changes nothing."""
    locked = Assessment.objects.select_for_update().get(pk=assessment.pk)
    locked.state = Assessment.State.COMPLETE
    locked.save(update_fields=["state"])
    return locked
