"""Entries from devices become rows: added, known already, or refused, each on its own.

One transaction for a batch, on disk before it is acknowledged. In words: docs/rules/answers.md
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from capofila.assessments import log, queries
from capofila.assessments.models import AnswerEntry, Assessment, Evidence, PrivateEntry
from capofila.assessments.rules import fold
from capofila.assessments.rules.answers import read_answers
from capofila.assessments.rules.entries import Private, Said, read_entry, read_id
from capofila.consortium import access
from capofila.instruments import library
from capofila.lib.problems import Problem, Refused, gettext_noop
from capofila.lib.sources import Node
from capofila.web.turn import turn

Row = AnswerEntry | PrivateEntry

FROM_DEVICE = ("assessment_id", "question", "author_id", "device", "device_time", "clock_offset_ms")
COMPARED: Mapping[type, tuple[str, ...]] = {
    AnswerEntry: (*FROM_DEVICE, "state", "value", "reason", "note", "why", "role", "replaces"),
    PrivateEntry: (*FROM_DEVICE, "kind", "text", "flagged", "partner_id", "replaces"),
    Evidence: (*FROM_DEVICE, "name", "effective_on", "role", "sent_sha256"),
}


class EntryTaken(Problem):
    """An entry with the same id says something else."""

    status = 409


class AssessmentClosed(Problem):
    """It is complete: no answer is taken any more."""

    status = 409


class NotYourSide(Problem):
    """What this person's side of the table does not say."""

    status = 403


@dataclass(frozen=True)
class Author:
    """Who speaks, and on which side of the table; `partner` is a consultant's."""

    side: fold.Side
    user: int | None = None
    name: str = ""
    partner: int | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of one entry; `id` is None where it has none that can be read."""

    id: UUID | None
    outcome: Literal["added", "known", "refused"]
    received_at: datetime | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def status(self) -> int:
        if self.problems:
            return max(getattr(problem, "status", 422) for problem in self.problems)
        return 201 if self.outcome == "added" else 200

    @property
    def retry(self) -> bool:
        """Whether the same entry may be taken later: when it is open again, or by a newer release."""
        later = {"assessments.closed", "assessments.format-unknown", "assessments.area-not-open"}
        return bool(self.problems) and all(problem.code in later for problem in self.problems)


@dataclass(frozen=True)
class Received:
    outcomes: Sequence[Outcome]
    current: Mapping[str, fold.Current]  # of the questions that the entries name


def author(who: access.Who, facts: access.Facts) -> Author:
    """On which side somebody speaks. Raises `access.Denied` for those who only read, or not even that."""
    if access.may(who, "create", "answer", facts):
        return Author("consultant", who.user, who.name, who.partner)
    access.check(who, "read", "assessment", facts)
    access.check(who, "pre-fill", "answer", facts)
    return Author("company", who.user, who.name)


def receive_batch(pk: int, raws: Sequence[object], *, who: access.Who, at: datetime) -> Received:
    """Add what can be added of the entries that a device sends.

    Raises `access.Denied` where the whole assessment is not theirs. On PostgreSQL two assessments may
    receive the same id at the same moment; the second then looks again.
    """
    read = [_read(raw) for raw in raws]
    with turn():
        try:
            return _receive_batch(pk, read, who=who, at=at)
        except IntegrityError:
            return _receive_batch(pk, read, who=who, at=at)


@transaction.atomic
def _receive_batch(
    pk: int, read: Sequence[Said | Private | Outcome], *, who: access.Who, at: datetime
) -> Received:
    answers = [entry.id for entry in read if isinstance(entry, Said)]
    private = [entry.id for entry in read if isinstance(entry, Private)]
    on = timezone.localdate(at)
    assessment, facts = queries.locked_for(pk, who, on=on, answers=answers, private=private)
    received = _Receiving(assessment, author(who, facts), at)
    if getattr(assessment, "mixed_up", False):
        received.look_up_other_kinds([*answers, *private])
    return received.receive(read)


def receive_checked(
    assessment: Assessment, said: Sequence[Said | Private], *, author: Author, at: datetime
) -> Sequence[Outcome]:
    """The same for entries that are read already, in the caller's transaction, with the assessment locked."""
    return _Receiving(assessment, author, at).receive(said).outcomes


def _read(raw: object) -> Said | Private | Outcome:
    try:
        return read_entry(raw)
    except Problem as problem:
        return Outcome(read_id(raw), "refused", problems=(problem,))
    except Refused as refused:
        return Outcome(read_id(raw), "refused", problems=refused.problems)


