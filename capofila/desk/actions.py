"""What is done from the desk: fill the demonstration, begin a visitor's questionnaire."""

import uuid
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from capofila.assessments import actions as assessments
from capofila.assessments import answers_file
from capofila.assessments import queries as stored
from capofila.assessments.answers_file import Submission
from capofila.assessments.models import AnswerEntry, Assessment
from capofila.assessments.rules import scoring
from capofila.companies import actions as companies
from capofila.companies import company_file
from capofila.companies.company_file import CompanyFacts
from capofila.companies.models import Company
from capofila.desk import QUESTIONNAIRE, demo
from capofila.lib.problems import Problem, gettext_noop
from capofila.roadmap.goals import goals

DEMO_ID = uuid.UUID("3f1f5b9e-6f5c-4a51-9c5e-0d1f6a8c2b70")


@transaction.atomic
def fill_demonstration(*, at: datetime) -> Assessment:
    """Enter the invented company with its closed assessments; what is there already stays as it is."""
    facts = company_file.read(demo.COMPANY_FILE, goals())
    company = Company.objects.filter(vat=facts.vat, is_demo=True).first()
    if company is None:
        company = companies.register(facts, at=at, is_demo=True)
    for file in demo.ANSWERS_FILES:
        _enter(company, file, at=at)
    assessment = stored.newest(company, [QUESTIONNAIRE])
    assert assessment is not None
    return assessment


def _enter(company: Company, file: Path, *, at: datetime) -> None:
    """The assessment of an answers file, answered and closed, unless the company has it."""
    submission = answers_file.read(file)
    if stored.newest(company, [submission.instrument.code]) is not None:
        return
    assessment = assessments.start(
        company,
        submission.instrument.name,
        profile=submission.profile or "",
        on=submission.day or demo.TODAY,
        at=at,
        consultant=demo.CONSULTANT,
    )
    who = assessments.Who(role=AnswerEntry.Role.CONSULTANT, name=demo.CONSULTANT, device="demo")
    assessments.receive(assessment, _entries(submission, at=at), who=who, at=at)
    assessments.complete(assessment)


def _entries(submission: Submission, *, at: datetime) -> list[assessments.Said]:
    return [
        assessments.Said(
            id=uuid.uuid5(DEMO_ID, f"{submission.instrument.name} {code}"),
            question=code,
            state="answered" if answer.applicable else "not_applicable",
            device_time=at,
            value=stored.as_stored(answer),
            reason=answer.reason,
            note=answer.note,
        )
        for code, answer in submission.answers.items()
    ]


class TooFewAnswers(Problem):
    """Too little is answered for an overall score, and so for a report."""


def check_enough_for_a_report(submission: Submission) -> None:
    """Raise `TooFewAnswers` below the coverage that the questionnaire states."""
    overall = scoring.score(submission.instrument, submission.answers, submission.profile).overall
    if overall.value is None:
        raise TooFewAnswers(
            "desk.too-few-answers",
            gettext_noop(
                "No report was made: {answered} of {applicable} questions are answered. "
                "Answer more of them first."
            ),
            answered=overall.answered,
            applicable=overall.applicable,
        )


@transaction.atomic
def begin_questionnaire(*, company: str, profile: str, language: str, on: date, at: datetime) -> Assessment:
    """A visitor's own company and a first assessment of it."""
    facts = CompanyFacts(name=company, profile=profile, language=language)
    entered = companies.register(facts, at=at, is_demo=True)
    return assessments.start(entered, QUESTIONNAIRE, profile=profile, on=on, at=at)
