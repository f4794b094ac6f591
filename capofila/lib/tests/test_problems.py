"""A refusal is one printable line, whatever stands in the file that it quotes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capofila.lib.problems import Place, Problem, Refused, collected, nearest, printable, refuse_if


def test_a_problem_is_a_line_with_place_sentence_and_code() -> None:
    problem = Problem("x.wrong", "The value is {value}.", at=Place("a.json", line=3, key="q1"), value=7)

    assert str(problem) == "a.json:3: q1: The value is 7. [x.wrong]"


def test_a_sentence_is_translated_before_its_facts_are_put_in() -> None:
    problem = Problem("x.wrong", "The value is {value}.", value="{value}")

    assert problem.words(lambda sentence: sentence.replace("The value is", "Il valore è")) == (
        "Il valore è {value}."
    )


@given(st.text(alphabet=st.characters()), st.text(alphabet=st.characters()))
@settings(max_examples=200, deadline=None)
def test_a_problem_is_one_line_whatever_it_quotes(key: str, value: str) -> None:
    line = str(Problem("x.wrong", "{value}", at=Place(key, key=key), value=value))

    assert len(line.splitlines()) == 1
    assert not set(line) & set("\x00\x1b\r\n\u202e\u2066")


def test_a_long_fact_is_cut() -> None:
    assert len(printable("x" * 1000)) == 80


def test_several_problems_are_refused_together() -> None:
    problems: list[Problem] = []
    refuse_if(problems)

    def one() -> None:
        raise Problem("x.one", "One.")

    def two() -> None:
        raise Refused([Problem("x.two", "Two."), Problem("x.three", "Three.")])

    assert (collected(problems, one), collected(problems, two), collected(problems, lambda: 4)) == (
        None,
        None,
        4,
    )
    with pytest.raises(Refused) as refused:
        refuse_if(problems)
    assert [problem.code for problem in refused.value.problems] == ["x.one", "x.two", "x.three"]


def test_the_nearest_word_is_guessed_only_when_it_is_near() -> None:
    known = ["prd.scheduling", "prd.tracking"]

    assert nearest("prd.shceduling", known) == "prd.scheduling"
    assert nearest("zzz", known) is None
    assert nearest("x" * 1_000_000, known) is None
