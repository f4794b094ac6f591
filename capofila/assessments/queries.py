"""Reading assessments: the answers that hold, and what the rules make of them."""

from collections.abc import Iterable
from decimal import Decimal
from typing import cast

from capofila.assessments.answers_file import Submission
from capofila.assessments.models import AnswerEntry, Assessment
from capofila.assessments.rules import fold
from capofila.assessments.rules.answers import Answer, Answers, plain, read_answers
from capofila.companies.models import Company
from capofila.instruments import library
from capofila.instruments.rules.shape import Instrument
from capofila.lib.problems import Problem, refuse_if
from capofila.lib.sources import Node, Text


def current(assessment: Assessment) -> dict[str, fold.Current]:
    """What holds now, by question code; questions never touched are absent."""
    return fold.fold(as_entry(row) for row in assessment.entries.all())


def answers(assessment: Assessment) -> Answers:
    """The answers that hold, read by the rule for files. Raises `Refused` for rows that are not sound."""
    return read_current(assessment, current(assessment))


def read_current(assessment: Assessment, holding: dict[str, fold.Current]) -> Answers:
    instrument = library.load(assessment.name)
    tree = Node({code: as_node(found.entry, instrument) for code, found in holding.items()})
    problems: list[Problem] = []
    read = read_answers(tree, "assessment", instrument, assessment.profile or None, problems)
    refuse_if(problems)
    return read


def submission(assessment: Assessment, read: Answers | None = None) -> Submission:
    """An assessment as a whole answers file would give it; `read`: its answers, where the caller has them."""
    return Submission(
        file="assessment",
        instrument=library.load(assessment.name),
        name=assessment.name,
        profile=assessment.profile or None,
        stage=assessment.stage,
        day=assessment.day,
        language=assessment.company.language,
        answers=answers(assessment) if read is None else read,
    )


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
        replaces=row.replaces,
    )


def as_node(entry: fold.Entry, instrument: Instrument) -> Node:
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
