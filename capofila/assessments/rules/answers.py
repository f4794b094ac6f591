"""What an answer is, and when a value is one.

Three states: answered; not applicable, with a reason; unanswered (no `Answer` at all, never a
zero). Values by type, as in docs/formats.md: level 1-5, ticks a list of item codes, matrix row
-> columns, scale row -> 0-5, tristate row -> no/partly/yes, and the unscored types.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from capofila.instruments.rules.shape import LEVELS, SCALE_TOP, TRISTATE, Instrument, Question
from capofila.lib.checking import Checker, joined
from capofila.lib.problems import Problem, gettext_noop
from capofila.lib.sources import Node

Value = (
    int
    | Decimal
    | str
    | date
    | tuple[str, ...]
    | Mapping[str, tuple[str, ...]]
    | Mapping[str, int]
    | Mapping[str, str]
)

LONGEST_NOTE = 5_000  # characters
LONGEST_TEXT = 5_000


@dataclass(frozen=True)
class Answer:
    """Answered (`value`) or not applicable (`reason`); exactly one of the two is set."""

    value: Value | None = None
    reason: str = ""
    note: str = ""

    @property
    def applicable(self) -> bool:
        return not self.reason


Answers = Mapping[str, Answer]


def read_answers(
    tree: Node, file: str, instrument: Instrument, profile: str | None, problems: list[Problem]
) -> dict[str, Answer]:
    """Answers by question code, in the instrument's order; what is wrong goes to `problems`."""
    return _Reader(file, instrument, profile, problems).read(tree)


