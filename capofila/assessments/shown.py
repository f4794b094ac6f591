"""What the API tells of an assessment, as plain JSON. In words: docs/rules/answers.md"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from capofila.assessments import log, queries
from capofila.assessments.models import AnswerEntry, Assessment, Evidence, PrivateEntry
from capofila.assessments.receiving import Outcome
from capofila.assessments.rules import fold, scoring
from capofila.assessments.rules.entries import FORMAT
from capofila.assessments.rules.fold import Current, Held, Side
from capofila.consortium import access
from capofila.instruments import library
from capofila.instruments.rules.shape import Instrument
from capofila.web.schemas import problem_json

Json = dict[str, Any]


def moment(at: datetime) -> str:
    """In UTC, as 2026-03-02T09:15:04.370000Z."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def outcome_json(outcome: Outcome) -> Json:
    return {
        "id": None if outcome.id is None else str(outcome.id),
        "outcome": outcome.outcome,
        "status": outcome.status,
        "received_at": None if outcome.received_at is None else moment(outcome.received_at),
        "retry": outcome.retry,
        "problem": problem_json(outcome.problems[0]) if outcome.problems else None,
    }


def side_of(who: access.Who, facts: access.Facts) -> Side | None:
    """The side of the table somebody answers on; None for who only reads."""
    if access.may(who, "create", "answer", facts):
        return "consultant"
    return "company" if access.may(who, "pre-fill", "answer", facts) else None


@dataclass(frozen=True)
class _Private:
    """A private entry as `fold.holding` takes it."""

    row: PrivateEntry
    replaces: tuple[UUID, ...]

    @property
    def id(self) -> UUID:
        return self.row.pk


def assessment_json(
    assessment: Assessment,
    who: access.Who,
    facts: access.Facts,
    holding: Mapping[str, Current] | None = None,
    *,
    at: datetime,
) -> Json:
    """Everything an interview page starts from; a company's contact is given the company's side alone."""
    side = side_of(who, facts)
    holding = queries.current(assessment) if holding is None else holding
    return {
        **facts_json(assessment),
        "side": side,
        "may_answer": side is not None and assessment.state == Assessment.State.DRAFT,
        "areas": list(assessment.prefill_areas) if side == "company" else None,
        "formats": list(range(1, FORMAT + 1)),
        "now": moment(at),
        "questions": questions_json(assessment, holding, who, facts),
        "scores": None if _of_company(who, facts) else scores_json(assessment, holding),
    }


def questions_json(
    assessment: Assessment, holding: Mapping[str, Current], who: access.Who, facts: access.Facts
) -> dict[str, Json]:
    """What holds, what stands beside it and what was shown, by question in alphabetical order."""
    of_company = _of_company(who, facts)
    questions: dict[str, Json] = {
        code: _question(found, of_company)
        for code, found in holding.items()
        if not of_company or found.company is not None
    }
    for question, evidence in _evidence(assessment, of_company).items():
        questions.setdefault(question, _question(Current(), of_company))["evidence"] = evidence
    if not of_company:
        for question, private in _private(assessment, who, facts).items():
            questions.setdefault(question, _question(Current(), of_company)).update(private)
    return dict(sorted(questions.items()))


def _of_company(who: access.Who, facts: access.Facts) -> bool:
    return side_of(who, facts) == "company" or who.role == "contact"


def facts_json(assessment: Assessment) -> Json:
    return {
        "id": assessment.pk,
        "company": assessment.company_id,
        "instrument": assessment.name,
        "profile": assessment.profile,
        "stage": assessment.stage,
        "state": assessment.state,
        "day": assessment.day.isoformat(),
    }


def answers_json(current: Mapping[str, Current], side: Side) -> dict[str, Json]:
    """The answers of some questions, without private notes, flags and evidence."""
    return {
        code: _answers(found, side == "company")
        for code, found in current.items()
        if side == "consultant" or found.company is not None
    }


def _question(found: Current, of_company: bool) -> Json:
    rest: Json = {} if of_company else {"private": [], "flags": [], "flagged": False}
    return {**_answers(found, of_company), **rest, "evidence": []}


def _answers(found: Current, of_company: bool) -> Json:
    if of_company:
        found = Current(company=found.company)
    answers: Json = {
        "holds": found.holds,
        "company": _held(found.company),
        "conflict": found.conflict,
        "differs": found.differs,
        "disagreement": found.disagreement,
    }
    return answers if of_company else {**answers, "consultant": _held(found.consultant)}


