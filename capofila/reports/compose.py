"""The company's report as a document: cover, summary, areas, steps, annex, in reading order.

Composed once from data; `lib.render` decides how it looks. The same data give the same document.
"""

import json
import os
from collections.abc import Mapping, Sequence

from capofila.assessments.answers_file import Submission
from capofila.assessments.rules.answers import jsonable
from capofila.assessments.rules.scoring import Scores
from capofila.companies.company_file import CompanyFacts
from capofila.lib import charts
from capofila.lib.document import Attachment, Block, Chapter, Cover, Document, Labels
from capofila.reports.chapters import (
    action_map,
    actions,
    annex,
    areas,
    benchmark,
    comparison,
    dimensions,
    eu_profile,
    facts,
    glossary,
    goals,
    guide,
    next_steps,
    plan,
    profile,
    services,
    summary,
)
from capofila.reports.peers import Peers
from capofila.reports.picture import NO_LIMITS, Picture, value
from capofila.reports.rules import steps
from capofila.roadmap.planning import Roadmap
from capofila.roadmap.rules.priorities import Limits


def compose(
    submission: Submission,
    company: CompanyFacts,
    language: str,
    eu: Submission | None = None,
    hub: str | None = None,
    *,
    roadmap: Roadmap | None = None,
    limits: Limits = NO_LIMITS,
    peers: Peers | None = None,
    before: Submission | None = None,
    overrides: Mapping[str, Sequence[Block]] | None = None,
    unconfirmed: int = 0,
) -> Document:
    """The report in one language. Raises `Problem` when the instrument has no words in it.

    `eu`: answers to the Commission's questionnaire, for a chapter of their own; `hub`: who hands
    the report over (`CAPOFILA_HUB` where it is not given); `roadmap`: the one the hub keeps, else one
    is made at once within `limits`; `peers`: for the benchmark; `before`: an earlier assessment to
    compare with; `overrides`: what a consultant has written in place of a text, by its key
    (`summary`, `area.<code>.lead`, `action.<code>`); `unconfirmed`: how many answers to the
    Commission's questionnaire are implied by others and confirmed by nobody.
    """
    picture = Picture(
        company,
        submission,
        os.environ.get("CAPOFILA_HUB", "") if hub is None else hub,
        language,
        roadmap=roadmap,
        limits=limits,
        peers=peers,
        overrides=overrides or {},
    )
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
        chapters=_chapters(picture, eu, before, unconfirmed),
        cover=_cover(picture),
        stamp=submission.day,
        attachments=_attachments(picture, eu),
    )


def _chapters(
    picture: Picture, eu: Submission | None, before: Submission | None, unconfirmed: int
) -> Sequence[Chapter]:
    return [
        summary.chapter(picture),
        guide.contents(picture),
        guide.chapter(picture),
        facts.chapter(picture),
        *(found for found in [profile.chapter(picture)] if found.blocks),  # without any score there is none
        *([comparison.chapter(picture, before)] if before is not None else []),
        *areas.chapters(picture),
        *dimensions.chapters(picture),
        *benchmark.chapters(picture),
        *_to_do(picture),
        *goals.chapters(picture),
        *([eu_profile.chapter(picture, eu)] if eu is not None else []),
        annex.chapter(picture, eu, unconfirmed),
        glossary.chapter(picture),
    ]


def _to_do(picture: Picture) -> Sequence[Chapter]:
    """Actions where there are any for this instrument; else the questions worth a step."""
    if picture.road is None:
        return next_steps.chapters(picture)
    return [
        *action_map.chapters(picture),
        *actions.chapters(picture),
        *plan.chapters(picture),
        *services.chapters(picture),
    ]


def _cover(picture: Picture) -> Cover:
    say = picture.say
    after, raised = _after_first(picture)
    columns = [
        charts.CoverColumn(
            area.digits,
            value(area.score),
            value(after.areas[area.code]) if area.code in raised else None,
        )
        for area in picture.areas
    ]
    alt = say.say("cover.alt", scores=picture.score_list())
    key = "cover.key-plain"
    if raised:
        key = "cover.key" if picture.road is None else "cover.key-actions"
    return Cover(
        hub=picture.hub or say.say("cover.hub"),
        day=say.day(picture.submission.day) if picture.submission.day else "",
        title=picture.company.name,
        subtitle=say.say("cover.subtitle"),
        chart=charts.cover(columns, alt=alt) if picture.five_levels else None,
        alt=alt,
        key=[say.say(key, areas=say.count("area", len(columns)))] if picture.five_levels else [],
    )


def _after_first(picture: Picture) -> tuple[Scores, set[str]]:
    """The scores after what comes first, and the areas it raises."""
    if picture.road is None:
        first = steps.spread(picture.steps, summary.FIRST, per_area=1)
        return picture.scores_after(first), {step.question.area for step in first}
    after = plan.scores_after(picture.road, picture.road.now)
    lifted = {area.code for area in picture.areas if after.areas[area.code].value != area.score.value}
    return after, lifted


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
