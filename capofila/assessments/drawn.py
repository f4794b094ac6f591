"""One question as its page draws it: what holds, what was typed in a form to mend, what is implied."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from capofila.assessments.cards import NOT_APPLICABLE, Card
from capofila.assessments.implying import Implied, Mark


@dataclass(frozen=True)
class KeptPrivately:
    """The private note and the flag that hold; `seen` and `flag_seen` are their ids, with commas."""

    text: str
    seen: str
    flagged: bool
    flag_seen: str


@dataclass(frozen=True)
class ShownCard:
    card: Card
    chosen: str
    value: Any
    reason: str
    note: str
    why: str
    mistakes: Mapping[str, Sequence[str]]
    is_open: bool
    private: KeptPrivately | None  # None for who writes none
    evidence: Sequence[Mapping[str, Any]]
    before: str  # what the assessment before said, where no tag says it
    implied: Implied | None = None  # by another questionnaire, and not confirmed yet
    hint: str = ""  # which levels another questionnaire leaves

    @property
    def as_implied(self) -> str:
        """What the boxes start from, to tell on the way back whether anybody changed them."""
        return "" if self.implied is None else as_text(self.implied.value)

    @property
    def not_applicable(self) -> bool:
        return self.chosen == NOT_APPLICABLE

    @property
    def wrong(self) -> bool:
        return any(self.mistakes.values())

    @property
    def rows(self) -> list[tuple[Any, list[tuple[Any, bool, Mark | None]], Mark | None]]:
        """Each row with its options, whether each is chosen, and what implies the option or the row."""
        given = self.value if isinstance(self.value, Mapping) else {}
        return [
            (
                row,
                [
                    (option, _has(given.get(row.code), option.value), self._mark(row.code, option.value))
                    for option in row.options
                ],
                self._mark(row.code),
            )
            for row in self.card.rows
        ]

    @property
    def options(self) -> list[tuple[Any, bool, Mark | None]]:
        if self.card.type == "level":
            return [(option, self.chosen == option.value, None) for option in self.card.options]
        return [
            (option, _has(self.value, option.value), self._mark(option.value)) for option in self.card.options
        ]

    def _mark(self, row: str, column: str = "") -> Mark | None:
        return None if self.implied is None else self.implied.marks.get((row, column))


def as_text(value: Any) -> str:
    """A value as a hidden field keeps it; a row without a tick says nothing."""
    if isinstance(value, Mapping):
        value = {row: cell for row, cell in value.items() if cell not in ([], ())}
    return json.dumps(value, sort_keys=True)


def _has(value: Any, option: str) -> bool:
    if isinstance(value, list | tuple):
        return option in [str(one) for one in value]
    return value is not None and str(value) == option
