"""Priorities worked out by hand (docs/rules/priorities.md), and what holds for all of them."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capofila.assessments.rules import scoring
from capofila.lib.problems import Refused
from capofila.roadmap import library
from capofila.roadmap.rules.priorities import Limits, Priority, prioritise
from capofila.roadmap.rules.raising import Firm, raise_actions
from capofila.roadmap.rules.weights import FACTORS, Weights
from capofila.roadmap.tests.builders import FIRST, LIVE, RESTORE, make_answers, make_library, make_questions

QUESTIONS = make_questions()
WEIGHTS = library.default_weights()
NO_LIMITS = Limits()
SPEED = Firm(size="small", goals=("shorter-lead-times",))


def ranked(
    firm: Firm = SPEED,
    limits: Limits = NO_LIMITS,
    weights: Weights = WEIGHTS,
    peers: dict[str, Fraction] | None = None,
    **levels: int,
) -> dict[str, Priority]:
    answers = make_answers(**levels)
    scores = scoring.score(QUESTIONS, answers)
    found = raise_actions(make_library(), QUESTIONS, answers, firm).raised
    return {
        priority.code: priority
        for priority in prioritise(found, QUESTIONS, scores, firm, weights, limits=limits, peers=peers)
    }


def test_the_worked_example_of_the_documents() -> None:
    found = ranked()

    assert [(code, round(float(p.value), 4)) for code, p in found.items()] == [
        (FIRST.code, 0.2316),
        (LIVE.code, 0.1488),
        (RESTORE.code, 0.1247),
    ]
    assert found[FIRST.code].gap == 1 - Fraction(17, 32) * Fraction(51, 64)
    assert found[LIVE.code].gap == Fraction(5, 16)
    assert found[FIRST.code].feasibility == Fraction(20000, 20750) * Fraction(30, 36)
    assert found[RESTORE.code].feasibility == Fraction(20, 23) * Fraction(30, 34) * Fraction(4, 5)


def test_relevance_is_whole_for_a_goal_named_and_when_no_goal_is() -> None:
    assert [p.relevance for p in ranked().values()] == [Fraction(1, 2), 1, Fraction(1, 2)]
    assert {p.relevance for p in ranked(Firm(size="small")).values()} == {1}


def test_the_distance_from_peers_is_half_at_their_median_and_more_below_it() -> None:
    found = ranked(peers={"dat": Fraction(23, 10)})

    assert found[FIRST.code].peers == Fraction(1, 2) + Fraction(8, 10) / 8
    assert (found[LIVE.code].peers, found[LIVE.code].peers_known) == (Fraction(1, 2), False)


def test_without_peers_nothing_is_weighed_by_them() -> None:
    assert {(p.peers, p.peers_known) for p in ranked().values()} == {(Fraction(1), False)}


def test_a_withheld_area_leaves_the_question_to_speak_for_itself() -> None:
    questions = replace(QUESTIONS, min_coverage=Fraction(1))
    answers = make_answers()
    del answers["prd.scheduling"]
    scores = scoring.score(questions, answers)
    found = raise_actions(make_library(LIVE), questions, answers, SPEED).raised

    (priority,) = prioritise(found, questions, scores, SPEED, WEIGHTS)

    assert priority.gap == Fraction(1, 2) * Fraction(3, 4)


def test_a_budget_replaces_the_money_of_the_size_class() -> None:
    found = ranked(limits=Limits(budget_cents=12_000_00))

    assert found[RESTORE.code].feasibility == Fraction(1, 2) * Fraction(30, 34) * Fraction(4, 5)


def test_with_no_money_at_all_only_what_is_free_is_feasible() -> None:
    assert {p.feasibility for p in ranked(limits=Limits(budget_cents=0)).values()} == {0}


@pytest.mark.parametrize("factor", FACTORS)
def test_an_exponent_of_zero_leaves_a_factor_out_and_two_counts_it_twice(factor: str) -> None:
    for exponent in (0, 2):
        weights = replace(WEIGHTS, exponents={**WEIGHTS.exponents, factor: exponent})
        for priority in ranked(weights=weights, peers={"dat": Fraction(2)}).values():
            rest = priority.gap * priority.relevance * priority.peers * priority.feasibility
            assert priority.value == rest * priority.factors()[factor] ** (exponent - 1)


@given(
    st.dictionaries(
        st.sampled_from(["dat_login", "dat_backup", "prd_tracking", "prd_machines"]), st.integers(1, 5)
    ),
    st.sampled_from([None, "micro", "small", "medium", "small-mid-cap", "large"]),
    st.none() | st.integers(0, 10_000_000),
    st.none() | st.integers(0, 100),
    st.dictionaries(st.sampled_from(["prd", "dat"]), st.fractions(1, 5)),
)
def test_every_factor_lies_between_0_and_1(
    levels: dict[str, int], size: str | None, budget: int | None, days: int | None, peers: dict[str, Fraction]
) -> None:
    firm = Firm(size=size, goals=("security",))
    found = ranked(firm, Limits(budget, days), WEIGHTS, peers, **levels)

    for priority in found.values():
        assert all(0 <= factor <= 1 for factor in priority.factors().values())
        assert 0 <= priority.value <= 1


@given(st.integers(1, 2), st.integers(1, 4))
def test_a_lower_answer_never_makes_the_gap_smaller(low: int, other: int) -> None:
    lower, higher = ranked(dat_login=low, dat_backup=other), ranked(dat_login=low + 1, dat_backup=other)

    if FIRST.code in higher:
        assert lower[FIRST.code].gap >= higher[FIRST.code].gap


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        (("gap: 1", "gap: 5"), "weights.whole-number"),
        (("gap: 1", "gap: 0.5"), "weights.whole-number"),
        (("gap: 1, ", ""), "weights.missing-key"),
        (("open_prerequisite: 0.8", "open_prerequisite: 0"), "weights.share"),
        (("size_unknown: small", "size_unknown: tiny"), "weights.choice"),
        (("days: 10", "days: 0"), "weights.whole-number"),
        (("  micro:", "  mikro:"), "weights.unknown-key"),
    ],
)
def test_weights_that_make_no_sense_are_refused(tmp_path: Path, changed: tuple[str, str], code: str) -> None:
    text = (library.OURS / "weights.yaml").read_text(encoding="utf-8")
    assert changed[0] in text
    (tmp_path / "weights.yaml").write_text(text.replace(*changed, 1), encoding="utf-8")

    with pytest.raises(Refused) as refused:
        library.read_weights(tmp_path / "weights.yaml")

    assert code in [problem.code for problem in refused.value.problems]
