"""A group of enterprises: a box each, one below the other; at their right, lines say who holds what of whom.

Owners stand above what they hold, as far as circles let them. Every line has a place of its own at both
boxes and a lane that it shares with no line beside it, so that no line runs through a box or a word,
whatever the group. Groups of more than twelve are drawn as a table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from capofila.lib.charts import draw
from capofila.lib.charts import text as words
from capofila.lib.charts.shapes import NARROW, WIDE, Chart, GroupBox, GroupLine
from capofila.lib.palette import Token

MOST_BOXES = 12
SIZE, LEADING = 14.5, 17.5
NOTE_SIZE, NOTE_LEADING = 12.5, 15.5
PADDING, GAP = 9.0, 14.0  # inside a box; between boxes
LANE, ARROW, AIR = 11.0, 8.0, 5.0
LEAST_NAMES, MOST_LABEL = 130.0, 130.0  # width of a box at least; of a label at most


@dataclass
class _End:
    """One end of a line at its box."""

    line: int
    other: int  # index of the box at the other end
    y: float = 0.0


@dataclass
class _Row:
    """One box, from the top of the drawing down."""

    at: int  # index in the caller's order
    box: GroupBox
    ends: list[_End] = field(default_factory=list)
    top: float = 0.0
    height: float = 0.0
    name: tuple[str, ...] = ()
    note: tuple[str, ...] = ()


def group(
    boxes: Sequence[GroupBox],
    lines: Sequence[GroupLine],
    *,
    alt: str,
    heads: tuple[str, str, str],
    width: float = WIDE,
    narrow: bool = False,
) -> Chart:
    """`heads` name the columns of the table: enterprise, how it counts, held by.

    The drawing is wider than `width` (343 when `narrow`) only where there are too many lines for it.
    Raises `ValueError` for a line that leads nowhere or to itself.
    """
    for line in lines:
        if line.owner == line.of or not {line.owner, line.of} <= set(range(len(boxes))):
            raise ValueError(f"a line from box {line.owner} to box {line.of} of {len(boxes)}")
    wide = NARROW if narrow else width
    if len(boxes) > MOST_BOXES:
        return _table(boxes, lines, alt, heads, wide)
    return _diagram(boxes, lines, alt, wide)


# The diagram


def _diagram(boxes: Sequence[GroupBox], lines: Sequence[GroupLine], alt: str, width: float) -> Chart:
    rows = [_Row(at, boxes[at]) for at in _order(len(boxes), lines)]
    place = {row.at: n for n, row in enumerate(rows)}
    lanes = _lanes([(place[line.owner], place[line.of]) for line in lines])
    labels = [words.wrap(line.label, MOST_LABEL, NOTE_SIZE) for line in lines]
    label = max((words.width(part, NOTE_SIZE) for parts in labels for part in parts), default=0.0)
    beside = ARROW + AIR + label + AIR + (max(lanes, default=0) + 1) * LANE if lines else 0.0
    names = max(width - beside, LEAST_NAMES)

    for n, line in enumerate(lines):
        rows[place[line.owner]].ends.append(_End(n, other=place[line.of]))
        rows[place[line.of]].ends.append(_End(n, other=place[line.owner]))
    tall = [max(len(parts) * NOTE_LEADING + 4, 14.0) for parts in labels]
    labelled = [place[line.of] for line in lines]
    y = 0.0
    for n, row in enumerate(rows):
        y = _set(row, n, y, names, lanes, tall, labelled)
    bottom = y - GAP if rows else 0.0

    body = [_box(row, names) for row in rows]
    ends: list[list[tuple[int, _End]]] = [[] for _ in lines]
    for n, row in enumerate(rows):
        for end in row.ends:
            ends[end.line].append((n, end))
    first_lane = names + ARROW + AIR + label + AIR + LANE / 2
    for n, line in enumerate(lines):
        x = first_lane + lanes[n] * LANE
        body += _line(line, labels[n], names, x, ends[n], place[line.of])
    return draw.svg(body, max(width, names + beside), bottom, alt)


def _order(count: int, lines: Sequence[GroupLine]) -> list[int]:
    """Owners above what they hold; in a circle, the line that would close it is left out of account."""
    below: list[set[int]] = [set() for _ in range(count)]

    def reaches(start: int, goal: int) -> bool:
        seen, pending = {start}, [start]
        while pending:
            at = pending.pop()
            if at == goal:
                return True
            pending += below[at] - seen
            seen |= below[at]
        return False

    for line in lines:
        if line.arrow and not reaches(line.of, line.owner):
            below[line.owner].add(line.of)
    found: list[int] = []
    left = list(range(count))
    while left:  # of those that nobody left stands above, one that the last one holds, else the first
        free = [at for at in left if not any(at in below[other] for other in left)]
        near = [at for at in free if found and at in below[found[-1]]]
        chosen = (near or free)[0]
        found.append(chosen)
        left.remove(chosen)
    return found


def _lanes(spans: Sequence[tuple[int, int]]) -> list[int]:
    """The lane of each line, 0 the nearest to the boxes; lines of one lane share no box."""
    taken: list[list[tuple[int, int]]] = []
    found = [0] * len(spans)
    for n in sorted(range(len(spans)), key=lambda n: (abs(spans[n][0] - spans[n][1]), spans[n], n)):
        top, bottom = sorted(spans[n])
        lane = next(
            (at for at, each in enumerate(taken) if all(bottom < a or b < top for a, b in each)), len(taken)
        )
        if lane == len(taken):
            taken.append([])
        taken[lane].append((top, bottom))
        found[n] = lane
    return found


def _set(
    row: _Row,
    at: int,
    y: float,
    width: float,
    lanes: Sequence[int],
    tall: Sequence[float],
    labelled: Sequence[int],
) -> float:
    """Give the box its height and each end its place; where the next box begins."""
    room = width - 2 * PADDING
    row.name = words.wrap(row.box.name, room, SIZE, words.STRONG)
    row.note = words.wrap(row.box.note, room, NOTE_SIZE) if row.box.note else ()
    needed = 2 * PADDING + len(row.name) * LEADING + len(row.note) * NOTE_LEADING
    # Lines going up from the inner lane to the outer one, then those going down the other way:
    # so those of one box never cross each other.
    row.ends.sort(
        key=lambda end: (0, lanes[end.line], end.line) if end.other < at else (1, -lanes[end.line], end.line)
    )
    heights = [tall[end.line] if labelled[end.line] == at else 14.0 for end in row.ends]
    row.top, row.height = y, max(needed, sum(heights) + PADDING)
    place = y + (row.height - sum(heights)) / 2
    for end, high in zip(row.ends, heights, strict=True):
        end.y = place + high / 2
        place += high
    return y + row.height + GAP


def _box(row: _Row, width: float) -> str:
    box = row.box
    colour: Token = "ink"
    note: Token = "ink2"
    if box.role == "subject":
        ground = draw.rect(0, row.top, width, row.height, "brand")
        colour = note = "on-brand"
    elif box.role == "linked":
        ground = draw.hollow(0, row.top, width, row.height, "brand", line=1.6, fill="wash")
    elif box.role == "partner":
        ground = draw.hollow(0, row.top, width, row.height, "rule-strong", line=1.2, fill="paper")
    else:
        ground = draw.hollow(0, row.top, width, row.height, "rule-strong", line=1, dash="3 3")
    high = len(row.name) * LEADING + len(row.note) * NOTE_LEADING
    first = row.top + (row.height - high) / 2 + LEADING * 0.74
    name = draw.lines(PADDING, first, row.name, SIZE, LEADING, colour, words.STRONG)
    below = first + len(row.name) * LEADING - (LEADING - NOTE_LEADING)
    return ground + name + draw.lines(PADDING, below, row.note, NOTE_SIZE, NOTE_LEADING, note)


def _line(
    line: GroupLine, label: tuple[str, ...], edge: float, x: float, ends: Sequence[tuple[int, _End]], of: int
) -> list[str]:
    """From the owner's box to its lane, along it, and back to the box it holds, past the label."""
    dash = "" if line.arrow else "4 3"
    stroke: Token = "ink2"
    held = next(end for n, end in ends if n == of)
    owner = next(end for n, end in ends if n != of)
    past = edge + ARROW + AIR + max(words.width(part, NOTE_SIZE) for part in label) + AIR
    if not any(label):
        past = edge + (ARROW if line.arrow else 0.0)
    places = [(edge, owner.y), (x, owner.y), (x, held.y), (past, held.y)]
    body = [draw.path(places, stroke=stroke, width=1.2, dash=dash, closed=False)]
    if line.arrow:
        tip = [(edge, held.y), (edge + ARROW, held.y - 4), (edge + ARROW, held.y + 4)]
        body.append(draw.path(tip, fill=stroke))
    elif any(label):
        body.append(draw.line((edge, held.y), (edge + ARROW, held.y), stroke, 1.2, dash))
    first = draw.first_baseline(held.y, len(label), NOTE_SIZE, NOTE_LEADING)
    body.append(draw.lines(edge + ARROW + AIR, first, label, NOTE_SIZE, NOTE_LEADING))
    return body