class _Receiving:
    """One batch: the rows that stand, those that come, and what is said of each."""

    def __init__(self, assessment: Assessment, author: Author, at: datetime) -> None:
        self.assessment = assessment
        self.author = author
        self.at = at
        self.instrument = library.load(assessment.name)
        self.shown = {shown.code for shown in self.instrument.applicable(assessment.profile or None)}
        self.standing: dict[type[Row], dict[UUID, Row]] = {AnswerEntry: {}, PrivateEntry: {}}
        self.log: list[log.Stored] = []  # whatever was said to the questions of the batch
        self.new: dict[type[Row], list[Row]] = {AnswerEntry: [], PrivateEntry: []}

    def receive(self, read: Sequence[Said | Private | Outcome]) -> Received:
        self.look_up_answers([entry for entry in read if isinstance(entry, Said)])
        self.look_up_private([entry for entry in read if isinstance(entry, Private)])
        outcomes = [entry if isinstance(entry, Outcome) else self.take(entry) for entry in read]
        answers = cast(list[AnswerEntry], self.new[AnswerEntry])
        AnswerEntry.objects.bulk_create(answers)
        PrivateEntry.objects.bulk_create(cast(list[PrivateEntry], self.new[PrivateEntry]))
        return Received(outcomes, log.folded(self.log, answers))

    def look_up_answers(self, said: Sequence[Said]) -> None:
        ids, questions = {entry.id for entry in said}, {entry.question for entry in said}
        for stored in log.about(self.assessment, ids, questions) if said else ():
            if UUID(log.link(stored).id) in ids:
                row = log.row(stored)
                self.standing[AnswerEntry][row.pk] = row
            if log.is_about(stored, self.assessment, questions):
                self.log.append(stored)

    def look_up_private(self, said: Sequence[Private]) -> None:
        ids = [entry.id for entry in said]
        if ids:
            self.standing[PrivateEntry] |= {row.pk: row for row in PrivateEntry.objects.filter(pk__in=ids)}

    def look_up_other_kinds(self, ids: Sequence[UUID]) -> None:
        """An id is drawn for one entry, of one kind: what stands under it as another is no news."""
        for model, standing in self.standing.items():
            standing |= {row.pk: row for row in model._default_manager.filter(pk__in=ids)}

    def take(self, said: Said | Private) -> Outcome:
        problems: list[Problem] = []
        row: Row = self.answer(said, problems) if isinstance(said, Said) else self.private(said, problems)
        standing = self.standing[type(row)].get(said.id)
        if any(said.id in others for kind, others in self.standing.items() if kind is not type(row)):
            return Outcome(said.id, "refused", problems=(taken(said.question),))
        if standing is not None:
            if problems or not same(standing, row):
                return Outcome(said.id, "refused", problems=(taken(said.question),))
            return Outcome(said.id, "known", standing.received_at)
        problems = problems or self.not_now(said)
        if problems:
            return Outcome(said.id, "refused", problems=tuple(problems))
        self.standing[type(row)][said.id] = row
        self.new[type(row)].append(row)
        return Outcome(said.id, "added", self.at)

    def not_now(self, said: Said | Private) -> list[Problem]:
        """Why this person may not say this, or not at this moment."""
        if self.author.side == "company" and isinstance(said, Private):
            return [
                NotYourSide(
                    "assessments.not-your-side",
                    gettext_noop("Private notes and flags are for consultants. Write a note instead."),
                )
            ]
        if self.assessment.state == Assessment.State.COMPLETE:
            return [closed(self.assessment)]
        area = self.instrument.by_code[said.question].area
        if self.author.side == "company" and area not in self.assessment.prefill_areas:
            return [area_not_open()]
        return []

    def from_device(self, said: Said | Private) -> dict[str, object]:
        return {
            "id": said.id,
            "assessment": self.assessment,
            "question": said.question,
            "author_id": self.author.user,
            "author_name": self.author.name,
            "device": said.device,
            "device_time": said.device_time,
            "clock_offset_ms": said.clock_offset_ms,
            "received_at": self.at,
            "replaces": [str(id_) for id_ in said.replaces],
        }

    def private(self, said: Private, problems: list[Problem]) -> PrivateEntry:
        self.check_shown(said.question, problems)
        facts = {**self.from_device(said), "partner_id": self.author.partner}
        return PrivateEntry(**facts, kind=said.kind, text=said.text, flagged=said.flagged)

    def answer(self, said: Said, problems: list[Problem]) -> AnswerEntry:
        """The row to add, the value in the form in which it is kept; what is wrong goes to `problems`."""
        return AnswerEntry(
            **self.from_device(said),
            state=said.state,
            value=self.value(said, problems),
            reason=said.reason,
            note=said.note,
            why=said.why,
            role=self.author.side,
        )

    def value(self, said: Said, problems: list[Problem]) -> object:
        node = queries.as_node(said, self.instrument)
        if said.state == "cleared":
            self.check_shown(said.question, problems)
            return None
        found = len(problems)
        profile = self.assessment.profile or None
        read = read_answers(Node({said.question: node}), "entry", self.instrument, profile, problems)
        if said.question not in read:
            if len(problems) == found:
                problems.append(no_value(said.question))
            return None
        return queries.as_stored(read[said.question])

    def check_shown(self, question: str, problems: list[Problem]) -> None:
        if question not in self.shown:
            problems.append(unknown_question(question))


def same(standing: Row | Evidence, row: Row | Evidence) -> bool:
    """Whether two rows of one id say the same; who speaks by what name, and when it came, is ours to tell."""
    return all(getattr(standing, name) == getattr(row, name) for name in COMPARED[type(row)])


def taken(question: str) -> EntryTaken:
    return EntryTaken(
        "assessments.entry-taken",
        gettext_noop(
            "The answer to “{question}” was received before with another content. Both stay as they were."
        ),
        question=question,
    )


def closed(assessment: Assessment) -> AssessmentClosed:
    return AssessmentClosed(
        "assessments.closed",
        gettext_noop(
            "The assessment of {day} is closed. Its answers stay as they are; open it again to answer."
        ),
        day=assessment.day.isoformat(),
    )


def area_not_open() -> NotYourSide:
    return NotYourSide(
        "assessments.area-not-open",
        gettext_noop("The questions of this area are not open to the company. What was said stays here."),
    )


def unknown_question(question: str) -> Problem:
    return Problem(
        "assessments.unknown-question",
        gettext_noop("The questionnaire does not ask “{question}” here."),
        question=question,
    )


def no_value(question: str) -> Problem:
    return Problem(
        "assessments.no-value",
        gettext_noop("The answer to “{question}” has no value. Choose one, or take the answer back."),
        question=question,
    )
