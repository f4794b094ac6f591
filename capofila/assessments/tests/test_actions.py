import uuid
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection

from capofila.assessments import actions, queries
from capofila.assessments.actions import Receipt, Said, Who
from capofila.assessments.models import AnswerEntry, Assessment
from capofila.assessments.tests.entries import ALICE, OTHER_QUESTION, QUESTION, make_assessment, said
from capofila.companies.tests.builders import NOON, make_company
from capofila.lib.problems import Problem, Refused

pytestmark = pytest.mark.django_db


def receive(assessment: Assessment, *entries: Said, who: Who = ALICE, at: datetime = NOON) -> Receipt:
    return actions.receive(assessment, list(entries), who=who, at=at)


def test_an_assessment_is_pinned_to_the_newest_version_when_it_starts() -> None:
    assessment = make_assessment(instrument="digital-maturity")

    assert assessment.name == "digital-maturity@1.0"
    assert assessment.state == Assessment.State.DRAFT


@pytest.mark.parametrize("profile", ["", "farming"])
def test_a_profile_that_the_questionnaire_does_not_have_is_refused(profile: str) -> None:
    with pytest.raises(actions.UnknownProfile):
        make_assessment(profile=profile)


def test_an_instrument_that_is_not_known_is_refused() -> None:
    with pytest.raises(Problem) as refused:
        make_assessment(instrument="digital-maturty")

    assert refused.value.code == "instrument.unknown"


def test_what_was_received_is_what_holds() -> None:
    assessment = make_assessment()

    receive(
        assessment,
        said(4, note="Seen on the screen"),
        said(question=OTHER_QUESTION, value=None, state="not_applicable", reason="No orders"),
    )

    answers = queries.answers(assessment)
    assert (answers[QUESTION].value, answers[QUESTION].note) == (4, "Seen on the screen")
    assert answers[OTHER_QUESTION].reason == "No orders"


def test_the_same_entry_sent_twice_is_one_entry() -> None:
    assessment, entry = make_assessment(), said(3)
    receive(assessment, entry)

    again = receive(assessment, entry, at=NOON + timedelta(hours=1))

    assert again == actions.Receipt(added=(), known=(entry.id,))
    assert AnswerEntry.objects.get().received_at == NOON


def test_the_same_entry_twice_in_one_parcel_is_one_entry() -> None:
    entry = said(3)

    received = receive(make_assessment(), entry, entry)

    assert received.added == (entry.id,)


@pytest.mark.parametrize(
    "change",
    [
        {"value": 4},
        {"note": "changed"},
        {"state": "cleared", "value": None},
        {"question": OTHER_QUESTION},
        {"replaces": uuid.UUID(int=7)},
        {"device_time": NOON + timedelta(seconds=1)},
    ],
)
def test_an_id_that_comes_back_with_other_content_is_refused_with_all_that_came_along(
    change: dict[str, Any],
) -> None:
    assessment, entry = make_assessment(), said(3)
    receive(assessment, entry)

    with pytest.raises(actions.EntryTaken) as refused:
        receive(assessment, said(question=OTHER_QUESTION), replace(entry, **change))

    assert refused.value.status == 409
    assert AnswerEntry.objects.count() == 1


def test_an_id_of_another_assessment_is_refused() -> None:
    company, entry = make_company(), said(3)
    receive(make_assessment(company), entry)

    with pytest.raises(actions.EntryTaken):
        receive(make_assessment(company), entry)


def test_an_entry_from_somebody_else_with_the_same_id_is_refused() -> None:
    assessment, entry = make_assessment(), said(3)
    receive(assessment, entry)

    with pytest.raises(actions.EntryTaken):
        receive(assessment, entry, who=replace(ALICE, name="Bob"))


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (said(6), "answers.level"),
        (said("three"), "answers.level"),
        (said(True), "answers.level"),
        (said(question="str.cost"), "answers.unknown-question"),
        (said(question="str.cost", state="cleared", value=None), "assessments.unknown-question"),
        (said(None, state="not_applicable"), "answers.not-applicable-without-reason"),
        (said(None), "assessments.no-value"),
        (said(3, note="x" * 5001), "answers.note-too-long"),
    ],
)
def test_what_the_questionnaire_does_not_know_is_refused(entry: Said, code: str) -> None:
    with pytest.raises(Refused) as refused:
        receive(make_assessment(), entry)

    assert [problem.code for problem in refused.value.problems] == [code]
    assert not AnswerEntry.objects.exists()


def test_a_question_that_the_profile_does_not_show_takes_no_answer() -> None:
    with pytest.raises(Refused) as refused:
        receive(make_assessment(profile="services"), said(question="des.cad"))

    assert refused.value.problems[0].code == "answers.not-in-profile"


