"""The second assessment shows what the first said, beside each question, and confirms none of it."""

from typing import Any

import pytest
from django.utils.translation import override

from capofila.assessments import actions, earlier, queries
from capofila.assessments.models import Assessment
from capofila.assessments.tests.entries import ALICE, answer_everything, make_assessment, said
from capofila.companies.models import Company
from capofila.companies.tests.builders import NOON, make_company

pytestmark = pytest.mark.django_db
EUROPEAN = {
    "q1": {"1": ["already", "plan"], "2": []},
    "q2": [],
    "q4": {"1": 5, "2": 0},
    "q11": {"1": "partly"},
}


def first(company: Company, *entries: Any, closed: bool = True, **facts: Any) -> Assessment:
    assessment = make_assessment(company, **facts)
    actions.receive(assessment, entries, author=ALICE, at=NOON)
    if closed:
        Assessment.objects.filter(pk=assessment.pk).update(state="complete")
    return assessment


def found(assessment: Assessment, language: str = "en") -> earlier.Earlier:
    with override(language):
        return earlier.of(assessment, language)


def test_levels_are_tags_and_the_words_around_them_are_told() -> None:
    company = make_company()
    first(company, said(2, note="On a sheet"), said(4, question="str.erp"))

    before = found(make_assessment(company, stage="T1"))

    assert before.name == "2026"
    assert before.levels == {"str.costing": 2, "str.erp": 4}
    assert before.words == {"str.costing": "On a sheet"}


def test_what_did_not_apply_is_told_with_its_reason() -> None:
    company = make_company()
    first(company, said(None, state="not_applicable", reason="No orders"))

    before = found(make_assessment(company, stage="T1"))

    assert (dict(before.levels), dict(before.words)) == ({}, {"str.costing": "not applicable: No orders"})


def test_answers_of_every_other_kind_are_told_in_the_words_of_the_questionnaire() -> None:
    company = make_company()
    instrument: dict[str, Any] = {"instrument": "eu-dma-sme", "profile": ""}
    entries = [said(value, question=code) for code, value in EUROPEAN.items()]
    first(company, *entries, **instrument)

    before = found(make_assessment(company, stage="T1", **instrument))

    assert dict(before.levels) == {}
    assert set(before.words) == set(EUROPEAN)
    assert before.words["q2"] == "nothing ticked"
    assert before.words["q1"].endswith(": –")
    assert all("already" not in text and "partly" not in text for text in before.words.values())


@pytest.mark.parametrize(
    ("stage", "other"),
    [("T0", {}), ("T1", {"closed": False}), ("T1", {"instrument": "eu-dma-sme", "profile": ""})],
)
def test_only_an_earlier_stage_by_the_same_questionnaire_and_closed_is_shown(
    stage: str, other: dict[str, Any]
) -> None:
    company = make_company()
    first(company, *([] if "instrument" in other else [said(2)]), **other)

    assert found(make_assessment(company, stage=stage)) == earlier.NOTHING


def test_a_third_assessment_shows_the_second_and_without_one_the_first() -> None:
    company = make_company()
    first(company, said(2))
    third = make_assessment(company, stage="T2")
    without = found(third)
    first(company, said(4), stage="T1")

    assert (list(without.levels.values()), list(found(third).levels.values())) == ([2], [4])


def test_nothing_of_it_is_copied() -> None:
    company = make_company()
    before = make_assessment(company)
    answer_everything(before)
    actions.complete(before, at=NOON)

    second = make_assessment(company, stage="T1")

    assert queries.answers(second) == {}
    assert second.entries.count() == 0
