"""The table of contents, and how to read the report: levels, bands, dimensions, marks."""

from capofila.instruments.rules.shape import LEVELS
from capofila.lib import charts
from capofila.lib.document import (
    Block,
    Bullets,
    Chapter,
    Contents,
    Figure,
    Heading,
    Paragraph,
    Step,
    Steps,
)
from capofila.reports.picture import Picture


def contents(p: Picture) -> Chapter:
    title = p.say.say("contents.title")
    return Chapter("contents", title, [Contents()], running=title, in_contents=False)


def chapter(p: Picture) -> Chapter:
    say = p.say
    found: list[Block] = [Paragraph(say.say("guide.lead"), "lead")]
    if any(question.type == "level" for question in p.shown):
        found += [Heading(say.say("guide.levels")), Paragraph(say.say("guide.levels-text")), _levels(p)]
    if p.instrument.bands.bands:
        found += [Heading(say.say("guide.bands")), Paragraph(say.say("guide.bands-text")), *_bands(p)]
    if p.instrument.dimensions:
        found += [Heading(say.say("guide.dimensions")), _dimensions(p)]
    marks = [
        say.say("guide.marks-numbers"),
        say.say("guide.marks-next"),
        say.say("guide.marks-not-applicable"),
    ]
    if p.instrument.min_coverage:
        marks.append(say.say("guide.marks-withheld", share=say.percent(float(p.instrument.min_coverage))))
    found += [Heading(say.say("guide.marks")), Bullets(marks)]
    return Chapter("guide", say.say("guide.title"), found, running=say.say("guide.running"))


def _levels(p: Picture) -> Steps:
    say = p.say
    return Steps(
        [
            Step(level, say.say(f"guide.level-{level}"), say.say(f"guide.level-{level}-text"))
            for level in LEVELS
        ]
    )


def _bands(p: Picture) -> list[Block]:
    """The bands as a strip with their edges; as a list where there are too many to draw."""
    bands = p.instrument.bands.bands
    names = [p.words.names[band.code] for band in bands]
    if p.bands is None:
        return [
            Bullets(
                [
                    f"{name}: {p.say.number_plain(b.low)} – {p.say.number_plain(b.high)}"
                    for name, b in zip(names, bands, strict=True)
                ]
            )
        ]
    return [Figure(charts.band_key(names, p.bands, locale=p.locale), p.say.say("guide.bands-caption"))]


def _dimensions(p: Picture) -> Bullets:
    return Bullets(
        [
            p.say.rich("guide.dimension", name=p.dimension_name(code), about=p.words.about.get(code, ""))
            for code in p.instrument.dimensions
        ]
    )