def _held(held: Held | None) -> Json | None:
    if held is None:
        return None
    return {"entry": entry_json(held.entry), "rivals": [entry_json(rival) for rival in held.rivals]}


def entry_json(entry: fold.Entry) -> Json:
    return {
        "id": str(entry.id),
        "question": entry.question,
        "state": entry.state,
        "value": entry.value,
        "reason": entry.reason,
        "note": entry.note,
        "why": entry.why,
        "side": entry.side,
        "author": entry.author,
        "replaces": [str(id_) for id_ in entry.replaces],
        "device": entry.device,
        "device_time": None if entry.device_time is None else moment(entry.device_time),
        "clock_offset_ms": entry.clock_offset_ms,
        "received_at": moment(entry.received_at),
    }


def _private(assessment: Assessment, who: access.Who, facts: access.Facts) -> dict[str, Json]:
    """By question: the notes of the partners whose notes this person may read, and the flags."""
    groups: dict[tuple[str, str, int], list[_Private]] = defaultdict(list)
    for row in assessment.private_entries.all():
        is_note = row.kind == PrivateEntry.Kind.NOTE
        whose = row.partner_id if is_note else 0
        if is_note and not access.may(who, "read", "private-note", replace(facts, partner=whose)):
            continue
        groups[row.question, row.kind, whose].append(_Private(row, queries.ids(row.replaces)))
    found: dict[str, Json] = defaultdict(lambda: {"private": [], "flags": [], "flagged": False})
    for (question, kind, _), entries in sorted(groups.items()):
        rows = [entry.row for entry in fold.holding(entries)]
        if kind == PrivateEntry.Kind.NOTE:
            found[question]["private"] += [_private_json(row) | {"text": row.text} for row in rows]
        else:
            found[question]["flags"] = [_private_json(row) | {"flagged": row.flagged} for row in rows]
            found[question]["flagged"] = any(row.flagged for row in rows)
    return found


def _private_json(row: PrivateEntry) -> Json:
    return {
        "id": str(row.pk),
        "author": row.author_name,
        "device_time": moment(row.device_time),
        "clock_offset_ms": row.clock_offset_ms,
        "received_at": moment(row.received_at),
    }


def _evidence(assessment: Assessment, of_company: bool) -> dict[str, list[Json]]:
    found: dict[str, list[Json]] = defaultdict(list)
    for row in queries.evidence(assessment):
        if not of_company or row.role == AnswerEntry.Role.COMPANY:
            found[row.question].append(evidence_json(row))
    return found


def evidence_json(row: Evidence) -> Json:
    removal = getattr(row, "removal", None)
    is_open = removal is None
    picture = is_open and row.stored.type.startswith("image/")
    return {
        "id": str(row.pk),
        "question": row.question,
        "name": row.name,
        "type": row.stored.type,
        "bytes": row.stored.size,
        "sha256": row.stored.sha256,
        "effective_on": None if row.day is None else row.day.isoformat(),
        "side": row.role,
        "author": row.author_name,
        "device": row.device,
        "device_time": moment(row.device_time),
        "clock_offset_ms": row.clock_offset_ms,
        "received_at": moment(row.received_at),
        "url": f"/api/evidence/{row.pk}" if is_open else None,
        "thumbnail": f"/api/evidence/{row.pk}/thumbnail" if picture else None,
        "removed": None
        if removal is None
        else {"at": moment(removal.at), "by": removal.by_name, "reason": removal.reason},
    }


def scores_json(assessment: Assessment, holding: Mapping[str, Current]) -> Json:
    instrument = library.load(assessment.name)
    answers = queries.read_current(assessment, holding)
    scores = scoring.score(instrument, answers, assessment.profile or None)
    return {
        "overall": _score(scores.overall, instrument),
        "areas": {area: _score(found, instrument) for area, found in scores.areas.items()},
    }


def _score(found: scoring.Score, instrument: Instrument) -> Json:
    value = None if found.value is None else f"{scoring.displayed(found.value, instrument.bands):.2f}"
    return {
        "value": value,
        "coverage": None if found.coverage is None else round(float(found.coverage), 4),
        "answered": found.answered,
        "applicable": found.applicable,
        "band": found.band,
    }


def page_json(items: Sequence[Json], *, page: int, pages: int, count: int) -> Json:
    return {"items": list(items), "page": page, "pages": pages, "count": count}


def log_json(rows: Iterable[AnswerEntry]) -> list[Json]:
    return [entry_json(log.as_entry(row)) for row in rows]
