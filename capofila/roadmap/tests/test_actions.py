"""Making and changing a roadmap: nothing is lost, what cannot hold is refused, the plan is proven later."""

import hashlib
import json
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction

from capofila.assessments import actions as assessments
from capofila.assessments import benchmark_freezing
from capofila.assessments.actions import TooFewAnswers
from capofila.assessments.models import Assessment
from capofila.assessments.tests.entries import ALICE, make_assessment, said
from capofila.assessments.tests.peers import INSTRUMENT, JUNE, LATER, MARCH, Peers
from capofila.companies.tests.builders import NOON
from capofila.journal.models import Entry
from capofila.lib.problems import Problem, Refused
from capofila.roadmap import actions, handing_over, library, next_version, proving, queries
from capofila.roadmap.grounds import weights_from, weights_json
from capofila.roadmap.models import (
    HubWeights,
    Progress,
    Roadmap,
    RoadmapHandover,
    RoadmapItem,
    RoadmapPlan,
)
from capofila.roadmap.rules.priorities import Limits
from capofila.roadmap.tests.stories import BY, FOLLOWER, FREE, answered, deed, made, newest, standing

pytestmark = pytest.mark.django_db
ON = NOON.date()


def starts(assessment: Assessment) -> dict[str, int | None]:
    found = standing(assessment)
    return {item.action: item.quarter for item in found.items}


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {problem.code for problem in refused.value.problems}


def test_a_roadmap_is_made_once_with_the_days_of_the_firms_size() -> None:
    assessment = answered()

    row = actions.make(assessment, deed())
    again = actions.make(assessment, deed(1))

    assert again == row
    assert (row.number, row.budget_cents, row.days_per_quarter) == (1, None, 25)
    assert starts(assessment)[FREE] == 1


def test_too_few_answers_make_no_roadmap() -> None:
    with pytest.raises(TooFewAnswers):
        actions.make(make_assessment(), deed())


def test_an_action_that_is_pinned_moves_and_the_journal_says_so() -> None:
    assessment, _ = made()

    row = actions.pin(assessment, FREE, 5, deed(1))

    assert starts(assessment)[FREE] == 5
    assert (starts(assessment)[FOLLOWER] or 0) > 5
    entry = Entry.objects.get(event="roadmap.pinned")
    assert entry.facts == {"version": row.number, "action": FREE}


def test_a_pin_that_cannot_hold_is_refused_and_the_version_stands() -> None:
    assessment, _ = made(budget_cents=0)
    before = starts(assessment)

    with pytest.raises(Refused) as refused:
        actions.pin(assessment, FREE, 2, deed(2))

    assert codes(refused) == {"roadmap.pin-budget"}
    assert starts(assessment) == before
    assert Roadmap.objects.count() == 2


def test_money_that_pins_need_cannot_be_taken_away_and_pins_stay() -> None:
    assessment, _ = made()
    actions.pin(assessment, FREE, 2, deed(1))

    with pytest.raises(Refused) as refused:
        actions.set_limits(assessment, Limits(0, 1), deed(2))

    assert codes(refused) == {"roadmap.pin-budget", "roadmap.pin-days"}
    assert newest(assessment).pins == {FREE: 2}


def test_working_it_out_again_keeps_pins_and_what_was_left_out() -> None:
    assessment, _ = made()
    actions.pin(assessment, FREE, 3, deed(1))
    actions.exclude(assessment, "prd.loss-meeting", deed(2))
    actions.set_not_relevant(assessment, "prd.handover-list", "one shift", deed(3))

    row = actions.recompute(assessment, deed(4))

    assert (row.pins, row.excluded) == ({FREE: 3}, ["prd.loss-meeting"])
    assert row.not_relevant == {"prd.handover-list": "one shift"}


def test_a_pin_waits_while_the_answers_do_not_call_for_its_action() -> None:
    assessment, _ = made()
    actions.pin(assessment, FREE, 3, deed(1))
    questions = list(library.load(assessment.name).by_code[FREE].lifts)
    better = [said(5, question=question, replaces=current(assessment, question)) for question in questions]
    assessments.receive(assessment, better, author=ALICE, at=NOON)

    row = actions.recompute(assessment, deed(2))

    assert row.pins == {FREE: 3}
    assert FREE not in starts(assessment)


def current(assessment: Assessment, question: str) -> tuple[UUID, ...]:
    return tuple(assessment.entries.filter(question=question).values_list("pk", flat=True))


def test_what_is_not_relevant_keeps_its_reason_and_the_score() -> None:
    assessment, _ = made()
    before = standing(assessment).plan.score

    actions.set_not_relevant(assessment, FREE, " we plan by hand ", deed(1))

    found = standing(assessment)
    item = next(item for item in found.items if item.action == FREE)
    assert (item.left_out, item.reason, item.quarter) == ("not-relevant", "we plan by hand", None)
    assert found.plan.score == before
    actions.set_relevant(assessment, FREE, deed(2))
    assert starts(assessment)[FREE] == 1


