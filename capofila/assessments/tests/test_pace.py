from datetime import UTC, datetime, timedelta

import pytest

from capofila.assessments.rules.pace import minutes_left, minutes_spent

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


def after(*minutes: float) -> list[datetime]:
    return [NINE + timedelta(minutes=minute) for minute in minutes]


def test_time_is_what_lies_between_answers_whatever_their_order() -> None:
    assert minutes_spent(after(4, 0, 10)) == 10


def test_a_gap_of_more_than_a_quarter_of_an_hour_is_a_pause() -> None:
    assert minutes_spent(after(0, 15, 31, 33)) == 17


def test_no_answer_and_one_answer_took_no_time() -> None:
    assert (minutes_spent([]), minutes_spent(after(3))) == (0, 0)


@pytest.mark.parametrize(
    ("spent", "answered", "left", "expected"),
    [(112, 70, 70, 110), (10, 10, 4, 4), (0, 5, 135, 1), (8, 4, 136, None), (30, 140, 0, 0), (0, 0, 0, 0)],
)
def test_what_is_left_takes_as_long_for_each_question(
    spent: int, answered: int, left: int, expected: int | None
) -> None:
    assert minutes_left(spent, answered=answered, left=left) == expected
