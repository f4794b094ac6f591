"""An entry as a device sends it: JSON of any format there ever was -> what was said.

Made once on the device and never rewritten, so a release that changes the entry adds a format and
an upgrader from the one before; none is ever removed or changed. In words: docs/rules/answers.md
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, cast, get_args
from uuid import UUID

from capofila.assessments.rules.answers import LONGEST_TEXT, plain
from capofila.assessments.rules.fold import State
from capofila.lib.checking import Checker
from capofila.lib.problems import Problem, gettext_noop, refuse_if
from capofila.lib.sources import Node

FORMAT = 1
# Format -> how an entry of that format is written in the next one.
UPGRADES: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}

PrivateKind = Literal["private-note", "flag"]
KINDS = ("answer", *get_args(PrivateKind))
STATES: tuple[str, ...] = get_args(State)
LONGEST_QUESTION = 80  # characters of its code
LONGEST_DEVICE = 100
MOST_REPLACED = 50
LARGEST_OFFSET = 10**12  # milliseconds, about thirty years

COMMON = ("format", "kind", "id", "question", "replaces", "device", "device_time", "clock_offset_ms")
REQUIRED = ("format", "id", "question", "device", "device_time")
KEYS = {
    "answer": (*COMMON, "state", "value", "reason", "note", "why"),
    "private-note": (*COMMON, "text"),
    "flag": (*COMMON, "flagged"),
}
ALSO_REQUIRED = {"answer": ("state",), "private-note": ("text",), "flag": ("flagged",)}


@dataclass(frozen=True)
class Said:
    """An answer; `value` is JSON as in an answers file."""

    id: UUID
    question: str
    state: State
    device_time: datetime
    value: object = None
    reason: str = ""
    note: str = ""
    why: str = ""
    replaces: tuple[UUID, ...] = ()  # in order, each once
    device: str = ""
    clock_offset_ms: int | None = None


@dataclass(frozen=True)
class Private:
    """A private note (`text`), or the flag of a question."""

    id: UUID
    question: str
    kind: PrivateKind
    device_time: datetime
    text: str = ""
    flagged: bool = False
    replaces: tuple[UUID, ...] = ()
    device: str = ""
    clock_offset_ms: int | None = None


def upgraded(
    raw: dict[str, Any],
    upgrades: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = UPGRADES,
    newest: int = FORMAT,
) -> dict[str, Any]:
    """The entry in today's format. Raises `Problem` for a format this release does not know."""
    format_ = raw.get("format")
    if type(format_) is not int or not 1 <= format_ <= newest:
        raise Problem(
            "assessments.format-unknown",
            gettext_noop(
                "The entry is written in format {format}, and this server reads 1 to {newest}. "
                "It stays on the device and is sent again later."
            ),
            format=format_,
            newest=newest,
        )
    for step in range(format_, newest):
        raw = {**upgrades[step](raw), "format": step + 1}
    return raw


def read_id(raw: object) -> UUID | None:
    """The id of an entry, however wrong the rest of it is; None where it has none that can be read."""
    return _uuid(raw.get("id")) if isinstance(raw, dict) else None


def read_entry(raw: object) -> Said | Private:
    """What one entry says. Raises `Problem` or `Refused` where it is not sound."""
    problems: list[Problem] = []
    if not isinstance(raw, dict):
        raise Problem(
            "entry.unreadable",
            gettext_noop("What was sent is no answer that can be read. It stays on the device."),
        )
    _check_characters(raw)
    said = _Reader("entry", "entry", problems).read(upgraded(raw))
    refuse_if(problems)
    return cast(Said | Private, said)


def _check_characters(raw: object) -> None:
    """Raise `Problem` for characters that no database keeps: NUL, and halves of a character."""
    if isinstance(raw, str) and any(c == "\0" or "\ud800" <= c <= "\udfff" for c in raw):
        raise Problem(
            "entry.characters",
            gettext_noop("The text has characters that cannot be kept. Write it again without them."),
        )
    if isinstance(raw, list | dict):
        for item in [*raw, *raw.values()] if isinstance(raw, dict) else raw:
            _check_characters(item)


