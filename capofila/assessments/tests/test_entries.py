"""Entries of every format there ever was are understood, and newer ones wait."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capofila.assessments.rules.entries import FORMAT, UPGRADES, read_entry, upgraded
from capofila.lib.problems import Problem, Refused

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)


def test_there_is_an_upgrader_from_every_format_before_todays() -> None:
    assert set(UPGRADES) == set(range(1, FORMAT))


def test_an_entry_of_an_old_format_is_brought_up_step_by_step() -> None:
    def named(raw: dict[str, Any]) -> dict[str, Any]:
        return {**raw, "name": raw["code"]}

    def without_code(raw: dict[str, Any]) -> dict[str, Any]:
        return {key: fact for key, fact in raw.items() if key != "code"}

    steps = {1: named, 2: without_code}

    assert upgraded({"format": 1, "code": "a"}, steps, newest=3) == {"format": 3, "name": "a"}
    assert upgraded({"format": 2, "code": "a", "name": "b"}, steps, newest=3) == {"format": 3, "name": "b"}
    assert upgraded({"format": 3, "name": "c"}, steps, newest=3) == {"format": 3, "name": "c"}


def test_an_entry_of_a_newer_format_waits() -> None:
    with pytest.raises(Problem) as refused:
        upgraded({"format": FORMAT + 1})

    assert refused.value.code == "assessments.format-unknown"


@given(JSON | st.dictionaries(st.sampled_from(["format", "kind", "id", "question", "replaces"]), JSON))
def test_anything_at_all_is_read_or_refused(raw: object) -> None:
    with pytest.raises((Problem, Refused)):
        read_entry(raw)
