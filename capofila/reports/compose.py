"""The company's report as a document: cover, summary, areas, steps, annex, in reading order.

Composed once from data; `lib.render` decides how it looks. The same data give the same document.
"""

import json
import os
from collections.abc import Sequence

from capofila.assessments.answers_file import Submission
from capofila.assessments.rules.answers import jsonable
from capofila.companies.company_file import CompanyFacts
from capofila.lib import charts
from capofila.lib.document import Attachment, Chapter, Cover, Document, Labels
from capofila.reports.chapters import (
    annex,
    areas,
    dimensions,
    eu_profile,
    facts,
    glossary,
    guide,
    next_steps,
    profile,
    summary,
)
from capofila.reports.picture import Picture, value
from capofila.reports.rules import steps


def compose(
    submission: Submission, company: CompanyFacts, language: str, eu: Submission | None = None, hub: str = ""
) -> Document:
    """The report in one language. Raises `Problem` when the instrument has no words in it.

    `eu`: answers to the Commission's questionnaire, for a chapter of their own; `hub`: who hands
    the report over (`CAPOFILA_HUB` where it is not given).
    """
    picture = Picture(company, submission, hub or os.environ.get("CAPOFILA_HUB", ""), language)
    say = picture.say
    foot = say.say("document.foot", company=company.name)
    if submission.day is not None:
        foot = say.say("document.foot-dated", company=company.name, day=say.day(submission.day))
    return Document(
        title=say.say("document.title", company=company.name),
        author=picture.hub or say.say("cover.hub"),
        language=language,
        foot=foot,
        labels=Labels(
            page=say.template("document.page"),
            contents=say.say("contents.title"),
            not_applicable=say.say("annex.mark-not-applicable"),
        ),
        chapters=_chapters(picture, eu),
        cover=_cover(picture),
        stamp=submission.day,
        attachments=_attachments(picture, eu),
    )


def _chapters(picture: Picture, eu: Submission | None) -> Sequence[Chapter]:
    return [
        summary.chapter(picture),
        guide.contents(picture),
        guide.chapter(picture),
        facts.chapter(picture),
        profile.chapter(picture),
        *areas.chapters(picture),
        *dimensions.chapters(picture),
        *next_steps.chapters(picture),
        *([eu_profile.chapter(picture, eu)] if eu is not None else []),
        annex.chapter(picture),
        glossary.chapter(picture),
    ]


def _cover(picture: Picture) -> Cover:
    say = picture.say
    first = steps.spread(picture.steps, summary.FIRST, per_area=1)
    after = picture.scores_after(first)
    columns = [
        charts.CoverColumn(
            area.digits,
            value(area.score),
            value(after.areas[area.code]) if any(s.question.area == area.code for s in first) else None,
        )
        for area in picture.areas
    ]
    alt = say.say("cover.alt", scores=picture.score_list())
    key = "cover.key" if first else "cover.key-plain"
    return Cover(
        hub=picture.hub or say.say("cover.hub"),
        day=say.day(picture.submission.day) if picture.submission.day else "",
        title=picture.company.name,
        subtitle=say.say("cover.subtitle"),
        chart=charts.cover(columns, alt=alt) if picture.five_levels else None,
        alt=alt,
        key=[say.say(key, areas=say.count("area", len(columns)))] if picture.five_levels else [],
    )


def _attachments(picture: Picture, eu: Submission | None) -> Sequence[Attachment]:
    said = [("answers.json", picture.submission), *([("eu-answers.json", eu)] if eu else [])]
    description = picture.say.say("document.answers")
    return [
        Attachment(
            name,
            json.dumps(_as_file(submission), ensure_ascii=False, indent=2).encode(),
            "application/json",
            description,
        )
        for name, submission in said
    ]


def _as_file(submission: Submission) -> dict[str, object]:
    """The submission as an answers file of the public contract."""
    facts_ = {
        "instrument": submission.instrument.code,
        "version": submission.instrument.version,
        "profile": submission.profile,
        "stage": submission.stage,
        "date": submission.day.isoformat() if submission.day else None,
        "language": submission.language,
    }
    return {
        **{key: fact for key, fact in facts_.items() if fact is not None},
        "answers": jsonable(submission.answers),
    }
