import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.db.migrations.executor import MigrationExecutor

from capofila.assessments import actions, queries
from capofila.assessments.actions import Author, Outcome, Said
from capofila.assessments.models import AnswerEntry, Assessment
from capofila.assessments.tests.entries import (
    ALICE,
    BOB,
    OTHER_QUESTION,
    QUESTION,
    answer_everything,
    make_assessment,
    said,
)
from capofila.companies.tests.builders import NOON, make_company
from capofila.journal import append_only
from capofila.journal.actions import Actor
from capofila.journal.models import Entry
from capofila.lib.problems import Problem, Refused

TAKEN = ("assessments.entry-taken", 409)
pytestmark = pytest.mark.django_db


def receive(
    assessment: Assessment, *entries: Said, author: Author = ALICE, at: datetime = NOON
) -> Sequence[Outcome]:
    return actions.receive(assessment, list(entries), author=author, at=at)


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

    assert again == [Outcome(entry.id, "known", NOON)]
    assert AnswerEntry.objects.get().received_at == NOON


def test_the_same_entry_twice_in_one_parcel_is_one_entry() -> None:
    entry = said(3)

    received = receive(make_assessment(), entry, entry)

    assert [outcome.outcome for outcome in received] == ["added", "known"]


@pytest.mark.parametrize(
    "change",
    [
        {"value": 4},
        {"note": "changed"},
        {"state": "cleared", "value": None},
        {"question": OTHER_QUESTION},
        {"replaces": (uuid.UUID(int=7),)},
        {"why": "changed"},
        {"device": "tablet"},
        {"clock_offset_ms": 5},
        {"device_time": NOON + timedelta(seconds=1)},
    ],
)
def test_an_id_that_comes_back_with_other_content_is_refused_with_all_that_came_along(
    change: dict[str, Any],
) -> None:
    assessment, entry = make_assessment(), said(3)
    receive(assessment, entry)

    with pytest.raises(Refused) as refused:
        receive(assessment, said(question=OTHER_QUESTION), replace(entry, **change))

    assert [(found.code, getattr(found, "status", 422)) for found in refused.value.problems] == [TAKEN]
    assert AnswerEntry.objects.count() == 1


def test_an_id_of_another_assessment_is_refused() -> None:
    company, entry = make_company(), said(3)
    receive(make_assessment(company), entry)

    with pytest.raises(Refused, match="entry-taken"):
        receive(make_assessment(company), entry)


def test_an_entry_from_somebody_else_with_the_same_id_is_refused() -> None:
    assessment, entry = make_assessment(), said(3)
    receive(assessment, entry)

    with pytest.raises(Refused, match="entry-taken"):
        receive(assessment, entry, author=replace(ALICE, side="company"))


def test_whoever_has_another_name_by_now_still_sends_the_same_entry() -> None:
    assessment, entry = make_assessment(), said(3)
    receive(assessment, entry)

    assert receive(assessment, entry, author=replace(ALICE, name="Alice Rossi"))[0].outcome == "known"
    assert AnswerEntry.objects.get().author_name == "Alice"


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

    receive(assessment, said(None, state="cleared", note="Ask again", replaces=(entry.id,)))

    assert queries.answers(assessment) == {}
    assert queries.current(assessment)[QUESTION].entry.note == "Ask again"


def test_two_devices_that_replace_the_same_answer_leave_both_side_by_side() -> None:
    assessment, first = make_assessment(), said(2)
    phone, tablet = said(3, replaces=(first.id,)), said(4, replaces=(first.id,))
    receive(assessment, first)
    receive(assessment, phone)
    receive(assessment, tablet, at=NOON + timedelta(minutes=1))

    found = queries.current(assessment)[QUESTION]

    assert {entry.id for entry in (found.entry, *found.rivals)} == {phone.id, tablet.id}
    assert found.conflict


def test_a_closed_assessment_takes_no_new_answer_but_still_knows_the_old_ones() -> None:
    assessment, entry = make_assessment(), said(3)
    receive(assessment, entry)
    answer_everything(assessment)
    actions.complete(assessment, at=NOON)

    with pytest.raises(Refused, match="closed"):
        receive(assessment, said(question=OTHER_QUESTION))

    assert receive(assessment, entry)[0].outcome == "known"


