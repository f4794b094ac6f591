"""Scores worked out by hand, and what holds for every instrument and every set of answers."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import cast

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from capofila.assessments.rules import interview, scoring
from capofila.assessments.rules.answers import Answer, Value
from capofila.assessments.rules.scoring import Score, Scores, score
from capofila.assessments.tests.builders import PSO, SME, answers, changed, everything, nothing, with_row
from capofila.instruments.rules.shape import Condition, Instrument, Question, Scoring
from capofila.instruments.rules.shape import Test as Look
from capofila.instruments.tests.builders import make_instrument, read_small


def level(
    code: str, area: str = "a", dimension: str | None = None, weight: int = 1, **more: object
) -> Question:
    return replace(Question(code, area, "level", dimension, Fraction(weight)), **more)  # type: ignore[arg-type]


# Worked numbers


def test_an_area_is_the_weighted_mean_of_its_answers() -> None:
    instrument = make_instrument(level("one"), level("two", weight=3))

    scores = score(instrument, answers(one=5, two=3))

    assert scores.areas["a"].value == Fraction(1 * 5 + 3 * 3, 4)


def test_the_overall_score_is_the_plain_mean_of_the_areas() -> None:
    instrument = make_instrument(level("one", "a"), level("two", "b", weight=9))

    scores = score(instrument, answers(one=2, two=5))

    assert scores.overall.value == Fraction(7, 2)


def test_dimensions_and_cells_weigh_all_their_questions() -> None:
    instrument = make_instrument(
        level("one", "a", "doing", 1), level("two", "b", "doing", 3), level("three", "b", "tools", 1)
    )

    scores = score(instrument, answers(one=1, two=5, three=3))

    assert scores.dimensions["doing"].value == 4
    assert scores.cells["a", "doing"].value == 1
    assert scores.cells["b", "doing"].value == 5
    assert scores.cells["a", "tools"] == Score(None, None, None)


@pytest.mark.parametrize(
    ("code", "value", "expected"),
    [
        ("ord.ways", ("1",), 3),
        ("ord.ways", ("1", "2"), 5),
        ("ord.ways", ("3",), 1),
        ("ord.ways", (), 1),
        ("mac.money", {"1": ("already", "plan"), "2": ("plan",)}, 4),
        ("mac.money", {}, 1),
        ("mac.rules", {"1": "yes", "2": "partly"}, 4),
        ("mac.rules", {"1": "no", "2": "no"}, 1),
    ],
)
def test_every_type_is_scored_on_the_scale_of_its_instrument(code: str, value: Value, expected: int) -> None:
    instrument = replace(read_small(), min_coverage=Fraction(0))

    scores = score(instrument, {code: Answer(value)}, "workshop")

    assert scores.cells[code[:3], "tools"].value == expected


def test_a_scale_is_the_mean_of_its_rows() -> None:
    instrument = make_instrument(Question("s", "a", "scale", rows=("1", "2")))

    scores = score(instrument, answers(s={"1": 4, "2": 1}))

    assert scores.areas["a"].value == 3


def test_scores_are_exact_where_floats_are_not() -> None:
    instrument = make_instrument(*(level(f"q{n}") for n in range(3)))

    scores = score(instrument, answers(q0=1, q1=1, q2=2))

    assert scores.areas["a"].value == Fraction(4, 3)
    assert scoring.as_json(instrument, None, scores)["overall"] == {
        "score": 4 / 3,
        "coverage": 1.0,
        "band": None,
    }


# Not applicable, unanswered, withheld


def test_an_unanswered_question_lowers_coverage_and_not_the_score() -> None:
    instrument = make_instrument(level("one", weight=3), level("two"))

    scores = score(instrument, answers(one=4))

    assert scores.areas["a"].value == 4
    assert scores.areas["a"].coverage == Fraction(3, 4)
    assert scores.areas["a"].answered == 1
    assert scores.areas["a"].applicable == 2


def test_a_question_that_does_not_apply_leaves_score_and_coverage() -> None:
    instrument = make_instrument(level("one"), level("two"))

    scores = score(instrument, {"one": Answer(4), "two": Answer(reason="no machines")})

    assert scores.areas["a"].value == 4
    assert scores.areas["a"].coverage == 1


def test_an_instrument_may_score_what_does_not_apply_as_zero() -> None:
    instrument = replace(make_instrument(level("one"), level("two")), not_applicable="zero")

    scores = score(instrument, {"one": Answer(4), "two": Answer(reason="no machines")})

    assert scores.areas["a"].value == Fraction(5, 2)
    assert scores.areas["a"].coverage == 1


def test_where_nothing_applies_there_is_no_score_and_nothing_is_withheld() -> None:
    instrument = make_instrument(level("one", "a"), level("two", "b"))

    scores = score(instrument, {"one": Answer(4), "two": Answer(reason="no machines")})

    assert scores.areas["b"] == Score(None, None, None)
    assert scores.overall.value == 4
    assert scoring.withheld(scores) == []


def test_a_score_is_withheld_below_the_least_coverage_and_not_at_it() -> None:
    instrument = make_instrument(*(level(f"q{n}", "a") for n in range(5)), min_coverage=Fraction("0.6"))

    at, below = (score(instrument, answers(**{f"q{n}": 3 for n in range(count)})) for count in (3, 2))

    assert at.areas["a"].value == 3
    assert scoring.withheld(at) == []
    assert below.areas["a"].value is None
    assert below.areas["a"].coverage == Fraction(2, 5)
    assert scoring.withheld(below) == ["a", "overall"]
    assert below.overall == Score(None, Fraction(2, 5), None, 2, 5)


def test_a_withheld_area_does_not_count_overall() -> None:
    instrument = make_instrument(
        level("one", "a"),
        level("two", "a"),
        level("three", "b"),
        level("four", "b"),
        min_coverage=Fraction("0.6"),
    )

    scores = score(instrument, answers(one=2, two=4, three=5))

    assert scores.overall.value == 3
    assert scores.overall.coverage == Fraction(3, 4)
    assert scoring.withheld(scores) == ["b"]


def test_no_answer_at_all_withholds_everything() -> None:
    instrument = read_small()

    document = scoring.as_json(instrument, "workshop", score(instrument, {}, "workshop"))

    assert document["overall"] == {"score": None, "coverage": 0.0, "band": None}
    assert document["withheld"] == [
        "ord", "mac", "doing", "tools", "ord.doing", "ord.tools", "mac.doing", "mac.tools", "overall"
    ]  # fmt: skip


def test_a_profile_hides_its_questions_from_score_and_coverage() -> None:
    given = {**answers(ord_plan=3), "ord.ways": Answer(("1", "2"))}

    workshop, office = (score(read_small(), given, profile) for profile in ("workshop", "office"))

    assert workshop.areas["mac"].coverage == office.areas["mac"].coverage == 0
    assert workshop.areas["mac"].applicable == 4
    assert office.areas["mac"].applicable == 3


@pytest.mark.parametrize("type_", ["scale", "tristate"])
def test_rows_count_one_by_one_for_coverage_and_together_for_the_score(type_: str) -> None:
    rows = tuple("1234")
    question = Question("s", "a", type_, rows=rows)  # type: ignore[arg-type]
    cells: dict[str, Value] = dict.fromkeys(rows[:3], 5 if type_ == "scale" else "yes")

    scores = score(make_instrument(question, level("one")), {"s": Answer(cells), "one": Answer(1)})  # type: ignore[arg-type]

    assert scores.areas["a"].value == 1
    assert scores.areas["a"].coverage == Fraction(7, 8)


# Conditions and warnings


def test_an_answer_hidden_by_a_condition_is_kept_and_not_scored() -> None:
    given = answers(ord_plan=2, mac_skill={"1": 5, "2": 5})

    scores = score(read_small(), given, "workshop")

    assert scores.hidden == ("mac.skill",)
    assert scoring.warnings(scores) == ["mac.skill: answered, but hidden by its condition; kept, not scored"]
    assert scores.cells["mac", "tools"].coverage == 0


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({}, False),
        ({"ord.plan": Answer(3)}, True),
        ({"ord.plan": Answer(2)}, False),
        ({"ord.plan": Answer(reason="no orders")}, False),
        ({"ord.ways": Answer(("1",))}, True),
        ({"ord.ways": Answer(("2", "3"))}, False),
    ],
)
def test_a_question_is_shown_when_its_condition_holds(given: dict[str, Answer], shown: bool) -> None:
    visible = interview.visible(read_small(), "workshop", given)

    assert ("mac.skill" in {question.code for question in visible}) == shown


@pytest.mark.parametrize(
    ("operator", "operand", "value", "shown"),
    [
        ("is", "3", 3, True),
        ("is", "3.0", 3, True),
        ("is", "2", 3, False),
        ("at_most", "2.5", 2, True),
        ("at_most", "2.5", 3, False),
        ("at_least", "3", 3, True),
    ],
)
def test_numbers_in_conditions_are_compared_as_numbers(
    operator: str, operand: str, value: int, shown: bool
) -> None:
    condition = Condition("all", (Look("one", operator, operand),))  # type: ignore[arg-type]
    instrument = make_instrument(level("one"), level("two", shown_when=condition))

    visible = interview.visible(instrument, None, answers(one=value))

    assert (len(visible) == 2) == shown


def test_a_test_on_a_hidden_question_is_false() -> None:
    chain = [
        level("one"),
        level("two", shown_when=Condition("all", (Look("one", "at_least", "3"),))),
        level("three", shown_when=Condition("all", (Look("two", "at_most", "5"),))),
    ]

    visible = interview.visible(make_instrument(*chain), None, answers(one=2, two=5))

    assert [question.code for question in visible] == ["one"]


def test_a_negative_item_beside_positive_ones_is_a_warning() -> None:
    given = changed(everything(SME), "q7", ("1", "2"))

    assert scoring.warnings(score(SME, given)) == ["q7: a negative item is ticked beside positive ones"]
    assert scoring.warnings(score(SME, changed(given, "q7", ("2",)))) == []


# What always holds

weights = st.integers(min_value=1, max_value=7)
parts = st.sampled_from([("1",), ("1", "2"), ("1", "2", "3")])


@st.composite
def questions(draw: st.DrawFn, number: int, levels_only: bool = False) -> Question:
    type_ = (
        "level" if levels_only else draw(st.sampled_from(["level", "ticks", "matrix", "scale", "tristate"]))
    )
    items = draw(parts) if type_ == "ticks" else ()
    return Question(
        code=f"q{number}",
        area=draw(st.sampled_from("abc")),
        type=type_,  # type: ignore[arg-type]
        dimension=draw(st.sampled_from("xy")),
        weight=Fraction(draw(weights), draw(weights)),
        items=items,
        negative=frozenset(items[:1] if draw(st.booleans()) else ()),
        rows=draw(parts) if type_ in {"matrix", "scale", "tristate"} else (),
        columns=draw(parts) if type_ == "matrix" else (),
    )


@st.composite
def instruments(draw: st.DrawFn, levels_only: bool = False) -> Instrument:
    """With weights, areas, dimensions and a profile; conditions look at q0, whose answer is never changed."""
    count = draw(st.integers(min_value=2, max_value=6))
    first = Question("q0", "a", "level", "x")
    rest = [draw(questions(number, levels_only)) for number in range(1, count)]
    shown_when = Condition("any", (Look("q0", "at_least", "3"),))
    rest = [replace(q, shown_when=shown_when) if draw(st.booleans()) else q for q in rest]
    instrument = make_instrument(
        first, *rest, min_coverage=draw(st.sampled_from([Fraction(0), Fraction(1, 2)]))
    )
    return replace(instrument, profiles={"p": frozenset(q.code for q in rest if draw(st.booleans()))})


@st.composite
def values(draw: st.DrawFn, question: Question) -> Value:
    if question.type == "level":
        return draw(st.integers(min_value=1, max_value=5))
    if question.type == "ticks":
        return tuple(item for item in question.items if draw(st.booleans()))
    if question.type == "matrix":
        return {row: tuple(c for c in question.columns if draw(st.booleans())) for row in question.rows}
    if question.type == "scale":
        return {row: draw(st.integers(min_value=0, max_value=5)) for row in question.rows}
    return {row: draw(st.sampled_from(["no", "partly", "yes"])) for row in question.rows}


@st.composite
def assessments(draw: st.DrawFn, levels_only: bool = False) -> tuple[Instrument, dict[str, Answer]]:
    """Answers to the questions of profile p; some unanswered, some not applicable, never the first."""
    instrument = draw(instruments(levels_only))
    first, *rest = instrument.applicable("p")
    given = {first.code: Answer(draw(values(first)))}
    for question in rest:
        state = draw(st.sampled_from(["answered", "answered", "unanswered", "not applicable"]))
        if state == "answered":
            given[question.code] = Answer(draw(values(question)))
        elif state == "not applicable":
            given[question.code] = Answer(reason="not here")
    return instrument, given


def every_score(scores: Scores) -> dict[object, Score]:
    return {
        "overall": scores.overall,
        **{("area", key): found for key, found in scores.areas.items()},
        **{("dimension", key): found for key, found in scores.dimensions.items()},
        **{("cell", key): found for key, found in scores.cells.items()},
    }


quick = settings(max_examples=50, deadline=None)


@given(assessments(), st.randoms())
@quick
def test_the_order_of_answers_does_not_matter(
    made: tuple[Instrument, dict[str, Answer]], random: object
) -> None:
    instrument, given = made
    backwards = dict(reversed(given.items()))

    assert every_score(score(instrument, given, "p")) == every_score(score(instrument, backwards, "p"))


def raised(question: Question, answer: Answer) -> Answer | None:
    """The same answer one step higher, or None at the top."""
    value = answer.value
    if isinstance(value, int):
        return Answer(value + 1) if value < 5 else None
    if isinstance(value, tuple):
        missing = [item for item in question.items if item not in value and item not in question.negative]
        return Answer((*value, missing[0])) if missing else None
    assert isinstance(value, Mapping)
    for row, cell in value.items():
        if isinstance(cell, int) and cell < 5:
            return Answer(cast(Value, {**value, row: cell + 1}))
        if isinstance(cell, tuple) and len(cell) < len(question.columns):
            return Answer(cast(Value, {**value, row: question.columns}))
        if isinstance(cell, str) and cell != "yes":
            return Answer(cast(Value, {**value, row: {"no": "partly", "partly": "yes"}[cell]}))
    return None


@given(assessments(), st.data())
@quick
def test_raising_an_answer_never_lowers_a_score(
    made: tuple[Instrument, dict[str, Answer]], data: st.DataObject
) -> None:
    instrument, given = made
    codes = [code for code, answer in given.items() if answer.applicable and code != "q0"]
    assume(codes)
    code = data.draw(st.sampled_from(codes))
    higher = raised(instrument.by_code[code], given[code])
    assume(higher is not None)

    before = every_score(score(instrument, given, "p"))
    after = every_score(score(instrument, {**given, code: higher}, "p"))  # type: ignore[dict-item]

    for key, found in before.items():
        value = after[key].value
        assert (value is None) == (found.value is None)
        assert value is None or found.value is None or value >= found.value
        assert after[key].coverage == found.coverage


@given(assessments(levels_only=True))
@quick
def test_scores_of_levels_lie_within_the_answers(made: tuple[Instrument, dict[str, Answer]]) -> None:
    instrument, given = made
    shown = {question.code for question in interview.visible(instrument, "p", given)}
    levels = [
        answer.value for code, answer in given.items() if code in shown and isinstance(answer.value, int)
    ]

    for found in every_score(score(instrument, given, "p")).values():
        assert found.value is None or min(levels) <= found.value <= max(levels)


@given(assessments())
@quick
def test_scores_and_coverage_never_leave_their_range(made: tuple[Instrument, dict[str, Answer]]) -> None:
    instrument, given = made

    for found in every_score(score(instrument, given, "p")).values():
        assert found.value is None or 1 <= found.value <= 5
        assert found.coverage is None or 0 <= found.coverage <= 1
        assert found.answered <= found.applicable


@given(assessments())
@quick
def test_not_applicable_is_as_if_the_question_were_not_there(
    made: tuple[Instrument, dict[str, Answer]],
) -> None:
    instrument, given = made
    gone = {code for code, answer in given.items() if not answer.applicable}
    smaller = replace(instrument, questions=tuple(q for q in instrument.questions if q.code not in gone))

    with_it = score(instrument, given, "p")
    without = score(smaller, {code: given[code] for code in given if code not in gone}, "p")

    assert every_score(with_it) == every_score(without)


@given(assessments(), st.data())
@quick
def test_coverage_falls_with_each_answer_taken_away(
    made: tuple[Instrument, dict[str, Answer]], data: st.DataObject
) -> None:
    instrument, given = made
    shown = {question.code for question in interview.visible(instrument, "p", given)}
    codes = [code for code, answer in given.items() if answer.applicable and code in shown and code != "q0"]
    assume(codes)
    code = data.draw(st.sampled_from(codes))
    question = instrument.by_code[code]

    before = score(instrument, given, "p")
    after = score(instrument, {c: a for c, a in given.items() if c != code}, "p")

    for old, new in [
        (before.overall, after.overall),
        (before.areas[question.area], after.areas[question.area]),
        (
            before.cells[question.area, question.dimension or ""],
            after.cells[question.area, question.dimension or ""],
        ),
    ]:
        assert old.coverage is not None
        assert new.coverage is not None
        assert new.coverage < old.coverage


# The Commission's assessment


def values_of(scores: Scores) -> list[Fraction | None]:
    return [found.value for found in scores.areas.values()]


@pytest.mark.parametrize("instrument", [SME, PSO], ids=["sme", "pso"])
def test_nothing_ticked_is_zero_and_everything_is_a_hundred(instrument: Instrument) -> None:
    least, most = score(instrument, nothing(instrument)), score(instrument, everything(instrument))

    assert values_of(least) == [0] * 6
    assert least.overall.value == 0
    assert values_of(most) == [100] * 6
    assert most.overall.value == 100
    assert {found.band for found in every_score(least).values()} == {"basic"}
    assert {found.band for found in every_score(most).values()} == {"advanced"}


def with_params(instrument: Instrument, **params: str) -> Instrument:
    return replace(instrument, scoring=Scoring("eu-dma", params))


def test_under_rule_a_the_negative_item_is_an_ordinary_tick() -> None:
    rule_a = with_params(SME, negative="tick")

    consistent, contradictory = score(rule_a, everything(SME)), score(rule_a, everything(SME, negative=True))

    assert consistent.areas["d4"].value == Fraction("93.75")
    assert round(float(consistent.overall.value or 0), 2) == 98.96
    assert contradictory.areas["d4"].value == 100


def test_the_negative_item_of_question_7_scores_nothing_and_leaves_the_denominator() -> None:
    given = changed(nothing(SME), "q7", ("2",))
    assert score(SME, given).areas["d4"].value == 0

    one = score(SME, changed(given, "q7", ("1",))).areas["d4"].value
    both = score(SME, changed(given, "q7", ("1", "2"))).areas["d4"].value

    assert one == both == Fraction(1, 7) * 50


@pytest.mark.parametrize("instrument", [SME, PSO], ids=["sme", "pso"])
def test_a_question_without_an_answer_withholds_its_dimension_and_the_overall(instrument: Instrument) -> None:
    for question in instrument.questions:
        given = everything(instrument)
        del given[question.code]

        scores = score(instrument, given)

        assert scoring.withheld(scores) == [question.area, "overall"]
        assert scores.overall.coverage is not None
        assert scores.overall.coverage < 1


def test_a_scale_with_a_missing_row_is_unanswered_and_never_averaged() -> None:
    given = everything(SME)
    given["q4"] = Answer({str(row): 5 for row in range(1, 7)})

    scores = score(SME, given)

    assert scores.areas["d2"] == Score(None, Fraction(13, 14), None, 1, 2)


def test_missing_answers_score_zero_where_the_instrument_says_so() -> None:
    lenient = with_params(SME, missing="zero")
    given = everything(SME)
    del given["q10"]
    given["q4"] = Answer({str(row): 5 for row in range(1, 7)})

    scores = score(lenient, given)

    assert scores.areas["d6"].value == 50
    assert scores.areas["d2"].value == (1 + Fraction(6, 7)) * 50
    assert scoring.withheld(scores) == []
    assert score(lenient, {}).overall.value == 0


SME_STEPS: list[tuple[str, Fraction | int]] = [
    ("q1", Fraction(10, 3)), ("q2", Fraction(10, 3)), ("q3", 5),
    ("q4", Fraction(10, 7)), ("q5", Fraction(50, 7)),
    ("q6", Fraction(25, 4)), ("q7", Fraction(50, 7)), ("q8", Fraction(25, 3)),
    ("q9", 4), ("q10", 5), ("q11", 5),
]  # fmt: skip
PSO_STEPS: list[tuple[str, Fraction | int]] = [
    ("q1", Fraction(10, 3)), ("q2", Fraction(25, 6)), ("q3", Fraction(50, 9)), ("q4", Fraction(5, 4)),
    ("q5", Fraction(50, 7)), ("q6", 5), ("q7", Fraction(50, 9)),
    ("q8", Fraction(25, 3)), ("q9", Fraction(25, 8)), ("q10", Fraction(50, 9)), ("q11", 5),
]  # fmt: skip
PRINTED = {  # the table of the domain notes: dimension and overall, to three decimals
    "sme": "3.333 0.556 3.333 0.556 5.000 0.833 1.429 0.238 7.143 1.190 6.250 1.042 7.143 1.190 8.333 1.389"
    " 4.000 0.667 5.000 0.833 5.000 0.833",
    "pso": "3.333 0.556 4.167 0.694 5.556 0.926 1.250 0.208 7.143 1.190 5.000 0.833 5.556 0.926 8.333 1.389"
    " 3.125 0.521 5.556 0.926 5.000 0.833",
}


def one_step(instrument: Instrument, code: str) -> list[dict[str, Answer]]:
    """Every way to raise one question by one step from nothing."""
    question = instrument.by_code[code]
    least = nothing(instrument)
    if question.type == "ticks":
        return [changed(least, code, (item,)) for item in question.items if item not in question.negative]
    if question.type == "matrix":
        return [with_row(least, code, row, (column,)) for row in question.rows for column in question.columns]
    return [with_row(least, code, row, 1 if question.type == "scale" else "partly") for row in question.rows]


@pytest.mark.parametrize(
    ("instrument", "code", "step"),
    [(SME, *row) for row in SME_STEPS] + [(PSO, *row) for row in PSO_STEPS],
    ids=[f"sme {code}" for code, _ in SME_STEPS] + [f"pso {code}" for code, _ in PSO_STEPS],
)
def test_one_step_of_an_answer_is_worth_what_the_table_says(
    instrument: Instrument, code: str, step: Fraction
) -> None:
    area = instrument.by_code[code].area

    for answered in one_step(instrument, code):
        scores = score(instrument, answered)

        assert scores.areas[area].value == step
        assert scores.overall.value == Fraction(step) / 6
        assert [value for key, value in zip(scores.areas, values_of(scores), strict=True) if key != area] == [
            0
        ] * 5


def test_the_printed_table_is_the_exact_one_rounded() -> None:
    for name, steps in (("sme", SME_STEPS), ("pso", PSO_STEPS)):
        printed = " ".join(f"{float(step):.3f} {float(step) / 6:.3f}" for _, step in steps)

        assert printed == PRINTED[name]


@pytest.mark.parametrize("instrument", [SME, PSO], ids=["sme", "pso"])
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_the_overall_score_is_the_mean_of_the_unrounded_dimensions(
    instrument: Instrument, data: st.DataObject
) -> None:
    given = {question.code: Answer(data.draw(values(question))) for question in instrument.questions}

    scores = score(instrument, given)

    known = [value for value in values_of(scores) if value is not None]
    assert scores.overall.value == sum(known, Fraction(0)) / 6
    assert all(0 <= value <= 100 for value in known)


@pytest.mark.parametrize(
    ("value", "band"),
    [
        ("0", "basic"), ("25", "basic"), ("25.0001", "average"), ("25.5", "average"), ("26", "average"),
        ("50", "average"), ("50.0001", "moderately-advanced"), ("50.5", "moderately-advanced"),
        ("75", "moderately-advanced"), ("75.0001", "advanced"), ("75.5", "advanced"), ("100", "advanced"),
    ],
)  # fmt: skip
def test_a_band_holds_its_upper_edge_and_no_score_falls_between_two(value: str, band: str) -> None:
    assert SME.bands.of(Fraction(value)) == PSO.bands.of(Fraction(value)) == band


def test_a_dimension_at_25_is_basic_and_one_step_more_is_average() -> None:
    half = dict.fromkeys(map(str, range(1, 5)), 2) | {"5": 3}
    quarter = changed(nothing(SME), "q9", {"1": 5, "2": 0, "3": 0, "4": 0, "5": 1})
    assert score(SME, quarter).areas["d5"].band == "basic"

    more = changed(quarter, "q9", {"1": 5, "2": 0, "3": 0, "4": 0, "5": 2})

    assert score(SME, more).areas["d5"].value == 28
    assert score(SME, more).areas["d5"].band == "average"
    assert score(SME, changed(quarter, "q9", half)).areas["d5"].value == 44


# Defects of other implementations, which must not be ours


def test_no_dimension_can_exceed_a_hundred() -> None:
    assert len(SME.by_code["q6"].items) == 8
    assert score(SME, everything(SME, negative=True)).areas["d3"].value == 100


def test_the_two_questionnaires_have_their_own_items() -> None:
    def cells(instrument: Instrument) -> list[int]:
        return [len(q.items) or len(q.rows) * (len(q.columns) or 1) for q in instrument.questions]

    assert cells(SME) == [20, 10, 10, 7, 7, 8, 8, 6, 5, 10, 5]
    assert cells(PSO) == [10, 16, 9, 8, 7, 10, 9, 6, 32, 9, 5]
    assert (sum(cells(SME)), sum(cells(PSO))) == (96, 121)


def test_an_unanswered_list_of_ticks_is_no_tick() -> None:
    given = everything(SME)
    del given["q2"]

    assert score(SME, given).areas["d1"].value is None
    assert score(with_params(SME, missing="zero"), given).areas["d1"].value == Fraction(200, 3)


def test_intentions_alone_earn_a_third_of_the_first_dimension() -> None:
    planned: Value = dict.fromkeys(SME.by_code["q1"].rows, ("plan",))

    scores = score(SME, changed(nothing(SME), "q1", planned))

    assert scores.areas["d1"].value == Fraction(100, 3)


def test_the_document_of_a_score_has_the_keys_of_the_contract() -> None:
    document = scoring.as_json(SME, None, score(SME, everything(SME)))

    assert list(document) == [
        "instrument", "version", "profile", "scale", "overall", "areas", "dimensions", "cells",
        "withheld", "warnings",
    ]  # fmt: skip
    assert document["scale"] == [0, 100]
    assert document["overall"] == {"score": 100.0, "coverage": 1.0, "band": "advanced"}
    assert document["dimensions"] == {}
    assert document["cells"] == {}
