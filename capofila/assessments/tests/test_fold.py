from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from capofila.assessments.rules.fold import Entry, fold

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def entry(
    number: int, *, minutes: int = 0, replaces: int | None = None, question: str = "q", value: int = 3
) -> Entry:
    return Entry(
        id=UUID(int=number),
        question=question,
        state="answered",
        received_at=NOON + timedelta(minutes=minutes),
        value=value,
        replaces=None if replaces is None else UUID(int=replaces),
    )


def test_the_only_entry_holds() -> None:
    only = entry(1)

    folded = fold([only])

    assert folded["q"].entry is only
    assert folded["q"].rivals == ()


def test_an_entry_that_replaces_another_holds_even_when_it_was_received_first() -> None:
    first, second = entry(1, minutes=9), entry(2, minutes=1, replaces=1)

    folded = fold([first, second])

    assert folded["q"].entry is second
    assert folded["q"].rivals == ()


def test_two_entries_that_replace_the_same_one_both_hold_and_the_last_received_is_shown() -> None:
    first, phone, tablet = entry(1), entry(2, minutes=5, replaces=1), entry(3, minutes=4, replaces=1)

    folded = fold([first, phone, tablet])

    assert folded["q"].entry is phone
    assert folded["q"].rivals == (tablet,)


def test_received_at_the_same_moment_the_greater_id_is_shown() -> None:
    assert fold([entry(2), entry(1)])["q"].entry.id == UUID(int=2)


def test_an_entry_may_replace_one_that_has_not_arrived_yet() -> None:
    assert fold([entry(2, replaces=1)])["q"].entry.id == UUID(int=2)


def test_entries_of_other_questions_do_not_replace_each_other() -> None:
    folded = fold([entry(1, question="a"), entry(2, question="b", replaces=1)])

    assert [found.entry.id.int for found in folded.values()] == [1, 2]


def test_entries_in_a_circle_all_hold() -> None:
    folded = fold([entry(1, replaces=2), entry(2, replaces=1)])

    assert (folded["q"].entry.id.int, len(folded["q"].rivals)) == (2, 1)


ENTRIES = st.lists(
    st.builds(
        entry,
        st.integers(1, 12),
        minutes=st.integers(0, 5),
        replaces=st.none() | st.integers(1, 12),
        question=st.sampled_from("ab"),
    ),
    unique_by=lambda found: found.id,
    max_size=12,
)


@given(ENTRIES, st.randoms())
def test_the_order_in_which_entries_arrive_does_not_matter(entries: list[Entry], random: Random) -> None:
    shuffled = random.sample(entries, len(entries))

    assert fold(shuffled) == fold(entries)


@given(ENTRIES)
def test_every_question_with_an_entry_has_one_that_holds(entries: list[Entry]) -> None:
    folded = fold(entries)

    assert set(folded) == {found.question for found in entries}
    assert all(found.entry.question == question for question, found in folded.items())