def test_closing_twice_changes_nothing() -> None:
    assessment = make_assessment()
    answer_everything(assessment)
    actions.complete(assessment, at=NOON)

    assert actions.complete(assessment, at=NOON).state == Assessment.State.COMPLETE
    assert [found.kind for found in assessment.milestones.order_by("pk")] == ["started", "completed"]


def test_too_few_answers_complete_nothing() -> None:
    assessment = make_assessment()
    receive(assessment, said(3))

    with pytest.raises(actions.TooFewAnswers):
        actions.complete(assessment, at=NOON)

    assert Assessment.objects.get().state == Assessment.State.DRAFT


def test_an_open_conflict_is_resolved_before_completing() -> None:
    assessment, one, other = make_assessment(), said(3), said(4)
    answer_everything(assessment, but=QUESTION)
    receive(assessment, one, other)

    with pytest.raises(actions.OpenConflicts) as refused:
        actions.complete(assessment, at=NOON)

    assert refused.value.facts["questions"] == QUESTION
    receive(assessment, said(4, replaces=(one.id, other.id)))
    assert actions.complete(assessment, at=NOON).state == Assessment.State.COMPLETE


def test_what_is_not_answered_is_listed_before_completing() -> None:
    assessment = make_assessment()
    answer_everything(assessment, but=QUESTION)

    assert queries.unanswered(assessment) == [QUESTION]


def test_a_completed_assessment_is_opened_again_for_a_reason_that_stays() -> None:
    assessment = make_assessment()
    answer_everything(assessment)
    actions.complete(assessment, at=NOON)

    with pytest.raises(actions.NoReason):
        actions.reopen(assessment, " ", at=NOON)
    actions.reopen(assessment, "The accounts came later", at=NOON)

    assert receive(assessment, said(4))[0].outcome == "added"
    assert assessment.milestones.get(kind="reopened").reason == "The accounts came later"


def test_the_company_answers_only_the_areas_that_were_opened_to_it() -> None:
    assessment = make_assessment()

    with pytest.raises(Refused, match="area-not-open"):
        receive(assessment, said(3), author=BOB)
    actions.open_to_contact(assessment, ["str"], at=NOON)

    assert receive(assessment, said(3), author=BOB)[0].outcome == "added"


def test_an_area_that_the_questionnaire_does_not_have_is_not_opened() -> None:
    with pytest.raises(actions.UnknownArea):
        actions.open_to_contact(make_assessment(), ["xyz"], at=NOON)


def test_the_journal_says_who_started_completed_and_opened_again() -> None:
    by = Actor(user=None, name="Alice", role="consultant")
    assessment = make_assessment(by=by)
    answer_everything(assessment)
    actions.complete(assessment, by=by, at=NOON)
    actions.reopen(assessment, "A mistake", by=by, at=NOON)

    assert list(Entry.objects.order_by("sequence").values_list("event", flat=True)) == [
        "assessments.started",
        "assessments.completed",
        "assessments.reopened",
    ]


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


@pytest.mark.django_db(transaction=True)
def test_an_entry_that_replaced_one_before_the_release_replaces_it_after_it() -> None:
    """Migration 0003 turns one id into a list of one, and the triggers stand again."""
    before = ("assessments", "0002_entries_are_only_added")
    company = make_company()
    executor = MigrationExecutor(connection)
    executor.migrate([before])
    models = executor.loader.project_state([before]).apps
    assessment = models.get_model("assessments", "Assessment").objects.create(
        company_id=company.pk, instrument="digital-maturity", version="1.0", day=NOON, created_at=NOON
    )
    facts = {"assessment": assessment, "question": QUESTION, "state": "answered", "value": 3}
    facts |= {"role": "company", "device_time": NOON, "received_at": NOON}
    entries = models.get_model("assessments", "AnswerEntry").objects
    entries.create(id=uuid.UUID(int=1), **facts)
    entries.create(id=uuid.UUID(int=2), replaces=uuid.UUID(int=1), **facts)

    MigrationExecutor(connection).migrate(executor.loader.graph.leaf_nodes())

    found = AnswerEntry.objects.order_by("id")
    assert [row.replaces for row in found] == [[], [str(uuid.UUID(int=1))]]
    assert append_only.missing(connection) == []


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
