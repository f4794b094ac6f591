"""Assessments for tests, with the questionnaire and what people say in it."""

import uuid
from typing import Any

from capofila.assessments import actions, queries
from capofila.assessments.actions import Author, Said
from capofila.assessments.models import Assessment
from capofila.companies.models import Company
from capofila.companies.tests.builders import NOON, make_company

QUESTIONNAIRE = "digital-maturity@1.0"
QUESTION, OTHER_QUESTION = "str.costing", "str.erp"
ALICE = Author("consultant", name="Alice")
BOB = Author("company", name="Bob")


def make_assessment(company: Company | None = None, **facts: Any) -> Assessment:
    chosen = {"profile": "manufacturing", "on": NOON.date(), "at": NOON, **facts}
    instrument = chosen.pop("instrument", QUESTIONNAIRE)
    return actions.start(company or make_company(), instrument, **chosen)


def said(value: object = 3, **facts: Any) -> Said:
    """One answer, at level 3 unless the test says otherwise."""
    chosen: dict[str, Any] = {
        "id": uuid.uuid4(),
        "question": QUESTION,
        "state": "answered",
        "device_time": NOON,
        "value": value,
        "device": "phone",
        **facts,
    }
    return Said(**chosen)


def answer_everything(assessment: Assessment, but: str = "") -> None:
    """Level 3 to every question shown that has no answer yet, except `but`."""
    missing = [code for code in queries.unanswered(assessment) if code != but]
    actions.receive(assessment, [said(question=code) for code in missing], author=ALICE, at=NOON)
