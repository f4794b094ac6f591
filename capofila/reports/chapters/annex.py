"""Every question in the order of the interview: what was answered, noted, left out, and its effect."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from capofila.assessments.answers_file import Shown, Submission
from capofila.assessments.rules import scoring
from capofila.assessments.rules.answers import Answer
from capofila.instruments.rules.shape import LEVELS, TRISTATE, Question
from capofila.lib.document import Block, Chapter, Entries, Entry, Heading, Inline, Paragraph
from capofila.reports.picture import Area, Picture


def chapter(p: Picture, eu: Submission | None = None, unconfirmed: int = 0) -> Chapter:
    """`eu`: answers to the Commission's questionnaire, of which what was shown is listed too.

    `unconfirmed`: answers to it that are implied and that nobody has confirmed; they are not among its own.
    """
    say = p.say
    found: list[Block] = [Paragraph(say.say("annex.lead"), "lead")]
    for area in p.areas:
        if area.questions:
            title = say.say("annex.area", digits=area.digits, area=area.name)
            found += [
                Heading(title, key=f"annex.{area.code}"),
                Entries([_entry(p, area, q) for q in area.questions]),
            ]
    if eu is not None and eu.evidence:
        european = Picture(p.company, eu, p.hub, p.language)
        listed = [_shown(european, question) for question in european.shown if question.code in eu.evidence]
        found += [Heading(say.say("annex.european"), key="annex.eu"), Entries(listed)]
    if unconfirmed:
        text = say.say("annex.unconfirmed", answers=say.count("answer", unconfirmed))
        found += [Heading(say.say("annex.unconfirmed-title"), key="annex.unconfirmed"), Paragraph(text)]
    return Chapter("annex", say.say("annex.title"), found, running=say.say("annex.running"))


def _shown(eu: Picture, question: Question) -> Entry:
    """A question of the Commission's with its answer and the files given for it."""
    say, words, answer = eu.say, eu.question(question.code), eu.answer(question.code)
    known = answer is not None and answer.applicable
    mark = say.say("annex.mark-answered" if known else "annex.mark-unanswered")
    text = answer_text(eu, question, answer) if answer is not None and known else say.say("annex.no-answer")
    details = [_evidence(eu, shown) for shown in eu.submission.evidence[question.code]]
    return Entry(question.code.upper(), words.label, words.ask, None, mark, text, details)


def _entry(p: Picture, area: Area, question: Question) -> Entry:
    say, words, answer = p.say, p.question(question.code), p.answer(question.code)
    details: list[Inline] = []
    mark = "" if question.type == "level" else say.say("annex.mark-answered")
    if answer is None:
        mark, text = say.say("annex.mark-unanswered"), say.say("annex.no-answer")
        if question.scored:
            details.append(
                say.say(
                    "annex.unanswered",
                    area=area.name,
                    answered=area.score.answered,
                    applicable=area.score.applicable,
                )
            )
    elif not answer.applicable:
        mark, text = say.say("annex.mark-not-applicable"), say.say("annex.not-applicable")
        details += [say.say("annex.reason", reason=answer.reason), _effect(p, area, question)]
    else:
        text = answer_text(p, question, answer)
    if answer is not None and answer.note:
        details.append(say.say("annex.note", note=answer.note))
    details += [_evidence(p, shown) for shown in p.submission.evidence.get(question.code, ())]
    return Entry(p.numbers[question.code], words.label, words.ask, p.level(question), mark, text, details)


def _evidence(p: Picture, shown: Shown) -> str:
    """A photo or document, with the day it is from where that is known, and the checksum it is kept under."""
    say, facts = (
        p.say,
        {"name": shown.name, "received": p.say.day(shown.received_on), "sum": shown.sha256[:16]},
    )
    if shown.effective_on is None:
        return say.say("annex.evidence", **facts)
    return say.say("annex.evidence-dated", day=say.day(shown.effective_on), **facts)


def _effect(p: Picture, area: Area, question: Question) -> str:
    """What leaving a question out does: the area rests on fewer answers, and where it could have stood."""
    say = p.say
    if p.instrument.not_applicable == "zero":
        return say.say("annex.effect-zero")
    if area.score.value is None or question.type != "level":
        return say.say("annex.effect-none")
    ends = []
    for level in (LEVELS[0], LEVELS[-1]):
        answers = {**p.submission.answers, question.code: Answer(value=level)}
        found = scoring.score(p.instrument, answers, p.submission.profile).areas[area.code]
        ends.append(p.figure(found))
    count = say.count("answer", area.score.answered)
    return say.say("annex.effect", area=area.name, count=count, low=ends[0], high=ends[1])


def answer_text(p: Picture, question: Question, answer: Answer) -> str:
    """An answer in the words of the questionnaire."""
    words, value = p.question(question.code), answer.value
    if question.type == "level" and isinstance(value, int):
        return words.levels[value - 1]
    if question.type == "ticks" and isinstance(value, tuple):
        return "; ".join(words.items.get(item, item) for item in value) or p.say.say("annex.none-ticked")
    if isinstance(value, Mapping):
        rows = [
            f"{words.rows.get(row, row)}: {_cell(question, words.points, words.columns, value[row])}"
            for row in value
        ]
        return "; ".join(rows) or p.say.say("annex.none-ticked")
    if isinstance(value, date):
        return p.say.day(value)
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", p.say.decimal)
    return words.items.get(str(value), str(value)) if question.type == "choice" else str(value)


def _cell(question: Question, points: Sequence[str], columns: Mapping[str, str], cell: object) -> str:
    if isinstance(cell, tuple):
        return ", ".join(columns.get(column, column) for column in cell) or "–"
    index = cell if isinstance(cell, int) else TRISTATE.index(str(cell))
    return points[index] if points else str(cell)
