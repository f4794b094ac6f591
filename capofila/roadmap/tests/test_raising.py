"""Which actions an answer raises, and what a goal requires."""

import pytest

from capofila.assessments.rules import scoring
from capofila.assessments.rules.answers import Answer
from capofila.instruments.rules.shape import Condition
from capofila.instruments.rules.shape import Test as Look
from capofila.lib.problems import Problem
from capofila.roadmap.rules.gains import gain
from capofila.roadmap.rules.raising import Firm, Rise, raise_actions
from capofila.roadmap.rules.readiness import readiness
from capofila.roadmap.rules.shape import Action, GoalPack, When
from capofila.roadmap.tests.builders import (
    FIRST,
    LIVE,
    RESTORE,
    make_action,
    make_answers,
    make_library,
    make_questions,
)  # fmt: skip

QUESTIONS = make_questions()
ANYBODY = Firm()


def raised(*actions: Action, firm: Firm = ANYBODY, **levels: int) -> list[str]:
    found = raise_actions(make_library(*actions), QUESTIONS, make_answers(**levels), firm)
    return [each.code for each in found.raised]


@pytest.mark.parametrize(("level", "called"), [(1, False), (2, True), (3, True), (4, False), (5, False)])
def test_an_action_is_raised_from_its_lowest_level_to_just_below_its_target(level: int, called: bool) -> None:
    assert (raised(LIVE, prd_tracking=level) == [LIVE.code]) == called


def test_one_question_it_lifts_is_enough() -> None:
    found = raise_actions(make_library(FIRST), QUESTIONS, make_answers(dat_backup=4), Firm())

    assert found.raised[0].rises == (Rise("dat.login", 1, 3),)


@pytest.mark.parametrize("answer", [None, Answer(reason="no computers")])
def test_what_is_unanswered_or_not_applicable_raises_nothing(answer: Answer | None) -> None:
    given = make_answers(dat_backup=4)
    given.pop("dat.login")
    if answer is not None:
        given["dat.login"] = answer

    assert raise_actions(make_library(FIRST), QUESTIONS, given, Firm()).raised == ()


@pytest.mark.parametrize(
    ("when", "firm", "called"),
    [
        (When(profiles=("trade",)), Firm(profile="trade"), True),
        (When(profiles=("trade",)), Firm(profile="services"), False),
        (When(sizes=("micro", "small")), Firm(size="small"), True),
        (When(sizes=("micro", "small")), Firm(size="large"), False),
        (When(sizes=("micro",)), Firm(), False),
        (When(goals=("energy",)), Firm(goals=("security", "energy")), True),
        (When(goals=("energy",)), Firm(goals=("security",)), False),
        (When(answers=Condition("all", (Look("prd.machines", "at_least", "3"),))), Firm(), True),
        (When(answers=Condition("all", (Look("prd.machines", "at_least", "4"),))), Firm(), False),
        (When(sizes=("small",), goals=("energy",)), Firm(size="small"), False),
    ],
)
def test_all_that_an_action_asks_must_hold(when: When, firm: Firm, called: bool) -> None:
    assert bool(raised(make_action(when=when), firm=firm)) == called


def test_what_is_not_relevant_is_removed_and_changes_no_score() -> None:
    answers = make_answers()
    before = scoring.score(QUESTIONS, answers)

    found = raise_actions(
        make_library(), QUESTIONS, answers, Firm(), not_relevant={RESTORE.code: "rented computers"}
    )

    assert [each.code for each in found.raised] == [FIRST.code, LIVE.code]
    assert found.not_relevant == {RESTORE.code: "rented computers"}
    assert scoring.score(QUESTIONS, answers) == before


def test_an_unknown_action_is_refused_with_the_nearest() -> None:
    with pytest.raises(Problem) as refused:
        raise_actions(
            make_library(), QUESTIONS, make_answers(), Firm(), not_relevant={"dat.first-acounts": "x"}
        )

    assert refused.value.code == "roadmap.unknown-action"
    assert refused.value.facts["meant"] == "dat.first-accounts"


def test_an_action_serves_a_goal_by_name_or_by_what_the_goal_still_requires() -> None:
    packs = {
        "energy": GoalPack("energy", {"prd.tracking": 4}),
        "skills": GoalPack("skills", {"prd.tracking": 2}),
    }
    firm = Firm(goals=("skills", "energy", "security"))

    found = raise_actions(make_library(), QUESTIONS, make_answers(), firm, packs).raised

    assert [each.goals for each in found] == [("security",), ("security",), ("energy",)]
    assert [(need.goal, need.level) for need in found[2].required] == [("energy", 4)]


def test_readiness_says_what_is_met_what_is_missing_and_what_nobody_asked() -> None:
    answers = make_answers()
    del answers["dat.login"]
    answers["prd.machines"] = Answer(reason="none")
    required = {"prd.scheduling": 4, "prd.tracking": 3, "dat.login": 3, "prd.machines": 2}
    pack = GoalPack("security", required, {"en": ("a written scope",)})

    found = readiness(pack, QUESTIONS, answers, None)

    assert [r.question for r in found.met] == ["prd.scheduling"]
    assert [(r.question, r.level, r.required) for r in found.below] == [("prd.tracking", 2, 3)]
    assert [r.question for r in found.unanswered] == ["dat.login"]
    assert [r.question for r in found.not_applicable] == ["prd.machines"]
    assert (found.asked, float(found.share or 0)) == (3, 1 / 3)
    assert found.missing == {"en": ("a written scope",)}


def test_a_goal_that_asks_nothing_has_no_share() -> None:
    assert readiness(GoalPack("skills"), QUESTIONS, make_answers(), None).share is None


@pytest.mark.parametrize(
    ("actions", "rise"),
    [([FIRST], 0.75), ([RESTORE], 0.5), ([LIVE], 0.25), ([FIRST, RESTORE], 1.0), ([], 0.0)],
)
def test_gains_of_one_question_are_not_counted_twice(actions: list[Action], rise: float) -> None:
    answers = make_answers()
    found = raise_actions(make_library(), QUESTIONS, answers, Firm()).raised

    assert gain(QUESTIONS, answers, None, [each for each in found if each.action in actions]) == rise