def test_leaving_out_what_others_need_leaves_them_out_and_says_so() -> None:
    assessment, _ = made()

    actions.exclude(assessment, FREE, deed(1))

    items = {item.action: item for item in standing(assessment).items}
    assert items[FREE].left_out == "excluded"
    assert (items[FOLLOWER].left_out, items[FOLLOWER].left_out_for) == ("prerequisite", [FREE])
    actions.include(assessment, FREE, deed(2))
    assert starts(assessment)[FOLLOWER] is not None


def test_an_action_that_has_begun_stands_in_the_first_quarter_and_takes_no_more_money() -> None:
    assessment, _ = made(budget_cents=0)
    assert starts(assessment)[FREE] is None

    actions.begin(assessment, FREE, deed(2), on=ON)

    found = standing(assessment)
    item = next(item for item in found.items if item.action == FREE)
    assert (item.quarter, item.begun) == (1, True)
    assert queries.progress(assessment)[FREE].state == "begun"


def test_an_action_that_was_dropped_is_left_out_of_the_next_version() -> None:
    assessment, _ = made()
    actions.record_progress(assessment, FREE, "dropped", on=ON, note="sold the line", by=BY, at=NOON)

    actions.recompute(assessment, deed(1))

    assert starts(assessment)[FREE] is None
    assert newest(assessment).excluded == []


@pytest.mark.parametrize(("times", "quarter"), [(1, 4), (2, 3), (3, 1)])
def test_undoing_goes_one_change_back_each_time(times: int, quarter: int) -> None:
    assessment, _ = made()
    for minute, pinned in enumerate((3, 4, 5), start=1):
        actions.pin(assessment, FREE, pinned, deed(minute))

    for minute in range(times):
        actions.undo(assessment, deed(10 + minute))

    assert starts(assessment)[FREE] == quarter


def test_there_is_nothing_before_the_first_version() -> None:
    assessment, _ = made()
    actions.pin(assessment, FREE, 3, deed(1))
    actions.undo(assessment, deed(2))

    with pytest.raises(actions.NothingToUndo):
        actions.undo(assessment, deed(3))


def test_undoing_a_beginning_or_goals_takes_them_back() -> None:
    assessment, _ = made()
    actions.begin(assessment, FREE, deed(1), on=ON)
    actions.set_goals(assessment, ["skills"], deed(2))

    actions.undo(assessment, deed(3))
    actions.undo(assessment, deed(4))

    assessment.company.refresh_from_db()
    assert assessment.company.goals == []
    assert queries.progress(assessment)[FREE].state == "not-begun"
    assert newest(assessment).begun == []


def test_goals_change_the_company_and_what_comes_first() -> None:
    assessment, _ = made()
    before = [item.action for item in standing(assessment).items]

    row = actions.set_goals(assessment, ["skills", "unknown"], deed(1))

    assessment.company.refresh_from_db()
    assert (assessment.company.goals, row.goals) == (["skills"], ["skills"])
    assert [item.action for item in standing(assessment).items] != before
    assert not queries.is_outdated(row)


def test_who_looks_at_an_older_version_changes_nothing() -> None:
    assessment, row = made()
    actions.pin(assessment, FREE, 3, deed(1))

    with pytest.raises(next_version.ChangedMeanwhile):
        actions.pin(assessment, FREE, 4, deed(2, seen=row.number))

    assert newest(assessment).pins == {FREE: 3}


def test_the_proven_plan_takes_the_place_of_the_quick_one() -> None:
    assessment, row = made(budget_cents=1_000_000, days_per_quarter=20)
    assert standing(assessment).is_being_proven

    proving.prove.func(row.pk)
    proving.prove.func(row.pk)

    found = standing(assessment)
    preview = RoadmapPlan.objects.get(roadmap=row, kind="preview")
    assert found.is_proven
    assert found.plan.objective >= preview.objective
    assert RoadmapPlan.objects.filter(roadmap=row).count() == 2


def test_only_the_newest_version_is_proven() -> None:
    assessment, row = made()
    actions.pin(assessment, FREE, 3, deed(1))

    proving.prove.func(row.pk)

    assert not RoadmapPlan.objects.filter(kind="proven").exists()
    assert proving.queue_unproven() == 1


def test_a_version_knows_that_answers_have_changed() -> None:
    assessment, row = made()
    assert not queries.is_outdated(row)
    question = next(iter(library.load(assessment.name).by_code[FREE].lifts))

    entry = said(2, question=question, replaces=current(assessment, question))
    assessments.receive(assessment, [entry], author=ALICE, at=NOON.replace(hour=13))

    assert queries.is_outdated(row)


def test_a_new_freeze_counts_where_it_shows_other_figures() -> None:
    _, row = made()
    later, peers = NOON.replace(hour=13), Peers()

    benchmark_freezing.freeze(INSTRUMENT, MARCH, today=LATER, at=later)
    assert not queries.is_outdated(row)  # nobody is in it

    peers.assessed(range(200, 400, 10), on=JUNE)
    benchmark_freezing.freeze(INSTRUMENT, JUNE, today=LATER, at=later, score=peers.score)
    assert queries.is_outdated(row)


