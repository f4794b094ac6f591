"""What is done from the desk: fill the demonstration, begin a visitor's questionnaire."""

import uuid
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from capofila.assessments import actions as assessments
from capofila.assessments import answers_file
from capofila.assessments import queries as stored
from capofila.assessments.answers_file import Submission
from capofila.assessments.models import Assessment
from capofila.companies import actions as companies
from capofila.companies import company_file, group_file, group_queries, group_upload
from capofila.companies.company_file import CompanyFacts
from capofila.companies.models import Company
from capofila.consortium import access
from capofila.consortium.access import Who
from capofila.consortium.models import Partner
from capofila.desk import QUESTIONNAIRE, demo, personas
from capofila.instruments import library
from capofila.roadmap import actions as planning
from capofila.roadmap import queries as roadmaps
from capofila.roadmap.goals import goals
from capofila.roadmap.rules.priorities import Limits

DEMO_ID = uuid.UUID("3f1f5b9e-6f5c-4a51-9c5e-0d1f6a8c2b70")


@transaction.atomic
def fill_demonstration(*, at: datetime) -> Assessment:
    """Enter the hub, its people and the invented company with its closed assessments.

    What is there already stays as it is.
    """
    partners = personas.found(at=at)
    facts = company_file.read(demo.COMPANY_FILE, goals())
    company = Company.objects.filter(vat=facts.vat, is_demo=True).first()
    if company is None:
        company = companies.register(facts, at=at, is_demo=True)
    personas.settle(company, partners)
    _enter_group(company, at=at)
    for file in demo.ANSWERS_FILES:
        enter_answers(company, file, at=at)
    assessment = stored.newest(company, [QUESTIONNAIRE])
    assert assessment is not None
    _plan(assessment, at=at)
    return assessment


def _plan(assessment: Assessment, *, at: datetime) -> None:
    """A roadmap within the invented company's means, with a few actions under way, unless there is one."""
    if roadmaps.newest(assessment) is not None:
        return
    deed = planning.Deed(personas.consultant(), at)
    planning.make(assessment, deed)
    first, second, *_others = roadmaps.first(assessment)
    for action, state in ((first, "done"), (second, "begun")):
        planning.record_progress(assessment, action, state, on=demo.TODAY, by=deed.by, at=at)
    planning.set_limits(assessment, Limits(demo.BUDGET_CENTS, demo.DAYS_PER_QUARTER), deed)


def _enter_group(company: Company, *, at: datetime) -> None:
    """Who holds what of whom, unless something of it is there."""
    if group_queries.known(company).own is not None:
        return
    file = group_file.read(demo.GROUP_FILE)
    group_upload.enter(
        company, file, lambda member: True, reason=demo.GROUP_FILE.name, by=personas.consultant(), at=at,
        on=demo.TODAY,
    )  # fmt: skip


@transaction.atomic
def enter_answers(company: Company, file: Path, *, at: datetime) -> Assessment:
    """The assessment of an answers file, answered and closed, unless the company has one of its stage."""
    submission = answers_file.read(file)
    stage = submission.stage or Assessment.Stage.T0
    if (standing := stored.newest(company, [submission.instrument.code], stage)) is not None:
        return standing
    assessment = assessments.start(
        company,
        submission.instrument.name,
        profile=submission.profile or "",
        on=submission.day or demo.TODAY,
        at=at,
        stage=stage,
        consultant=demo.CONSULTANT,
    )
    author = assessments.Author("consultant", name=demo.CONSULTANT)
    assessments.receive(assessment, _entries(assessment, submission, at=at), author=author, at=at)
    return assessments.complete(assessment, at=at)


def _entries(assessment: Assessment, submission: Submission, *, at: datetime) -> list[assessments.Said]:
    return [
        assessments.Said(
            id=uuid.uuid5(DEMO_ID, f"{assessment.pk} {code}"),
            question=code,
            state="answered" if answer.applicable else "not_applicable",
            device_time=at,
            value=stored.as_stored(answer),
            reason=answer.reason,
            note=answer.note,
            device="demo",
        )
        for code, answer in submission.answers.items()
    ]


@transaction.atomic
def begin_questionnaire(
    *, company: str, profile: str, language: str, by: Who, on: date, at: datetime
) -> Assessment:
    """A company with a first assessment, served by the partner of who enters it: hence their rights to it."""
    facts = CompanyFacts(name=company, profile=profile, language=language)
    actor, partner = access.actor(by), Partner.objects.get(pk=by.partner or 0)
    entered = companies.register(facts, at=at, is_demo=settings.CAPOFILA_DEMO, by=actor, partner=partner)
    assessment = assessments.start(entered, QUESTIONNAIRE, profile=profile, on=on, at=at, by=actor)
    return assessments.open_to_contact(assessment, library.load(assessment.name).areas, at=at)
