"""How much of an action a half page holds: measured as it will be set, so that nothing runs over.

Two cards share a page of 247 mm. A card that would be higher gives up, in this order, the sentence
on where the money goes, the large type of its first paragraph, a second and further mistakes.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from capofila.lib.charts import text as measure
from capofila.lib.document import Block, Bullets, Inline, Paragraph, TextBlock

POINT = 25.4 / 72
HALF = 118.5  # mm: two, and what stands between them, are a page
NOTE, MAIN, PAGE = 40.0, 120.0, 166.0


@dataclass(frozen=True)
class Type:
    """A size of type in points with its leading in ems; a line is as high as its capitals."""

    size: float
    leading: float
    capitals: float = 0.66

    def height(self, lines: int) -> float:
        em = self.size * POINT
        return lines * self.capitals * em + (lines - 1) * self.leading * em


SMALL, BODY, LISTED, TITLE = Type(9, 0.55), Type(10.5, 0.62, 0.67), Type(9.5, 0.5), Type(14, 0.42, 0.67)
BETWEEN, BETWEEN_NOTES, BETWEEN_ITEMS = 3.52, 3.02, 1.8  # mm
INDENT = 5.5  # of a numbered step
SERIF = 1.1  # how much wider running text in the serif is than in the sans it is measured on
UNDER_TITLE = 6.0


@dataclass(frozen=True)
class Card:
    """What a card shows."""

    cost: bool = True
    what_large: bool = True
    mistakes: int = 3
    mistakes_aside: bool = False


# From everything to the least; the first that fits is taken, the last in any case.
CARDS = (
    Card(),
    Card(mistakes_aside=True, cost=False),
    Card(cost=False),
    Card(mistakes_aside=True, cost=False, what_large=False),
    Card(cost=False, what_large=False),
    Card(cost=False, mistakes=1, what_large=False),
    Card(cost=False, mistakes=1, what_large=False, mistakes_aside=True),
)
Part = Callable[[Card], Sequence[Block]]


def fitted(title: str, note: Part, main: Part) -> Card:
    """The fullest card that is not higher than half a page."""
    for card in CARDS:
        body = max(height(note(card), NOTE, BETWEEN_NOTES), height(main(card), MAIN, BETWEEN))
        if head(title) + body <= HALF:
            return card
    return CARDS[-1]


def head(title: str) -> float:
    """How high a card's title becomes, with the space under it."""
    return TITLE.height(_lines(title, PAGE, TITLE.size * SERIF)) + UNDER_TITLE


def height(blocks: Iterable[Block], width: float, between: float) -> float:
    """How high paragraphs and lists become in a column, in mm."""
    return sum(high + between for high in _heights(blocks, width)) - between


def _heights(blocks: Iterable[Block], width: float) -> Iterable[float]:
    for block in blocks:
        if isinstance(block, TextBlock):
            yield from _heights(block.blocks, width)
        elif isinstance(block, Paragraph):
            small = block.style == "small"
            set_in = SMALL if small else BODY
            yield set_in.height(_lines(plain(block.text), width, set_in.size * (1 if small else SERIF)))
        elif isinstance(block, Bullets):
            lines = [_lines(plain(item), width - INDENT, LISTED.size) for item in block.items]
            yield sum(map(LISTED.height, lines)) + BETWEEN_ITEMS * (len(lines) - 1)


def _lines(text: str, width: float, size: float) -> int:
    return len(measure.wrap(text, width, size * POINT))


def plain(inline: Inline) -> str:
    if isinstance(inline, str):
        return inline
    return "".join(run if isinstance(run, str) else run.text for run in inline)
