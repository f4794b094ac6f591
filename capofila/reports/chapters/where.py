"""“Where you are”: the levels chosen in an area, as many as its first page holds."""

from collections.abc import Sequence
from dataclasses import dataclass

from capofila.instruments.rules.shape import Question
from capofila.lib.document import Block, Bullets, Heading, Inline, Paragraph, Run, TextBlock
from capofila.reports.chapters import blocks
from capofila.reports.picture import Area, Picture
from capofila.reports.rules.steps import NextStep

Groups = list[tuple[str | None, list[tuple[Question, int]]]]
"""Dimension (None without dimensions) -> its answered questions with their levels."""

# What the first page of an area holds, in lines of its text column: measured on the page, not on the model.
# A second line of the title and a line of the lead cost more than one.
PAGE_LINES, TITLE_LINES, LEAD_HEIGHT = 36.5, 3.5, 1.4
LINE, LEAD_LINE, LONG_NAME = 71, 54, 22  # characters
LEAST_LINES = 12  # for the levels chosen; with fewer, the stages on the way are left out
VOICE_LINES = 16  # the text beside the narrow column has to be as long as that column with a voice in it


@dataclass(frozen=True)
class Fit:
    """What the first page of an area has room for."""

    lines: float  # for the levels chosen
    stages: bool  # whether a step from 1 to 3 shows level 2 too
    voice: bool  # whether a note stands in the narrow column


def fit(p: Picture, area: Area, steps: Sequence[NextStep], lead: TextBlock) -> Fit:
    opening = LEAD_HEIGHT * sum(_lines(text, LEAD_LINE) for text in _texts(lead))
    room = PAGE_LINES - opening - (TITLE_LINES if len(area.name) > LONG_NAME else 0)
    whole = room - _ladder(p, steps, stages=True)
    stages = whole >= LEAST_LINES
    left = whole if stages else room - _ladder(p, steps, stages=False)
    return Fit(left, stages, left >= VOICE_LINES)


def _ladder(p: Picture, steps: Sequence[NextStep], *, stages: bool) -> int:
    texts = (f"{p.question(s.question.code).label} {next_text(p, s, stages=stages)}" for s in steps)
    return sum(_lines(text, LINE) + 1 for text in texts)


def where(p: Picture, area: Area, page: Fit) -> list[Block]:
    """In the words of the levels chosen: of each dimension the most telling answers that the page holds."""
    say = p.say
    groups: Groups = [
        (code, blocks.levels(p, [question for question in area.questions if question.dimension == code]))
        for code in p.instrument.dimensions
    ] or [(None, blocks.levels(p, area.questions))]
    heads = {code: _dimension_head(p, area, code) for code, _ in groups}
    chosen: set[str] = set()
    for question, _ in _telling(groups):
        wider = chosen | {question.code}
        lines = sum(
            _lines(_head_text(heads[code]) + _quotes(p, pairs, wider), LINE) for code, pairs in groups
        )
        if not chosen or lines <= page.lines:
            chosen = wider
    texts: list[Inline] = [
        [*heads[code], quotes] for code, pairs in groups if (quotes := _quotes(p, pairs, chosen))
    ]
    return [Heading(say.say("area.where")), *(Paragraph(text) for text in texts)] if texts else []


def _dimension_head(p: Picture, area: Area, code: str | None) -> list[Run]:
    if code is None:
        return []
    score = p.scores.cells[area.code, code]
    return p.say.rich("area.dimension-lead", name=p.dimension_name(code), score=p.figure(score))


def _head_text(head: list[Run]) -> str:
    return "".join(run.text for run in head)


def _quotes(p: Picture, pairs: list[tuple[Question, int]], chosen: set[str]) -> str:
    """The chosen levels of one dimension, in the order of the interview."""
    return " ".join(blocks.quoted(p, question, level) for question, level in pairs if question.code in chosen)


def _telling(groups: Groups) -> list[tuple[Question, int]]:
    """Which answers to tell first: the lowest of each dimension, then the highest, then the others."""
    lowest = [min(pairs, key=lambda pair: pair[1]) for _, pairs in groups if pairs]
    highest = [max(pairs, key=lambda pair: pair[1]) for _, pairs in groups if pairs]
    return list(dict.fromkeys([*lowest, *highest, *(pair for _, pairs in groups for pair in pairs)]))


def _texts(lead: TextBlock) -> list[str]:
    """A consultant's own words may come with lists."""
    return [
        _plain(text)
        for block in lead.blocks
        for text in (
            [block.text]
            if isinstance(block, Paragraph)
            else block.items
            if isinstance(block, Bullets)
            else []
        )
    ]


def _plain(text: Inline) -> str:
    return (
        text if isinstance(text, str) else "".join(run if isinstance(run, str) else run.text for run in text)
    )


def _lines(text: str, width: int) -> int:
    return -(-len(text) // width)


def next_text(p: Picture, step: NextStep, *, stages: bool) -> str:
    """What the level to reach looks like, and the stage on the way where there is one and it is asked."""
    text = blocks.level_text(p, step.question, step.target)
    if not stages or step.target == step.level + 1:
        return text
    stage = blocks.level_text(p, step.question, step.level + 1)
    return p.say.say("area.stage", text=text, level=step.level + 1, stage=stage)
