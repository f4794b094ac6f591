"""The Commission's assessment beside ours: six dimensions from 0 to 100, and what each question brings."""

from fractions import Fraction

from capofila.assessments.answers_file import Submission
from capofila.assessments.rules import scoring
from capofila.lib.document import (
    Block,
    Bullets,
    Callout,
    Chapter,
    Column,
    Figure,
    Heading,
    Inline,
    Paragraph,
    Table,
)
from capofila.reports.chapters import blocks
from capofila.reports.phrases import hundredths
from capofila.reports.picture import Picture

POINTS = 10  # that each part of a question is worth


def chapter(p: Picture, submission: Submission) -> Chapter:
    """`p` is the company's own picture; the Commission's scores come from `submission`."""
    eu = Picture(p.company, submission, p.hub, p.language)
    say, overall = p.say, eu.scores.overall
    title = (
        say.say("eu.title-few") if overall.value is None else say.say("eu.title", score=eu.figure(overall))
    )
    alt = say.say("eu.alt", scores=eu.score_list())
    rows = [(area.digits, area.name, area.score) for area in eu.areas]
    found: list[Block] = [
        Paragraph(say.say("eu.lead", questions=say.count("question", len(eu.instrument.questions))), "lead"),
        Paragraph(_text(p, eu)),
        Heading(say.say("eu.dimensions")),
        Figure(blocks.bars(eu, rows, alt, ordered=False), alt, _bands(eu)),
        _scores(p, eu),
        Heading(say.say("eu.questions")),
        Paragraph(say.say("eu.questions-text")),
        _questions(p, eu),
        Callout(say.say("eu.caution"), [Bullets(_cautions(eu))]),
    ]
    if p.scores.overall.value is not None:
        own = p.figure(p.scores.overall)
        found.append(Paragraph(say.say("eu.two", own=own, top=f"{float(p.instrument.high):g}")))
    return Chapter("eu", title, found, running=say.say("eu.running"))


def _text(p: Picture, eu: Picture) -> Inline:
    say, overall = p.say, eu.scores.overall
    if overall.value is None or len(eu.ranked) < 2:
        missing = [area.name for area in eu.areas if area.score.value is None]
        return say.say("eu.incomplete", areas=say.listed(missing))
    high, low = eu.ranked[0], eu.ranked[-1]
    return say.rich(
        "eu.summary",
        score=eu.figure(overall),
        band=eu.band_name(overall),
        high=high.name,
        high_score=eu.figure(high.score),
        low=low.name,
        low_score=eu.figure(low.score),
    )


def _bands(eu: Picture) -> str:
    bands = [
        f"{eu.words.names[band.code]} {eu.say.number_plain(band.low)}–{eu.say.number_plain(band.high)}"
        for band in eu.instrument.bands.bands
    ]
    return eu.say.say("eu.bands", bands=eu.say.listed(bands))


def _scores(p: Picture, eu: Picture) -> Table:
    say = p.say
    columns = [
        Column(say.say("column.dimension"), 1.4),
        Column(say.say("column.answered"), 0.5, figures=True),
        Column(say.say("column.score"), 0.5, figures=True),
        Column(say.say("column.band"), 0.8),
    ]
    rows: list[list[Inline]] = [
        [
            f"{area.digits} {area.name}",
            f"{area.score.answered}/{area.score.applicable}",
            eu.figure(area.score),
            eu.band_name(area.score),
        ]
        for area in eu.areas
    ]
    overall = eu.scores.overall
    foot: list[Inline] = [
        say.say("steps.overall"),
        f"{overall.answered}/{overall.applicable}",
        eu.figure(overall),
        eu.band_name(overall),
    ]
    return Table(columns, rows, say.say("eu.caption"), foot=foot, dense=True)


def _questions(p: Picture, eu: Picture) -> Table:
    say = p.say
    parts = scoring.shares(eu.instrument, eu.submission.answers, eu.submission.profile)
    rows: list[list[Inline]] = []
    for question in eu.shown:
        found = parts[question.code]
        worth = POINTS * (len(question.columns) or 1)
        points = "–" if found is None else say.number(hundredths(sum(found, Fraction(0)) * POINTS))
        rows.append([question.code.upper(), eu.question(question.code).ask, points, str(worth)])
    columns = [
        Column("", 0.14),
        Column(say.say("column.question"), 1.6),
        Column(say.say("column.points"), 0.24, figures=True),
        Column(say.say("column.of"), 0.16, figures=True),
    ]
    return Table(columns, rows, say.say("eu.questions-caption"), dense=True)


def _cautions(eu: Picture) -> list[Inline]:
    return [eu.say.say("eu.caution-plans"), eu.say.say("eu.caution-need")]
