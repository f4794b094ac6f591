from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capofila.assessments.rules.fold import Entry, Held, fold, holding

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def entry(
    number: int, *replaces: int, minutes: int = 0, question: str = "q", value: int | None = 3, **facts: Any
) -> Entry:
    """An answer of a consultant, unless the test says otherwise; without a value it is taken back."""
    said: dict[str, Any] = {"state": "cleared" if value is None else "answered", "value": value, **facts}
    return Entry(
        id=UUID(int=number),
        question=question,
        received_at=NOON + timedelta(minutes=minutes),
        replaces=tuple(UUID(int=old) for old in replaces),
        **said,
    )


def numbers(entries: list[Entry]) -> list[int]:
    return [found.id.int for found in entries]


def test_the_only_entry_holds() -> None:
    only = entry(1)

    folded = fold([only])

    assert folded["q"].consultant == Held(only)
    assert (folded["q"].entry, folded["q"].company) == (only, None)


def test_an_entry_that_replaces_another_holds_even_when_it_was_received_first() -> None:
    first, second = entry(1, minutes=9), entry(2, 1, minutes=1)

    assert fold([first, second])["q"].consultant == Held(second)


def test_two_entries_that_replace_the_same_one_both_hold() -> None:
    first, phone, tablet = entry(1), entry(2, 1, value=4), entry(3, 1, value=5)

    found = fold([first, phone, tablet])["q"]

    assert found.consultant == Held(tablet, (phone,))
    assert found.conflict


def test_the_end_of_the_longest_chain_is_shown_first() -> None:
    """The worked case of docs/rules/answers.md: d replaces b replaces a; c replaces a."""
    a, b, c, d = entry(1), entry(2, 1), entry(9, 1), entry(3, 2)

    assert numbers(holding([c, d, b, a])) == [3, 9]
    assert numbers(holding([c, d, a])) == [9, 3]  # without b both chains have one link or none


def test_a_clock_decides_nothing() -> None:
    early, late = entry(2, minutes=0), entry(1, minutes=60, device_time=NOON + timedelta(days=3))

    assert fold([early, late])["q"].entry is early


def test_an_entry_that_replaces_both_resolves_a_conflict() -> None:
    one, other, resolved = entry(1, value=4), entry(2, value=5), entry(3, 1, 2, value=4)

    found = fold([one, other, resolved])["q"]

    assert found.consultant == Held(resolved)
    assert not found.conflict


def test_two_that_say_the_same_are_no_conflict() -> None:
    assert not fold([entry(1), entry(2)])["q"].conflict


def test_an_entry_may_replace_one_that_has_not_arrived_yet() -> None:
    assert fold([entry(2, 1)])["q"].entry.id == UUID(int=2)


def test_entries_of_other_questions_do_not_replace_each_other() -> None:
    folded = fold([entry(1, question="a"), entry(2, 1, question="b")])

    assert [found.entry.id.int for found in folded.values()] == [1, 2]


def test_entries_in_a_circle_all_hold() -> None:
    assert numbers(holding([entry(1, 2), entry(2, 1)])) == [2, 1]


def test_what_a_circle_replaces_does_not_hold() -> None:
    assert numbers(holding([entry(1, 2, 3), entry(2, 1), entry(3)])) == [2, 1]


def test_a_circle_that_something_outside_replaces_does_not_hold() -> None:
    assert numbers(holding([entry(1, 2), entry(2, 1), entry(3, 1)])) == [3]


def test_an_entry_that_replaces_itself_holds() -> None:
    assert numbers(holding([entry(1, 1)])) == [1]


@pytest.mark.parametrize("crossed", [(1, 2), (2, 1)])
def test_no_side_replaces_the_answer_of_the_other(crossed: tuple[int, int]) -> None:
    theirs = entry(crossed[0], crossed[1], side="company", value=2)
    ours = entry(crossed[1], crossed[0], value=4)

    found = fold([theirs, ours])["q"]

    assert (found.company, found.consultant) == (Held(theirs), Held(ours))
    assert (found.holds, found.entry) == ("consultant", ours)


def test_the_answer_of_the_company_counts_until_a_consultant_answers() -> None:
    theirs = entry(1, side="company", value=2)

    assert fold([theirs])["q"].holds == "company"
    assert fold([theirs, entry(2, value=4)])["q"].holds == "consultant"


def test_the_answer_of_the_company_counts_again_when_the_consultant_takes_hers_back() -> None:
    theirs, back = entry(1, side="company", value=2), entry(3, 2, value=None)

    found = fold([theirs, entry(2, value=4), back])["q"]

    assert (found.holds, found.entry) == ("company", theirs)


def test_a_question_taken_back_on_both_sides_has_no_answer() -> None:
    found = fold([entry(1, side="company", value=None), entry(2, value=None)])["q"]

    assert found.holds is None
    assert found.entry.side == "consultant"


@pytest.mark.parametrize(
    ("theirs", "ours", "why", "differs", "disagreement"),
    [(2, 4, "", True, True), (2, 4, "Seen on site", True, False), (4, 4, "", False, False)],
)
def test_two_sides_that_differ_are_a_disagreement_until_the_consultant_says_why(
    theirs: int, ours: int, why: str, differs: bool, disagreement: bool
) -> None:
    found = fold([entry(1, side="company", value=theirs), entry(2, value=ours, why=why)])["q"]

    assert (found.differs, found.disagreement) == (differs, disagreement)


def test_five_thousand_changes_of_one_answer_are_folded() -> None:
    changes = [entry(number, number - 1) for number in range(1, 5_001)]

    assert fold(changes)["q"].consultant == Held(changes[-1])


SAID = st.tuples(
    st.frozensets(st.integers(1, 12), max_size=3),  # what it replaces
    st.sampled_from("ab"),
    st.sampled_from(["consultant", "company"]),
    st.none() | st.integers(1, 5),
)
ENTRIES = st.dictionaries(st.integers(1, 12), SAID, max_size=12).map(
    lambda found: [
        entry(number, *sorted(old), question=question, side=side, value=value)
        for number, (old, question, side, value) in found.items()
    ]
)


@given(ENTRIES, st.randoms(use_true_random=False))
def test_the_order_in_which_entries_arrive_does_not_matter(entries: list[Entry], random: Random) -> None:
    shuffled = random.sample(entries, len(entries)) + random.choices(entries or [entry(1)], k=len(entries))

    assert fold(shuffled) == fold(entries)


@given(ENTRIES)
def test_every_question_with_an_entry_has_one_that_holds(entries: list[Entry]) -> None:
    folded = fold(entries)

    assert set(folded) == {found.question for found in entries}
    assert all(found.entry.question == question for question, found in folded.items())


@given(ENTRIES)
def test_nothing_disappears_each_entry_holds_or_was_replaced_step_by_step_by_one_that_does(
    entries: list[Entry],
) -> None:
    known = {found.id: found for found in entries}
    waiting = {found.id for found in holding(entries)}
    reached: set[UUID] = set()
    while waiting:
        one = waiting.pop()
        reached.add(one)
        waiting |= {old for old in known[one].replaces if old in known} - reached

    assert reached == set(known)