def test_an_answer_taken_back_leaves_the_question_unanswered_and_its_note_in_the_log() -> None:
    assessment, entry = make_assessment(), said(3)
    receive(assessment, entry)

    receive(assessment, said(None, state="cleared", note="Ask again", replaces=entry.id))

    assert queries.answers(assessment) == {}
    assert queries.current(assessment)[QUESTION].entry.note == "Ask again"


def test_two_devices_that_replace_the_same_answer_leave_both_side_by_side() -> None:
    assessment, first = make_assessment(), said(2)
    phone, tablet = said(3, replaces=first.id), said(4, replaces=first.id)
    receive(assessment, first)
    receive(assessment, phone)
    receive(assessment, tablet, at=NOON + timedelta(minutes=1))

    found = queries.current(assessment)[QUESTION]

    assert found.entry.id == tablet.id
    assert [rival.id for rival in found.rivals] == [phone.id]


def test_a_closed_assessment_takes_no_new_answer_but_still_knows_the_old_ones() -> None:
    assessment, entry = make_assessment(), said(3)
    receive(assessment, entry)
    actions.complete(assessment)

    with pytest.raises(actions.AssessmentClosed):
        receive(assessment, said(question=OTHER_QUESTION))

    assert receive(assessment, entry).known == (entry.id,)


def test_closing_twice_changes_nothing() -> None:
    assessment = make_assessment()
    actions.complete(assessment)

    assert actions.complete(assessment).state == Assessment.State.COMPLETE


def test_a_submission_carries_what_a_file_of_answers_would() -> None:
    assessment = make_assessment()
    receive(assessment, said(2))

    submission = queries.submission(assessment)

    assert (submission.name, submission.profile, submission.stage) == (
        "digital-maturity@1.0",
        "manufacturing",
        "T0",
    )
    assert submission.answers[QUESTION].value == 2


def test_answers_to_every_scored_type_come_back_as_they_were() -> None:
    assessment = make_assessment(instrument="eu-dma-sme@1.0", profile="")
    receive(
        assessment,
        said({"1": ["plan"]}, question="q1"),
        said(["2", "5"], question="q2"),
        said({"1": 4}, question="q4"),
        said({"1": "partly"}, question="q11"),
    )

    answers = queries.answers(assessment)

    assert answers["q1"].value == {"1": ("plan",)}
    assert answers["q2"].value == ("2", "5")
    assert answers["q4"].value == {"1": 4}
    assert answers["q11"].value == {"1": "partly"}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE assessments_answerentry SET value = '5'",
        "DELETE FROM assessments_answerentry",
        "INSERT OR REPLACE INTO assessments_answerentry SELECT * FROM assessments_answerentry",
    ],
)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="written for SQLite")
def test_the_database_refuses_to_change_or_remove_an_answer(statement: str) -> None:
    receive(make_assessment(), said(3))

    with pytest.raises(IntegrityError, match="neither changed nor removed"), connection.cursor() as cursor:
        cursor.execute(statement)


def test_no_answer_is_changed_or_removed_through_django_either() -> None:
    receive(make_assessment(), said(3))

    with pytest.raises(IntegrityError):
        AnswerEntry.objects.update(note="changed")


def test_the_triggers_are_there_after_all_migrations() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT DISTINCT trigger_name FROM information_schema.triggers")
        triggers = {name for (name,) in cursor.fetchall()}

    suffixes = {"no_update", "no_delete"} if connection.vendor == "sqlite" else {"no_change"}
    assert {f"assessments_answerentry_{suffix}" for suffix in suffixes} <= triggers


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "answered", "value": None},
        {"state": "not_applicable", "value": None, "reason": ""},
        {"state": "not_applicable", "value": 3, "reason": "no orders"},
        {"state": "cleared", "value": 3},
        {"state": "perhaps"},
        {"role": "stranger"},
    ],
)
def test_the_database_itself_refuses_an_entry_that_says_nothing(wrong: dict[str, Any]) -> None:
    assessment = make_assessment()
    sound = {
        "question": QUESTION,
        "state": "answered",
        "value": 3,
        "role": "company",
        "device_time": NOON,
        "received_at": NOON,
    }

    with pytest.raises(IntegrityError):
        AnswerEntry.objects.create(id=uuid.uuid4(), assessment=assessment, **{**sound, **wrong})


def test_an_entry_cannot_replace_itself() -> None:
    entry = said(3)

    with pytest.raises(IntegrityError):
        receive(make_assessment(), replace(entry, replaces=entry.id))