class _Reader(Checker):
    def __init__(
        self, file: str, instrument: Instrument, profile: str | None, problems: list[Problem]
    ) -> None:
        super().__init__(file, "answers", problems)
        self.instrument = instrument
        self.shown = {question.code for question in instrument.applicable(profile)}
        self.profile = profile

    def read(self, tree: Node) -> dict[str, Answer]:
        found: dict[str, Answer] = {}
        for code, node in self.mapping(tree, key="answers").items():
            question = self.instrument.by_code.get(code)
            if question is None:
                self.unknown("unknown-question", code, self.instrument.by_code, node, code)
                continue
            answer = self.answer(node, question)
            if answer is None:
                continue
            if code not in self.shown:
                self.add(
                    "not-in-profile",
                    gettext_noop(
                        "The profile {profile} does not show this question; expected no answer to it."
                    ),
                    node,
                    code,
                    profile=self.profile,
                )
                continue
            found[code] = answer
        return {code: found[code] for code in self.instrument.by_code if code in found}

    def answer(self, node: Node, question: Question) -> Answer | None:
        """None where it is unanswered, and where it is wrong (then a problem is added)."""
        full = node.mapping is not None and (
            question.type not in {"matrix", "scale", "tristate"}
            or bool(set(node.mapping) & {"value", "not_applicable", "note"})
        )
        if not full:
            return None if node.is_null else self.answered(node, question, "")
        keys = self.mapping(node, ("value", "not_applicable", "note"), key=question.code)
        note = self.note(keys.get("note"), question.code)
        value, reason = keys.get("value"), keys.get("not_applicable")
        if reason is not None and not reason.is_null:
            if value is not None and not value.is_null:
                self.add(
                    "value-and-not-applicable",
                    gettext_noop(
                        "There are both a value and a reason for not applicable; expected one of them."
                    ),
                    node,
                    question.code,
                )
                return None
            return self.not_applicable(reason, question, note)
        if reason is not None and value is None:
            self.no_reason(reason, question)
            return None
        if value is None or value.is_null:
            return None
        return self.answered(value, question, note)

    def note(self, node: Node | None, code: str) -> str:
        if node is None or node.is_null:
            return ""
        if node.text is None:
            self.expected("a text", node, joined(code, "note"))
            return ""
        if len(node.text) > LONGEST_NOTE:
            self.too_long(node, joined(code, "note"))
        return node.text

    def too_long(self, node: Node, key: str) -> None:
        self.add(
            "note-too-long", gettext_noop("The text has {length} characters; at most {longest} are kept."),
            node, key, length=len(node.text or ""), longest=LONGEST_NOTE,
        )  # fmt: skip

    def not_applicable(self, reason: Node, question: Question, note: str) -> Answer | None:
        if self.instrument.not_applicable == "refused":
            self.add(
                "not-applicable-refused",
                gettext_noop("The instrument {instrument} knows no “not applicable”; expected a value."),
                reason,
                question.code,
                instrument=self.instrument.name,
            )
            return None
        if reason.text is None or not reason.text.strip():
            self.no_reason(reason, question)
            return None
        if len(reason.text) > LONGEST_NOTE:
            self.too_long(reason, joined(question.code, "not_applicable"))
        return Answer(reason=reason.text, note=note)

    def no_reason(self, node: Node, question: Question) -> None:
        self.add(
            "not-applicable-without-reason",
            gettext_noop("“Not applicable” has no reason; expected a sentence that says why."),
            node,
            question.code,
        )

    def answered(self, node: Node, question: Question, note: str) -> Answer | None:
        before = len(self.problems)
        value = getattr(self, f"read_{question.type}")(node, question)
        return Answer(value=value, note=note) if len(self.problems) == before else None

    def read_level(self, node: Node, question: Question) -> int | None:
        return self.whole(node, question.code, LEVELS[0], LEVELS[-1], "level")

    def whole(self, node: Node, key: str, low: int, high: int, code: str) -> int | None:
        number = node.integer
        if number is None or not low <= number <= high:
            self.expected("a whole number from {low} to {high}", node, key, code, low=low, high=high)
            return None
        return number

    def read_ticks(self, node: Node, question: Question) -> tuple[str, ...]:
        return self.picked(node, question.items, question.code)

    def picked(self, node: Node, known: tuple[str, ...], key: str) -> tuple[str, ...]:
        """Codes out of a list, in the instrument's order."""
        if node.items is None:
            self.expected("a list of codes", node, key)
            return ()
        found = []
        for code, item in self.placed_codes(node, key):
            if code in known:
                found.append(code)
            else:
                self.unknown("unknown-item", code, known, item, key)
        return tuple(code for code in known if code in found)

    def rows(self, node: Node, question: Question) -> dict[str, Node]:
        if node.mapping is None:
            self.expected("a mapping of rows", node, question.code)
            return {}
        found = {}
        for row, value in node.mapping.items():
            if row not in question.rows:
                self.unknown("unknown-row", row, question.rows, value, question.code)
            elif not value.is_null:
                found[row] = value
        return {row: found[row] for row in question.rows if row in found}

    def read_matrix(self, node: Node, question: Question) -> dict[str, tuple[str, ...]]:
        return {
            row: self.picked(value, question.columns, joined(question.code, row))
            for row, value in self.rows(node, question).items()
        }

    def read_scale(self, node: Node, question: Question) -> dict[str, int | None]:
        return {
            row: self.whole(value, joined(question.code, row), 0, SCALE_TOP, "scale")
            for row, value in self.rows(node, question).items()
        }

    def read_tristate(self, node: Node, question: Question) -> dict[str, str]:
        return {
            row: self.choice(value, joined(question.code, row), TRISTATE, default="no", code="tristate")
            for row, value in self.rows(node, question).items()
        }

    def read_choice(self, node: Node, question: Question) -> str:
        return self.choice(node, question.code, question.items, default="", code="unknown-item")

    def read_integer(self, node: Node, question: Question) -> int | None:
        if node.integer is None:
            self.expected("a whole number", node, question.code)
        return node.integer

    def read_decimal(self, node: Node, question: Question) -> Decimal | None:
        if node.number is None:
            self.expected("a number", node, question.code)
        return node.number

    def read_text(self, node: Node, question: Question) -> str:
        if node.text is None or len(node.text) > LONGEST_TEXT:
            self.expected("a text of at most {longest} characters", node, question.code, longest=LONGEST_TEXT)
        return node.text or ""

    def read_date(self, node: Node, question: Question) -> date | None:
        if node.day is None:
            self.expected("a date such as 2026-03-01", node, question.code)
        return node.day


def plain(value: object) -> Node:
    """A JSON value as a tree."""
    if isinstance(value, Mapping):
        return Node({str(key): plain(item) for key, item in value.items()})
    if isinstance(value, list | tuple):
        return Node([plain(item) for item in value])
    return Node(value)


def jsonable(answers: Answers) -> dict[str, dict[str, object]]:
    """Answers as the `answers` of a JSON file, value, reason and note where they stand."""
    found: dict[str, dict[str, object]] = {}
    for code, answer in answers.items():
        found[code] = (
            {"value": _json_value(answer.value)} if answer.applicable else {"not_applicable": answer.reason}
        )
        if answer.note:
            found[code]["note"] = answer.note
    return found


def _json_value(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _json_value(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, date) else value
