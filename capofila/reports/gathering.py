"""What a report is written from, read from the rows of the rooms before."""

import os
from collections.abc import Iterable
from dataclasses import replace

from capofila.assessments import benchmark, implying, screen
from capofila.assessments import queries as assessments
from capofila.assessments.answers_file import Submission
from capofila.assessments.comparing import compared
from capofila.assessments.models import Assessment
from capofila.companies import queries as companies
from capofila.lib.problems import Problem, Refused
from capofila.reports import peers, text_edits
from capofila.reports.parts import Parts
from capofila.roadmap import queries as roadmaps

EU = ("eu-dma-sme", "eu-dma-pso")


def gathered(assessment: Assessment, language: str) -> Parts:
    """As everything stands now."""
    eu = assessments.newest(assessment.company, EU, assessment.stage)
    own = assessments.submission(assessment, with_evidence=True)
    return Parts(
        language=language,
        hub=os.environ.get("CAPOFILA_HUB", ""),
        company=companies.facts(assessment.company),
        own=own,
        eu=assessments.submission(eu, with_evidence=True) if eu is not None else None,
        before=_before(assessment, own),
        roadmap=roadmaps.kept(assessment),
        peers=peers.beside(benchmark.compared(assessment)),
        texts=text_edits.written(assessment, language),
        unconfirmed=_unconfirmed(eu, assessment, language),
    )


def in_languages(assessment: Assessment, languages: Iterable[str]) -> dict[str, Parts]:
    """The same in each of several languages, read once."""
    first, *others = dict.fromkeys(languages)
    found = {first: gathered(assessment, first)}
    for language in others:
        texts = text_edits.written(assessment, language)
        found[language] = replace(found[first], language=language, texts=texts)
    return found


def _before(assessment: Assessment, own: Submission) -> Submission | None:
    """The last closed assessment of an earlier stage, where it can be compared with this one."""
    found = screen.previous(assessment)
    if found is None:
        return None
    before = assessments.submission(found)
    try:
        compared(before, own)
    except (Problem, Refused):  # no crosswalk between their versions
        return None
    return before


def _unconfirmed(eu: Assessment | None, own: Assessment, language: str) -> int:
    """The answers to the European questionnaire that our own imply, still to be confirmed."""
    found = None if eu is None else implying.unconfirmed(eu, language, own)
    return 0 if found is None else found.proposed
