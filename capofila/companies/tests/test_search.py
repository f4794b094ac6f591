"""Names as words, and companies found by what somebody is typing; docs/rules/company-search.md."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capofila.companies.rules import names, search

ALICE = search.text("Vetreria Alice S.r.l.", "09876540189", "", "Pavia", "PV").split(" ")


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Vetreria Alice S.r.l.", ["vetreria", "alice", "srl"]),
        ("VETRERIA  ALICE SRL", ["vetreria", "alice", "srl"]),
        ("Acciai S. p. A.", ["acciai", "spa"]),
        ("L’Officina di Bob & C. S.n.c.", ["l", "officina", "di", "bob", "c", "snc"]),
        ("Società Città+Più", ["societa", "citta", "piu"]),
        ("...", []),
        ("", []),
    ],
)
def test_a_name_is_its_words_however_it_is_written(written: str, words: list[str]) -> None:
    assert names.words(written) == words


def test_the_legal_form_does_not_tell_two_names_apart() -> None:
    assert names.key("Alice Vetreria s.p.a.") == names.key("VETRERIA ALICE S.r.l.") == "alice vetreria"


def test_a_name_that_is_a_legal_form_alone_keeps_it() -> None:
    assert names.telling("Coop") == ["coop"]


@pytest.mark.parametrize(
    "typed",
    ["vetreria", "VETR", "vetrria", "alcie", "evtreria", "alice pavia", "pavia alice vetr", "0987",
     "09876540189",
     "09876540198", "v", "vetreria alice srl", "alice pv "],
)  # fmt: skip
def test_a_company_is_found_by_parts_errors_number_and_place(typed: str) -> None:
    asked = search.asked(typed)

    assert search.nearness(asked, ALICE) is not None
    assert asked.grams & search.grams(ALICE)


@pytest.mark.parametrize("typed", ["", "  ", "bob", "vetreria bob", "1234567", "alice milano", "%", "'"])
def test_a_company_is_not_found_by_what_is_not_in_it(typed: str) -> None:
    assert search.nearness(search.asked(typed), ALICE) is None


def test_the_exact_word_comes_before_its_beginning_and_that_before_an_error() -> None:
    found = [search.nearness(search.asked(typed), ALICE) for typed in ("alice", "alic", "alcie")]

    assert found == [1.0, 0.98, 0.8]


@given(st.text(max_size=200), st.text(max_size=200))
def test_no_text_breaks_the_search(typed: str, name: str) -> None:
    words = search.text(name).split(" ")
    nearness = search.nearness(search.asked(typed), words)

    assert nearness is None or 0 < nearness <= 1
    assert all(len(gram) <= 5 for gram in search.grams(words) | search.asked(typed).grams)


@given(st.text(alphabet="abcdefghi ", min_size=1, max_size=60))
def test_every_company_is_found_by_its_own_name(name: str) -> None:
    words = search.text(name).split(" ")
    asked = search.asked(name)

    assert not asked.words or search.nearness(asked, words) == 1
