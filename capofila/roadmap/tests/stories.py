"""Roadmaps for tests: an answered assessment, and what a consultant does with it."""

from datetime import timedelta
from typing import Any

from capofila.assessments import actions as assessments
from capofila.assessments.models import Assessment
from capofila.assessments.tests.entries import ALICE, make_assessment, said
from capofila.companies.models import Company
from capofila.companies.tests.builders import NOON
from capofila.instruments import library as instruments
from capofila.journal.actions import Actor
from capofila.roadmap import actions, queries
from capofila.roadmap.models import Roadmap
from capofila.roadmap.next_version import Deed
from capofila.roadmap.queries import Standing
from capofila.roadmap.rules.priorities import Limits

BY = Actor(None, "Carla", "consultant")
FREE, FOLLOWER = "prd.friday-plan", "prd.job-screens"  # the second comes after the first


def deed(minutes: int = 0, **facts: Any) -> Deed:
    return Deed(BY, NOON + timedelta(minutes=minutes), **facts)


def answered(company: Company | None = None, area: str = "prd", level: int = 1, **facts: Any) -> Assessment:
    """One area low, all the others at the top: few actions, quickly planned."""
    assessment = make_assessment(company, **facts)
    instrument = instruments.load(assessment.name)
    levels = [question for question in instrument.questions if question.type == "level"]
    entries = [
        said(level if question.area == area else 5, question=question.code)
        for question in levels
        if question in instrument.applicable("manufacturing")
    ]
    assessments.receive(assessment, entries, author=ALICE, at=NOON - timedelta(hours=1))
    return assessment


def made(company: Company | None = None, **limits: Any) -> tuple[Assessment, Roadmap]:
    """A roadmap, within limits where they are given."""
    assessment = answered(company)
    row = actions.make(assessment, deed())
    if limits:
        row = actions.set_limits(assessment, Limits(**limits), deed(1))
    return assessment, row


def standing(assessment: Assessment) -> Standing:
    found = queries.standing(assessment)
    assert found is not None
    return found


def newest(assessment: Assessment) -> Roadmap:
    found = queries.newest(assessment)
    assert found is not None
    return found
