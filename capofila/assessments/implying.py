"""What a company's answers to another questionnaire imply for this one: proposals, until confirmed.

Nothing of it is stored: it is worked out of the answers as they are when the page is drawn. In words:
docs/rules/ask-once.md
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import uuid4

from django.utils.translation import gettext as _

from capofila.assessments import queries, screen
from capofila.assessments.models import Assessment
from capofila.assessments.rules import ask_once
from capofila.assessments.rules.answers import LONGEST_NOTE, Answer
from capofila.assessments.rules.ask_once import Proposal
from capofila.assessments.rules.entries import Said
from capofila.assessments.screen import Sheet
from capofila.instruments import library
from capofila.instruments.rules import implied as files
from capofila.instruments.rules.implied import Cell
from capofila.instruments.rules.shape import LEVELS, Words

WHOLE = ("ticks", "matrix")  # types in which a cell that is not ticked is answered too


@dataclass(frozen=True)
class Mark:
    """Beside one cell: what it is implied by, or that it is to ask."""

    text: str
    kind: str  # "implied", "uncertain" or "ask"
    value: bool | int | str | None = None  # of the cell; None: to ask
    by: tuple[tuple[str, int], ...] = ()  # questions of the other questionnaire, with the level that speaks


@dataclass(frozen=True)
class Implied:
    """One question: `value` is what its page starts from, as an entry keeps it.

    `asks` tells whether confirming it unseen would answer a cell that nothing implies.
    """

    code: str
    number: str  # as printed
    ask: str
    area: str
    value: Any
    note: str  # of the entry that confirms it
    marks: Mapping[tuple[str, str], Mark]  # (row, column)
    proposed: int
    uncertain: int
    asks: bool


@dataclass(frozen=True)
class Filled:
    """A whole form: how many of its `cells` are answered or implied, and how many are to ask."""

    source: Assessment
    checksum: str  # of the answers that imply
    questions: Mapping[str, Implied]
    cells: int
    filled: int
    proposed: int

    @property
    def asked(self) -> int:
        return self.cells - self.filled

    def ready(self, area: str | None = None) -> Iterator[Implied]:
        """The questions that can be confirmed together, of one area or of all."""
        for one in self.questions.values():
            if not one.asks and area in (None, one.area):
                yield one

    @property
    def first(self) -> list[Implied]:
        """The uncertain ones, to look at first."""
        return [one for one in self.questions.values() if one.uncertain]

    @property
    def to_complete(self) -> list[Implied]:
        """Those that are confirmed on their own, with the cells to ask."""
        return [one for one in self.questions.values() if one.asks]


@lru_cache(maxsize=16)
def _file(one: str, other: str) -> files.Implied | None:
    return library.implied(one, other)


def _source_of(found: Sheet) -> Assessment | None:
    """The company's newest assessment of which a file says what it implies for this one."""
    name = found.assessment.name
    return next((other for other in found.others if _file(other.name, name) is not None), None)


def of(found: Sheet) -> Filled | None:
    """What is implied and not answered; None for a closed form, or where nothing implies anything."""
    return _of(found) if found.assessment.state == Assessment.State.DRAFT else None


def unconfirmed(assessment: Assessment, language: str, source: Assessment) -> Filled | None:
    """For a report: what its own assessment, `source`, implies and nobody confirmed, of a closed form too;
    None where nothing is.

    `proposed` counts the cells, `questions` names them in the language, each with what implies it.
    """
    found = _of(screen.sheet(assessment, language), source)
    return found if found is not None and found.proposed else None


def _of(found: Sheet, source: Assessment | None = None) -> Filled | None:
    if (source := source or _source_of(found)) is None:
        return None
    if (file := _file(source.name, found.assessment.name)) is None:
        return None
    answers = queries.answers(source)
    proposals = ask_once.forward(file, library.load(source.name), answers, source.profile or None)
    if not proposals:
        return None
    spoken = library.spoken(source.name, found.language)
    cells = ask_once.cells(found.instrument)
    answered = {cell for cell in cells if _answered(found, cell)}
    questions = {}
    for question in found.applicable:
        inside = [cell for cell in cells if cell.question == question.code and cell not in answered]
        implied = [proposals[cell] for cell in inside if cell in proposals]
        if implied:
            questions[question.code] = _implied(found, inside, implied, spoken, source.profile or None)
    proposed = sum(one.proposed for one in questions.values())
    return Filled(source, _checksum(answers), questions, len(cells), len(answered) + proposed, proposed)


