"""The column of digits and names that heat map and bars have at their left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from capofila.lib.charts import draw
from capofila.lib.charts import text as words

LEADING = 1.22  # of the size


@dataclass(frozen=True)
class Names:
    """Digits in ink3, names wrapped into what is left of `room` units."""

    room: float
    indent: float  # where names begin
    size: float

    @classmethod
    def beside(cls, digits: Sequence[str], *, room: float, size: float, least: float) -> Names:
        """As wide an indent as the digits need, but at least `least`; none without digits."""
        widest = max((words.width(each, size, words.STRONG) for each in digits), default=0.0)
        return cls(room, max(widest + 9, least) if widest else 0.0, size)

    def wrapped(self, name: str, weight: int = words.REGULAR) -> tuple[str, ...]:
        return words.wrap(name, max(self.room - self.indent, 30), self.size, weight)

    def height(self, name: str, least: float, weight: int = words.REGULAR) -> float:
        """Of the row: `least`, or more when the name needs it."""
        lines = len(self.wrapped(name, weight))
        return max(least, lines * self.size * LEADING + self.size * 0.6)

    def drawn(self, middle: float, digits: str, name: str, weight: int = words.REGULAR) -> str:
        """Digits stand at the first line; all of it stands around `middle`."""
        strings, leading = self.wrapped(name, weight), self.size * LEADING
        first = draw.first_baseline(middle, len(strings), self.size, leading)
        beside = draw.text(0, first, digits, self.size, "ink3", words.STRONG)
        return beside + draw.lines(self.indent, first, strings, self.size, leading, weight=weight)
