"""Entries of an assessment -> what holds now, question by question, whatever order they came in.

An entry holds unless another one of the same question and side replaces it. Where several hold
(two devices answered apart), one is shown first and the others stay beside it as its rivals, until
somebody enters one that replaces them all. No clock decides anything. In words, with a worked
case: docs/rules/answers.md
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol, TypeVar
from uuid import UUID

State = Literal["answered", "not_applicable", "cleared"]
Side = Literal["consultant", "company"]
Id = Any  # a UUID; or its 32 hexadecimal digits, of all of them: as text they are in the same order


class Linked(Protocol):
    """Anything with an id that may stand in place of others: answers, private notes, flags."""

    @property
    def id(self) -> Id: ...
    @property
    def replaces(self) -> Sequence[Id]: ...


class Placed(Linked, Protocol):
    """What one side of the table said about one question."""

    @property
    def question(self) -> str: ...
    @property
    def side(self) -> Side: ...


Alike = TypeVar("Alike", bound=Linked)
Said = TypeVar("Said", bound=Placed)


@dataclass(frozen=True)
class Entry:
    """An answer as it was received.

    `value` is JSON as in an answers file, None unless answered; `reason` only where not applicable;
    `why` a consultant's reason for differing from the company.
    """

    id: UUID
    question: str
    state: State
    received_at: datetime
    value: object = None
    reason: str = ""
    note: str = ""
    why: str = ""
    side: Side = "consultant"
    author: str = ""
    device: str = ""
    device_time: datetime | None = None
    clock_offset_ms: int | None = None
    replaces: tuple[UUID, ...] = ()

    @property
    def content(self) -> tuple[object, ...]:
        """What it says; two entries that say the same are no conflict."""
        return self.state, self.value, self.reason, self.note, self.why

    @property
    def choice(self) -> tuple[object, ...]:
        """The answer alone, without the words around it."""
        return self.state, self.value


@dataclass(frozen=True)
class Held:
    """What holds on one side: `entry` is shown first, `rivals` hold as well, in order."""

    entry: Entry
    rivals: tuple[Entry, ...] = ()

    @property
    def conflict(self) -> bool:
        return any(rival.content != self.entry.content for rival in self.rivals)

    @property
    def answers(self) -> bool:
        return self.entry.state != "cleared"


@dataclass(frozen=True)
class Current:
    """What holds for one question, on both sides; at least one of them said something."""

    consultant: Held | None = None
    company: Held | None = None

    @property
    def holds(self) -> Side | None:
        """The side whose answer counts: the consultant's goes first; None where neither has one."""
        if self.consultant is not None and self.consultant.answers:
            return "consultant"
        return "company" if self.company is not None and self.company.answers else None

    @property
    def counted(self) -> Held:
        """What counts; where neither side has an answer, what the consultant, or the company, took back."""
        first, other = self.consultant, self.company
        if first is None or (self.holds == "company" and other is not None):
            first, other = other, first
        assert first is not None
        return first

    @property
    def entry(self) -> Entry:
        return self.counted.entry

    @property
    def rivals(self) -> tuple[Entry, ...]:
        return self.counted.rivals

    @property
    def conflict(self) -> bool:
        return any(held.conflict for held in (self.consultant, self.company) if held is not None)

    @property
    def differs(self) -> bool:
        """Both sides answered, and not the same."""
        return (
            self.consultant is not None
            and self.company is not None
            and self.consultant.answers
            and self.company.answers
            and self.consultant.entry.choice != self.company.entry.choice
        )

    @property
    def disagreement(self) -> bool:
        """It differs, and no consultant has said why."""
        return self.differs and self.consultant is not None and not self.consultant.entry.why


def fold(entries: Iterable[Entry]) -> dict[str, Current]:
    """The current answer by question code, in alphabetical order of the codes."""
    return current(held(entries))


def held(said: Iterable[Said]) -> dict[tuple[str, Side], list[Said]]:
    """What holds, by question and side, in the order of `holding`."""
    sides: dict[tuple[str, Side], list[Said]] = defaultdict(list)
    for one in said:
        sides[one.question, one.side].append(one)
    return {where: holding(listed) for where, listed in sides.items()}


def current(held: Mapping[tuple[str, Side], Sequence[Entry]]) -> dict[str, Current]:
    """The same from what `held` says, where only that was read whole."""
    found: dict[str, dict[Side, Held]] = defaultdict(dict)
    for (question, side), (first, *rivals) in sorted(held.items()):
        found[question][side] = Held(first, tuple(rivals))
    return {
        question: Current(sides.get("consultant"), sides.get("company")) for question, sides in found.items()
    }


def of_company(current: Mapping[str, Current]) -> dict[str, Current]:
    """What the company said, as its contact is shown it."""
    return {
        question: Current(company=found.company)
        for question, found in current.items()
        if found.company is not None
    }


def holding(entries: Iterable[Alike]) -> list[Alike]:
    """Those of one question, side and kind that hold: first the end of the longest chain, then the greatest.

    Entries that replace each other in a circle, and that nothing outside replaces, all hold. So every
    entry holds, or was replaced, step by step, by one that does.
    """
    known = {entry.id: entry for entry in entries}
    if len(known) < 2:
        return list(known.values())
    replaces = {
        id_: {old for old in entry.replaces if old in known and old != id_} for id_, entry in known.items()
    }
    found = known.keys() - set().union(*replaces.values())
    left = known.keys() - found - _reached(found, replaces)
    if left:
        found = found | _ends_of_circles(left, replaces)
    if len(found) < 2:
        return [known[id_] for id_ in found]
    depths = _depths(replaces)
    return [known[id_] for id_ in sorted(found, key=lambda id_: (depths[id_], id_), reverse=True)]


def _reached(start: Iterable[Id], replaces: Mapping[Id, AbstractSet[Id]]) -> set[Id]:
    """What these replace, step by step."""
    found: set[Id] = set()
    waiting = list(start)
    while waiting:
        new = replaces[waiting.pop()] - found
        found |= new
        waiting += new
    return found


def _ends_of_circles(left: AbstractSet[Id], replaces: Mapping[Id, AbstractSet[Id]]) -> set[Id]:
    """Of those that only circles lead to, those that nothing outside their own circle replaces."""
    below = {id_: _reached([id_], replaces) for id_ in left}
    return {id_ for id_ in left if all(id_ not in below[other] or other in below[id_] for other in left)}


def _depths(replaces: Mapping[Id, AbstractSet[Id]]) -> dict[Id, int]:
    """How long the longest chain of replacements below each one is; 0 for what a circle stands below."""
    above: dict[Id, list[Id]] = defaultdict(list)
    for id_, old in replaces.items():
        for one in old:
            above[one].append(id_)
    waiting = {id_: len(old) for id_, old in replaces.items()}
    depths = dict.fromkeys(replaces, 0)
    ready = [id_ for id_, count in waiting.items() if count == 0]
    longest = dict(depths)
    while ready:
        id_ = ready.pop()
        depths[id_] = longest[id_]
        for next_ in above[id_]:
            longest[next_] = max(longest[next_], longest[id_] + 1)
            waiting[next_] -= 1
            if waiting[next_] == 0:
                ready.append(next_)
    return depths
