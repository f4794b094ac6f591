"""When a value is an answer, and which code a refusal has."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capofila.assessments.rules import scoring
from capofila.assessments.rules.answers import Answer, jsonable, read_answers
from capofila.assessments.tests.builders import SME, everything
from capofila.instruments.rules.shape import Instrument
from capofila.instruments.tests.builders import read_small
from capofila.lib import sources
from capofila.lib.problems import Problem

SMALL = read_small()
SCALE_MISTAKES: list[object] = [-1, 6, 2.5, "3", True, "often"]
TRISTATE_MISTAKES: list[object] = ["Yes", "maybe", True, 1, []]


def read(
    answers: object, profile: str | None = "workshop", instrument: Instrument = SMALL
) -> tuple[dict[str, Answer], list[Problem]]:
    problems: list[Problem] = []
    tree = sources.parse_json(json.dumps(answers), "a.json", problems)
    return read_answers(tree, "a.json", instrument, profile, problems), problems


def codes(answers: object, profile: str | None = "workshop", instrument: Instrument = SMALL) -> list[str]:
    return [problem.code for problem in read(answers, profile, instrument)[1]]


@pytest.mark.parametrize(
    ("code", "written", "value"),
    [
        ("ord.plan", 3, 3),
        ("ord.plan", 3.0, 3),
        ("ord.ways", ["2", "1"], ("1", "2")),
        ("ord.ways", [], ()),
        ("mac.money", {"2": ["plan", "already"], "1": []}, {"1": (), "2": ("already", "plan")}),
        ("mac.money", {}, {}),
        ("mac.skill", {"1": 0, "2": 5.0}, {"1": 0, "2": 5}),
        ("mac.rules", {"2": "no", "1": "yes"}, {"1": "yes", "2": "no"}),
        ("mac.rules", {"1": "partly", "2": None}, {"1": "partly"}),
        ("who.staff", 42, 42),
        ("who.says", "Anna", "Anna"),
        ("who.kind", "group", "group"),
    ],
)
def test_a_value_is_read_by_the_type_of_its_question(code: str, written: object, value: object) -> None:
    bare, problems = read({code: written})
    full, more = read({code: {"value": written, "note": "so it was"}})

    assert (problems, more) == ([], [])
    assert bare == {code: Answer(value)}  # type: ignore[arg-type]
    assert full == {code: Answer(value, note="so it was")}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "written", [None, {}, {"value": None}, {"note": "?"}, {"value": None, "not_applicable": None}]
)
def test_null_and_absence_are_unanswered(written: object) -> None:
    assert read({"ord.plan": written}) == ({}, [])


def test_a_reason_makes_a_question_not_applicable() -> None:
    given, problems = read({"mac.care": {"not_applicable": "no machines", "note": "since 2020"}})

    assert (given, problems) == ({"mac.care": Answer(reason="no machines", note="since 2020")}, [])


@pytest.mark.parametrize(
    ("code", "written", "problem"),
    [
        *[
            ("ord.plan", value, "answers.level")
            for value in (0, 6, -1, 2.5, "3", "three", True, False, [3], 1e30)
        ],
        *[("ord.ways", value, "answers.type") for value in ("1", 1, True)],
        ("ord.ways", {"1": True}, "answers.unknown-key"),
        ("ord.ways", ["4"], "answers.unknown-item"),
        ("ord.ways", [1], "answers.type"),
        ("ord.ways", [["1"]], "answers.type"),
        ("ord.ways", ["1", "1"], "answers.duplicate-code"),
        ("mac.money", ["1"], "answers.type"),
        ("mac.money", {"3": ["plan"]}, "answers.unknown-row"),
        ("mac.money", {"1": ["done"]}, "answers.unknown-item"),
        ("mac.money", {"1": "plan"}, "answers.type"),
        ("mac.money", {"1": ["plan", "plan"]}, "answers.duplicate-code"),
        *[("mac.skill", {"1": value}, "answers.scale") for value in SCALE_MISTAKES],
        ("mac.skill", 3, "answers.type"),
        ("mac.skill", {"3": 1}, "answers.unknown-row"),
        *[("mac.rules", {"1": value}, "answers.tristate") for value in TRISTATE_MISTAKES],
        ("mac.rules", "yes", "answers.type"),
        ("who.staff", "42", "answers.type"),
        ("who.staff", 4.2, "answers.type"),
        ("who.share", "4.2", "answers.type"),
        ("who.says", 4, "answers.type"),
        ("who.says", "x" * 5001, "answers.type"),
        ("who.since", "2026-02-30", "answers.type"),
        ("who.since", "2026-W09-1", "answers.type"),
        ("who.kind", "friends", "answers.unknown-item"),
        ("ord.plam", 3, "answers.unknown-question"),
        ("ord.plan", {"value": 3, "not_applicable": "no orders"}, "answers.value-and-not-applicable"),
        *[
            ("ord.plan", {"not_applicable": reason}, "answers.not-applicable-without-reason")
            for reason in ("", "  \t", None, True, 1, ["why"])
        ],
        ("ord.plan", {"value": 3, "remark": "x"}, "answers.unknown-key"),
        ("ord.plan", {"value": 3, "note": 4}, "answers.type"),
        ("ord.plan", {"value": 3, "note": "x" * 5001}, "answers.note-too-long"),
        ("ord.plan", {"not_applicable": "x" * 5001}, "answers.note-too-long"),
        ("ord.plan", {"value": {"value": 3}}, "answers.level"),
    ],
)
def test_a_value_that_is_no_answer_is_refused(code: str, written: object, problem: str) -> None:
    assert codes({code: written}) == [problem]


def test_a_question_that_does_not_exist_is_answered_with_the_nearest() -> None:
    (problem,) = read({"mac.monye": {}})[1]

    assert problem.facts["meant"] == "mac.money"


def test_every_wrong_answer_is_reported_at_once() -> None:
    assert codes({"ord.plan": 6, "ord.ways": ["4", "5"], "mac.care": {"not_applicable": ""}}) == [
        "answers.level", "answers.unknown-item", "answers.unknown-item",
        "answers.not-applicable-without-reason",
    ]  # fmt: skip


@pytest.mark.parametrize("written", [3, {"value": 3}, {"not_applicable": "no machines"}])
def test_an_answer_to_a_question_the_profile_does_not_show_is_refused(written: object) -> None:
    assert codes({"mac.care": written}, "office") == ["answers.not-in-profile"]
    assert codes({"mac.care": written}, "workshop") == []


def test_a_null_for_a_question_the_profile_does_not_show_is_no_answer() -> None:
    assert codes({"mac.care": None}, "office") == []


def test_the_commission_knows_no_not_applicable() -> None:
    assert codes({"q6": {"not_applicable": "no staff"}}, None, SME) == ["answers.not-applicable-refused"]


def test_answers_are_kept_in_the_order_of_the_instrument() -> None:
    given, _ = read({"mac.care": 1, "ord.plan": 1})

    assert list(given) == ["ord.plan", "mac.care"]


@pytest.mark.parametrize("note", ["<b>x</b>", "#import x", "\u0007\u001b[31m", "*x* $y$ \\z", "\u202e"])
def test_a_note_is_kept_as_it_was_written(note: str) -> None:
    given, problems = read({"ord.plan": {"value": 3, "note": note}})

    assert (given["ord.plan"].note, problems) == (note, [])


def test_answers_written_as_json_are_read_as_the_same_answers() -> None:
    given = everything(replace(SMALL, questions=SMALL.questions[:6]))
    given["ord.plan"] = Answer(reason="no orders", note="never")

    assert read(jsonable(given)) == (given, [])


scalars = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4)
    | st.sampled_from(["1", "2", "plan", "yes", "group", "2026-03-01", 3, 3.0])
)  # fmt: skip
keys = st.sampled_from(["1", "2", "3", "value", "not_applicable", "note"]) | st.text(max_size=3)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([q.code for q in SMALL.questions]) | st.text(max_size=3), anything))
@settings(max_examples=100, deadline=None)
def test_any_json_is_scored_or_refused(written: dict[str, object]) -> None:
    problems: list[Problem] = []
    try:
        tree = sources.parse_json(json.dumps(written), "a.json", problems)
    except Problem:
        return

    given = read_answers(tree, "a.json", SMALL, "workshop", problems)

    assert all(str(problem) for problem in problems)
    assert json.dumps(
        scoring.as_json(SMALL, "workshop", scoring.score(SMALL, given, "workshop")), allow_nan=False
    )