def _checksum(answers: Mapping[str, Answer]) -> str:
    said = [[code, one.applicable, queries.as_stored(one)] for code, one in sorted(answers.items())]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _answered(found: Sheet, cell: Cell) -> bool:
    answer = found.answers.get(cell.question)
    if answer is None:
        return False
    if found.instrument.by_code[cell.question].type in WHOLE or not isinstance(answer.value, Mapping):
        return True
    return cell.row in answer.value


def _implied(
    found: Sheet, cells: list[Cell], implied: list[Proposal], spoken: Words, profile: str | None
) -> Implied:
    question = found.instrument.by_code[cells[0].question]
    filled = ask_once.proposed_answers(found.instrument, implied)[question.code]
    value, said = queries.as_stored(filled), found.answers.get(question.code)
    before = None if said is None else queries.as_stored(said)
    if isinstance(value, dict) and isinstance(before, dict):
        value = {**value, **before}  # rows that somebody answered stay
    by_cell = {proposal.cell: proposal for proposal in implied}
    return Implied(
        question.code,
        found.numbers[question.code],
        found.of(question.code).ask,
        question.area,
        value,
        _note(implied, spoken, profile),
        {(cell.row, cell.column): _mark(by_cell.get(cell), spoken, profile) for cell in cells},
        proposed=len(implied),
        uncertain=sum(proposal.uncertain for proposal in implied),
        asks=question.type in WHOLE and len(implied) < len(cells),
    )


def _mark(proposal: Proposal | None, spoken: Words, profile: str | None) -> Mark:
    if proposal is None:
        return Mark(_("to ask"), "ask")
    sources = ", ".join(_source(*source, spoken, profile) for source in proposal.sources)
    text = _("implied by %(sources)s") % {"sources": sources}
    facts = (proposal.mark, proposal.sources)
    if proposal.uncertain:
        return Mark(_("%(implied)s; uncertain") % {"implied": text}, "uncertain", *facts)
    return Mark(text, "implied", *facts)


def _source(code: str, level: int, spoken: Words, profile: str | None) -> str:
    name = spoken.of(code, profile).short
    return _("%(question)s (level %(level)s)") % {"question": name, "level": level}


def _note(implied: list[Proposal], spoken: Words, profile: str | None) -> str:
    sources = dict.fromkeys(source for proposal in implied for source in proposal.sources)
    listed = ", ".join(_source(*source, spoken, profile) for source in sources)
    return (_("Confirmed, implied by %(sources)s.") % {"sources": listed})[:LONGEST_NOTE]


def said(one: Implied, found: Sheet, *, at: datetime, device: str) -> Said:
    """The entry that confirms what is implied for one question."""
    current = found.holding.get(one.code)
    held = current.consultant if current is not None else None
    seen = () if held is None else tuple(entry.id for entry in (held.entry, *held.rivals))
    note = held.entry.note if held is not None and held.entry.note else one.note
    return Said(
        uuid4(),
        one.code,
        "answered",
        at,
        value=one.value,
        note=note,
        replaces=tuple(sorted(seen)),
        device=device,
    )


# The way back: what a European assessment leaves of the levels


def hints(found: Sheet) -> dict[str, str]:
    """By question: which levels the company's newest closed form leaves, and its cells that say so."""
    return {one.question: _hint(one) for one in levels_left(found)}


def levels_left(found: Sheet) -> list[ask_once.Narrowed]:
    """The same for machines, in the order of the interview. A hint and no choice.

    Nothing where no other assessment of the company says anything of this one.
    """
    for form in found.others:
        file = _file(found.assessment.name, form.name)
        if file is not None and form.state == Assessment.State.COMPLETE:
            narrowed = ask_once.backward(
                file, library.load(form.name), queries.answers(form), found.instrument, found.profile
            )
            return [one for one in narrowed.values() if one.levels]
    return []


def _hint(one: ask_once.Narrowed) -> str:
    cells = ", ".join(str(cell) for cell in one.sources)
    least, most = one.levels[0], one.levels[-1]
    facts = {"cells": cells, "least": least, "most": most, "levels": ", ".join(map(str, one.levels))}
    if len(one.levels) == 1:
        return _("The European assessment leaves level %(least)s (%(cells)s).") % facts
    if most - least + 1 != len(one.levels):
        return _("The European assessment leaves the levels %(levels)s (%(cells)s).") % facts
    if most == max(LEVELS):
        return _("The European assessment leaves level %(least)s or above (%(cells)s).") % facts
    if least == min(LEVELS):
        return _("The European assessment leaves level %(most)s or below (%(cells)s).") % facts
    return _("The European assessment leaves level %(least)s to %(most)s (%(cells)s).") % facts
