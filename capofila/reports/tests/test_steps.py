"""rules/steps.py: which next levels come first, and what they bring."""

from fractions import Fraction

import pytest

from capofila.reports.rules.steps import next_steps, raised, spread
from capofila.reports.tests.builders import make_picture, make_submission


def test_priority_multiplies_the_gaps_of_answer_cell_and_area() -> None:
    picture = make_picture(make_submission(lambda question: 3))

    step = picture.steps[0]

    # Everything at 3 of 5: each gap is a half.
    assert step.priority == Fraction(1, 8)


def test_one_level_more_in_fourteen_questions_lifts_the_area_by_a_fourteenth() -> None:
    picture = make_picture(make_submission(lambda question: 3))

    step = picture.steps[0]

    assert step.area_gain == Fraction(1, 14)
    assert step.gain == Fraction(1, 140)


def test_the_promised_gain_is_what_the_scores_then_show() -> None:
    picture = make_picture(make_submission(lambda question: 2))
    step = picture.steps[0]

    after = picture.scores_after([step])

    before = picture.scores
    assert after.overall.value is not None
    assert before.overall.value is not None
    assert after.overall.value - before.overall.value == step.gain


def test_a_low_answer_comes_before_a_high_one() -> None:
    levels = {"mnt.spares": 1}
    picture = make_picture(make_submission(lambda question: levels.get(question.code, 4)))

    assert picture.steps[0].question.code == "mnt.spares"


def test_an_answer_at_the_top_has_no_next_step() -> None:
    picture = make_picture(make_submission(lambda question: 5))

    assert picture.steps == ()


@pytest.mark.parametrize("per_area", [1, 2])
def test_the_first_steps_come_from_different_areas(per_area: int) -> None:
    picture = make_picture(make_submission(lambda question: 2))

    chosen = spread(picture.steps, 6, per_area)

    areas = [step.question.area for step in chosen]
    assert len(chosen) == 6
    assert max(areas.count(area) for area in areas) == per_area


def test_an_area_without_a_score_brings_no_step() -> None:
    picture = make_picture(make_submission(lambda question: None if question.area == "env" else 2))

    assert all(step.question.area != "env" for step in picture.steps)


def test_raising_answers_leaves_the_others_alone() -> None:
    submission = make_submission(lambda question: 2)
    picture = make_picture(submission)
    step = picture.steps[0]

    answers = raised(submission.answers, [step])

    assert answers[step.question.code].value == 3
    assert {code: answer.value for code, answer in answers.items() if code != step.question.code} == {
        code: 2 for code in answers if code != step.question.code
    }


def test_equal_priorities_keep_the_order_of_the_interview() -> None:
    picture = make_picture(make_submission(lambda question: 3))

    steps = next_steps(picture.instrument, picture.submission.answers, picture.scores, "manufacturing")

    order = [question.code for question in picture.instrument.questions]
    assert [step.question.code for step in steps] == order