# The table


def _table(
    boxes: Sequence[GroupBox],
    lines: Sequence[GroupLine],
    alt: str,
    heads: tuple[str, str, str],
    width: float,
) -> Chart:
    """A row for each enterprise in the caller's order."""
    held: list[list[str]] = [[] for _ in boxes]
    for line in lines:
        held[line.of].append(f"{boxes[line.owner].name} {line.label}".strip())
    rooms = (width * 0.38 - 12, width * 0.24 - 12, width * 0.38)
    starts = (0.0, width * 0.38, width * 0.62)
    body: list[str] = []
    y = 2.0
    rows = [([heads[0]], [heads[1]], [heads[2]])]
    rows += [([box.name], [box.note], held[n]) for n, box in enumerate(boxes)]
    for n, cells in enumerate(rows):
        is_head = n == 0
        weight = words.STRONG if is_head or boxes[n - 1].role == "subject" else words.REGULAR
        most = 1
        for start, room, texts in zip(starts, rooms, cells, strict=True):
            parts = [part for each in texts for part in words.wrap(each, room, NOTE_SIZE, weight)]
            colour: Token = "ink2" if is_head else "ink"
            body.append(draw.lines(start, y + 13, parts, NOTE_SIZE, NOTE_LEADING, colour, weight))
            most = max(most, len(parts))
        y += most * NOTE_LEADING + 9
        rule: Token = "ink" if is_head else "rule"
        body.append(draw.line((0, y - 4), (width, y - 4), rule, 1 if is_head else draw.HAIR))
    return draw.svg(body, width, y, alt)
