"""The log of answers, read for what holds now.

A long interview leaves many entries for few answers. So what holds is found first, by ids alone, and only
that is read whole. It is the fold of docs/rules/answers.md; nothing is kept beside the log.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple, cast
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS
from django.db.models import CharField, IntegerField, Model, Q, UUIDField

from capofila.assessments.models import AnswerEntry, Assessment
from capofila.assessments.rules import fold
from capofila.web.prepared import Prepared, given

Stored = tuple[Any, ...]


def columns(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


LINK = ("id", "question", "role", "replaces")
WHOLE = columns(AnswerEntry)
_as_link = itemgetter(*map(WHOLE.index, LINK))
_assessment = itemgetter(WHOLE.index("assessment_id"))
TOGETHER = 50  # entries are read whole in groups of so many, to have few different queries
MOST = 500

_links = Prepared(
    lambda: AnswerEntry.objects.filter(assessment=given("assessment", IntegerField())).values_list(*LINK)
)
_decode = json.JSONDecoder().raw_decode


class Link(NamedTuple):
    """An entry as far as the fold looks at it; ids without hyphens, as SQLite keeps them."""

    id: str
    question: str
    side: fold.Side
    replaces: Sequence[str]


def current(assessment: Assessment) -> dict[str, fold.Current]:
    """What holds now, by question code; questions never touched are absent."""
    held = fold.held(_link(*row) for row in _links.stored(assessment=assessment.pk))
    entries = _read([UUID(one.id) for listed in held.values() for one in listed])
    return fold.current({where: [entries[one.id] for one in listed] for where, listed in held.items()})


def current_in(found: Iterable[Assessment]) -> dict[int, dict[str, fold.Current]]:
    """What holds now in each of several assessments, by their key; one query for all."""
    logs: dict[int, list[Stored]] = {assessment.pk: [] for assessment in found}
    several = AnswerEntry.objects.filter(assessment__in=list(logs)).values_list(*WHOLE)
    for row in Prepared(lambda: several).stored():
        logs[_assessment(row)].append(row)
    return {pk: folded(rows) for pk, rows in logs.items()}


def folded(rows: Iterable[Stored], new: Iterable[AnswerEntry] = ()) -> dict[str, fold.Current]:
    """What holds of rows that are read, as they are stored, and of `new` ones that are not stored yet."""
    known: dict[str, Stored | AnswerEntry] = {}
    links = []
    for row in rows:
        links.append(link(row))
        known[links[-1].id] = row
    for entry in new:
        links.append(_link_of(entry))
        known[links[-1].id] = entry
    held = fold.held(links)
    return fold.current({where: [_entry(known[one.id]) for one in listed] for where, listed in held.items()})


def link(whole: Stored) -> Link:
    return _link(*_as_link(whole))


def _link(id_: str | UUID, question: str, side: fold.Side, replaces: str) -> Link:
    listed = () if replaces == "[]" else _decode(replaces.replace("-", ""))[0]
    return Link(id_ if isinstance(id_, str) else id_.hex, question, side, listed)


def _link_of(row: AnswerEntry) -> Link:
    side = cast(fold.Side, row.role)
    return Link(row.pk.hex, row.question, side, [text.replace("-", "") for text in row.replaces])


def is_about(row: Stored, assessment: Assessment, questions: Collection[str]) -> bool:
    return _assessment(row) == assessment.pk and link(row).question in questions


# Entries read whole


def row(stored: Stored) -> AnswerEntry:
    return AnswerEntry.from_db(DEFAULT_DB_ALIAS, WHOLE, _whole(TOGETHER).read(stored))


def _entry(found: Stored | AnswerEntry) -> fold.Entry:
    return as_entry(found if isinstance(found, AnswerEntry) else row(found))


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
        replaces=tuple(UUID(text) for text in row.replaces),
    )


def _read(ids: Sequence[UUID]) -> dict[str, fold.Entry]:
    """The entries of these ids, by the id as a `Link` has it."""
    found: dict[str, fold.Entry] = {}
    for start in range(0, len(ids), MOST):
        some = ids[start : start + MOST]
        asked = -(-len(some) // TOGETHER) * TOGETHER
        padded = [*some, *[some[-1]] * (asked - len(some))]
        for stored in _whole(asked).stored(**_named("id", padded)):
            entry = _entry(stored)
            found[entry.id.hex] = entry
    return found


@lru_cache(maxsize=MOST // TOGETHER)
def _whole(ids: int) -> Prepared:
    which = Q(pk__in=_given("id", UUIDField(), ids))
    return Prepared(lambda: AnswerEntry.objects.filter(which).values_list(*WHOLE))


# What a save looks up


def about(assessment: Assessment, ids: Collection[UUID], questions: Collection[str]) -> list[Stored]:
    """The entries under these ids, anywhere, and whatever was said to these questions, as they are stored."""
    values = _named("id", ids) | _named("question", questions)
    return _about(len(ids), len(questions)).stored(assessment=assessment.pk, **values)


@lru_cache(maxsize=64)
def _about(ids: int, questions: int) -> Prepared:
    which = by_id_or_question(
        given("assessment", IntegerField()),
        _given("id", UUIDField(), ids),
        _given("question", CharField(), questions),
    )
    return Prepared(lambda: AnswerEntry.objects.filter(which).values_list(*WHOLE))


def by_id_or_question(assessment: Any, ids: Collection[Any], questions: Collection[Any]) -> Q:
    """Both found by an index."""
    return Q(pk__in=ids) | Q(assessment=assessment, question__in=questions)


def _given(name: str, field: Any, count: int) -> list[Any]:
    return [given(f"{name}{place}", field) for place in range(count)]


def _named(name: str, values: Iterable[object]) -> dict[str, object]:
    return {f"{name}{place}": value for place, value in enumerate(values)}