class _Reader(Checker):
    def read(self, raw: dict[str, Any]) -> Said | Private | None:
        tree = plain(raw)
        kind = self.choice((tree.mapping or {}).get("kind"), "kind", KINDS, default="answer")
        if self.problems:
            return None
        keys = self.mapping(tree, KEYS[kind], (*REQUIRED, *ALSO_REQUIRED[kind]))
        device_time = self.moment(keys.get("device_time"))
        common: dict[str, Any] = {
            "id": self.uuid(keys.get("id"), "id"),
            "question": self.word(keys.get("question"), "question", LONGEST_QUESTION),
            "device_time": device_time,
            "replaces": self.replaced(keys.get("replaces"), _uuid(raw.get("id"))),
            "device": self.word(keys.get("device"), "device", LONGEST_DEVICE),
            "clock_offset_ms": self.offset(keys.get("clock_offset_ms")),
        }
        if kind == "flag":
            flagged = self.yes_or_no(keys.get("flagged"), "flagged")
            return Private(kind="flag", flagged=flagged, **common)
        if kind == "private-note":
            return Private(kind="private-note", text=self.words(keys.get("text"), "text"), **common)
        state = self.choice(keys.get("state"), "state", STATES, default="cleared")
        said = Said(
            state=cast(State, state),
            value=raw.get("value"),
            reason=self.words(keys.get("reason"), "reason"),
            note=self.words(keys.get("note"), "note"),
            why=self.words(keys.get("why"), "why"),
            **common,
        )
        self.check_state(said, keys)
        return said

    def check_state(self, said: Said, keys: Mapping[str, Node]) -> None:
        if said.state != "answered" and said.value is not None:
            self.expected(
                "null where the state is {state}", keys["value"], "value", "extra-value", state=said.state
            )
        if said.state != "not_applicable" and said.reason:
            self.expected(
                "an empty text where the state is {state}",
                keys["reason"],
                "reason",
                "extra-reason",
                state=said.state,
            )

    def words(self, node: Node | None, key: str) -> str:
        """A text that may be empty; absent is empty."""
        if node is None:
            return ""
        if node.text is None or len(node.text) > LONGEST_TEXT:
            self.expected("a text of at most {longest} characters", node, key, longest=LONGEST_TEXT)
        return node.text or ""

    def word(self, node: Node | None, key: str, longest: int) -> str:
        found = self.text(node, key)
        if node is not None and len(found) > longest:
            self.expected("a text of at most {longest} characters", node, key, longest=longest)
        return found

    def uuid(self, node: Node | None, key: str) -> UUID | None:
        found = None if node is None else _uuid(node.value)
        if node is not None and found is None:
            self.expected("a UUID", node, key)
        return found

    def replaced(self, node: Node | None, own: UUID | None) -> tuple[UUID, ...]:
        listed = self.sequence(node, "replaces")
        found = {self.uuid(item, "replaces") for item in listed}
        if len(listed) > MOST_REPLACED or (own is not None and own in found):
            assert node is not None
            self.expected("at most {most} ids of other entries", node, "replaces", most=MOST_REPLACED)
        return tuple(sorted(id_ for id_ in found if id_ is not None))

    def moment(self, node: Node | None) -> datetime | None:
        if node is None:
            return None
        try:
            found = datetime.fromisoformat(node.text or "")
            if found.tzinfo is not None:
                return found.astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        self.expected("a time with its offset, such as 2026-03-02T10:15:03+01:00", node, "device_time")
        return None

    def offset(self, node: Node | None) -> int | None:
        if node is None or node.is_null:
            return None
        whole = node.integer
        if whole is None or abs(whole) > LARGEST_OFFSET:
            self.expected("a whole number of milliseconds", node, "clock_offset_ms")
        return whole

    def yes_or_no(self, node: Node | None, key: str) -> bool:
        if node is not None and not isinstance(node.value, bool):
            self.expected("true or false", node, key)
        return node is not None and node.value is True


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
