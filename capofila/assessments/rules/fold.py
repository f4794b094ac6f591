"""Entries of an assessment -> the answer that holds now, question by question.

An entry holds unless another one of the same question replaces it. Where several hold (two
devices answered apart), the last received is shown and the others stay beside it as its rivals,
until somebody enters one that replaces. The order in which entries are given does not matter.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

State = Literal["answered", "not_applicable", "cleared"]


@dataclass(frozen=True)
class Entry:
    """`value` is JSON as in an answers file, None unless answered; `reason` only where not applicable."""

    id: UUID
    question: str
    state: State
    received_at: datetime
    value: object = None
    reason: str = ""
    note: str = ""
    replaces: UUID | None = None


@dataclass(frozen=True)
class Current:
    entry: Entry
    rivals: tuple[Entry, ...] = ()  # hold as well; last received first


def fold(entries: Iterable[Entry]) -> dict[str, Current]:
    """The current answer by question code, in alphabetical order of the codes.

    Among entries that hold at once the last received wins; received at the same moment, the one
    with the greater id. Entries that replace each other in a circle all hold.
    """
    questions: dict[str, dict[UUID, Entry]] = {}
    for entry in entries:
        questions.setdefault(entry.question, {})[entry.id] = entry
    return {question: _current(questions[question]) for question in sorted(questions)}


def _current(entries: Mapping[UUID, Entry]) -> Current:
    replaced = {entry.replaces for entry in entries.values()}
    holding = [entry for entry in entries.values() if entry.id not in replaced] or list(entries.values())
    first, *rivals = sorted(holding, key=_latest, reverse=True)
    return Current(first, tuple(rivals))


def _latest(entry: Entry) -> tuple[datetime, UUID]:
    return entry.received_at, entry.id