def test_the_report_is_told_the_plan_that_is_kept() -> None:
    assessment, _ = made(budget_cents=1_000_000)
    actions.pin(assessment, FREE, 4, deed(2))

    kept = queries.kept(assessment)
    assert kept is not None

    found = standing(assessment)
    assert dict(kept.plan.starts) == {item.action: item.quarter for item in found.planned}
    assert [priority.code for priority in kept.priorities] == [item.action for item in found.items]
    assert kept.choices.limits == Limits(1_000_000, None)
    assert str(kept.gain) == found.plan.gain
    assert kept.said("en").why(kept.planned()[0], kept.gains[kept.planned()[0].code])
    assert queries.kept(answered()) is None


# Handing over


def test_a_plan_that_is_not_proven_is_not_handed_over() -> None:
    assessment, row = made()

    with pytest.raises(handing_over.StillWorking):
        handing_over.hand_over(assessment, version=row.number, by=BY, at=NOON)


def test_what_is_handed_over_stays_with_its_data_and_checksum() -> None:
    assessment, row = made()
    proving.prove.func(row.pk)

    given = handing_over.hand_over(assessment, version=row.number, by=BY, at=NOON)
    again = handing_over.hand_over(assessment, version=row.number, by=BY, at=NOON)
    actions.pin(assessment, FREE, 7, deed(5))

    assert again == given
    assert hashlib.sha256(given.data.encode()).hexdigest() == given.sha256
    data = json.loads(given.data)
    assert {item["action"]: item["quarter"] for item in data["items"]}[FREE] == 1
    company_has = queries.handed_over(assessment)
    assert company_has is not None
    assert company_has.roadmap == row
    assert Entry.objects.get(event="roadmap.handed-over").facts["sha256"] == given.sha256


@pytest.mark.parametrize("model", [Roadmap, RoadmapPlan, RoadmapItem, RoadmapHandover, Progress, HubWeights])
def test_no_row_is_changed_or_removed(model: Any) -> None:
    assessment, row = made()
    proving.prove.func(row.pk)
    handing_over.hand_over(assessment, version=row.number, by=BY, at=NOON)
    actions.record_progress(assessment, FREE, "begun", on=ON, by=BY, at=NOON)
    actions.set_weights(library.default_weights(), by=BY, at=NOON)
    field = "by_name" if hasattr(model, "by_name") else "kind" if model is RoadmapPlan else "action"

    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.update(**{field: "proven"})
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.all()[:1].get().delete()


# Progress


def test_progress_is_added_and_the_last_word_counts() -> None:
    assessment, _ = made()
    actions.record_progress(assessment, FREE, "begun", on=ON, by=BY, at=NOON)
    actions.record_progress(assessment, FREE, "begun", on=ON, by=BY, at=NOON)

    actions.record_progress(assessment, FREE, "done", on=ON, note="hangs on the wall", by=BY, at=NOON)

    assert [row.state for row in queries.history(assessment, FREE)] == ["done", "begun"]
    assert queries.progress(assessment)[FREE].note == "hangs on the wall"
    assert Entry.objects.filter(event="roadmap.progress").count() == 2


def test_an_action_is_dropped_for_a_reason() -> None:
    assessment, _ = made()

    with pytest.raises(actions.NoReason):
        actions.record_progress(assessment, FREE, "dropped", on=ON, note=" ", by=BY, at=NOON)


def test_the_company_speaks_of_what_it_was_given_alone() -> None:
    assessment, row = made()

    with pytest.raises(actions.NotHandedOver):
        actions.record_progress(assessment, FREE, "begun", on=ON, by_company=True, by=BY, at=NOON)

    proving.prove.func(row.pk)
    handing_over.hand_over(assessment, version=row.number, by=BY, at=NOON)
    actions.record_progress(assessment, FREE, "begun", on=ON, by_company=True, by=BY, at=NOON)
    with pytest.raises(actions.NotHandedOver):
        actions.record_progress(assessment, "dat.enter-once", "begun", on=ON, by_company=True, by=BY, at=NOON)


def test_an_action_that_nobody_knows_is_refused() -> None:
    assessment, _ = made()

    for act in (
        lambda: actions.pin(assessment, "prd.nothing", 1, deed(1)),
        lambda: actions.record_progress(assessment, "prd.nothing", "begun", on=ON, by=BY, at=NOON),
    ):
        with pytest.raises(Problem) as problem:
            act()
        assert problem.value.code == "roadmap.unknown-action"


# Weights


def test_the_hubs_weights_hold_from_the_next_version_on() -> None:
    assessment, row = made()
    weights = weights_json(library.default_weights())
    weights["exponents"] = {"gap": 0, "relevance": 0, "peers": 0, "feasibility": 1}

    actions.set_weights(weights_from(weights), by=BY, at=NOON.replace(hour=14))

    assert queries.is_outdated(row)
    after = actions.recompute(assessment, deed(300))
    assert after.weights["exponents"]["gap"] == 0
    assert row.weights["exponents"]["gap"] == 1
    found = standing(assessment)
    assert found.items[0].priority == pytest.approx(float(Fraction(found.items[0].factors["feasibility"])))
