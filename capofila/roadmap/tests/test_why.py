"""The sentence that says why an action stands where it does."""

from collections.abc import Mapping
from fractions import Fraction
from typing import get_args

import pytest

from capofila.assessments.rules import scoring
from capofila.instruments.rules.shape import QuestionWords, Words
from capofila.roadmap import library
from capofila.roadmap.rules.priorities import prioritise
from capofila.roadmap.rules.raising import Firm, raise_actions
from capofila.roadmap.rules.schedule import LeftOut, Why
from capofila.roadmap.rules.shape import ActionWords, GoalPack, LibraryWords
from capofila.roadmap.tests.builders import ANSWERS, FIRST, LIVE, make_answers, make_library, make_questions
from capofila.roadmap.why import Said, openings, texts

QUESTIONS = make_questions()


def sentence(
    code: str,
    language: str = "en",
    *,
    goals: tuple[str, ...] = (),
    packs: Mapping[str, GoalPack] | None = None,
    peers: Mapping[str, Fraction] | None = None,
    gain: Fraction | None = Fraction(1, 4),
    after: tuple[str, ...] = (),
) -> str:
    answers = make_answers()
    scores = scoring.score(QUESTIONS, answers)
    firm = Firm(goals=goals)
    raised = raise_actions(make_library(), QUESTIONS, answers, firm, packs).raised
    weights = library.default_weights()
    found = prioritise(raised, QUESTIONS, scores, firm, weights, peers=peers)
    words = Words(
        language, {"prd": "Production", "dat": "Data"}, {}, {}, {},
        {code: QuestionWords(ask=code.partition(".")[2].capitalize()) for code in ANSWERS},
    )  # fmt: skip
    actions = LibraryWords(language, {FIRST.code: ActionWords(name="Give everybody a name")})
    opened = openings(found, QUESTIONS, scores, peers or {})
    said = Said(language, QUESTIONS, None, scores, peers or {}, words, actions, opened)
    return said.why(next(p for p in found if p.code == code), gain, after)


def test_it_opens_with_what_speaks_for_the_action_most() -> None:
    assert sentence(FIRST.code) == (
        "You stand low here: 6 working days of your own and about 750 EUR take “Login” from level 1 to 3 "
        "and “Backup” from level 2 to 3, which adds 0.25 to the overall score."
    )
    assert sentence(LIVE.code, goals=("shorter-lead-times",)).startswith(
        "It serves your goal of delivering in less time: 12 working days of your own and about 10,000 EUR"
    )


def test_what_a_goal_requires_is_said_with_both_levels() -> None:
    packs = {"energy": GoalPack("energy", {"prd.tracking": 4})}

    found = sentence(LIVE.code, "it", goals=("energy",), packs=packs)

    assert found == (
        "Il vostro obiettivo di consumare meno energia chiede il livello 4 in «Tracking», dove siete al 2: "
        "con 12 giornate vostre e circa 10.000 euro si porta «Tracking» dal livello 2 al 4, "
        "cioè 0,25 in più sul punteggio complessivo."
    )


def test_being_behind_the_peers_is_said_with_both_figures() -> None:
    found = sentence(LIVE.code, peers={"prd": Fraction(5), "dat": Fraction(1)})

    assert found.startswith("Your peers are ahead in the area “Production”, 5.00 against your 3.00:")


@pytest.mark.parametrize(
    ("gain", "said"),
    [
        (None, "from level 2 to 4."),
        (Fraction(0), "from level 2 to 4."),
        (Fraction(1, 1000), "which adds less than 0.01 to the overall score."),
        (Fraction(5, 1000), "which adds 0.01 to the overall score."),
    ],
)
def test_a_gain_is_said_where_there_is_one(gain: Fraction | None, said: str) -> None:
    assert sentence(LIVE.code, gain=gain).endswith(said)


def test_what_comes_before_it_is_named() -> None:
    assert sentence(LIVE.code, after=(FIRST.code,)).endswith("; it begins after “Give everybody a name”.")


@pytest.mark.parametrize("language", ["it", "en"])
def test_both_languages_say_the_same_things(language: str) -> None:
    here, there = texts(language), texts("en")

    assert list(here) == list(there)
    for key, value in there.items():
        assert type(here[key]) is type(value)
        if isinstance(value, list | dict):
            assert len(here[key]) == len(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["it", "en"])
def test_every_reason_for_leaving_an_action_out_has_its_phrase(language: str) -> None:
    answers = make_answers()
    said = Said(
        language, QUESTIONS, None, scoring.score(QUESTIONS, answers), {}, Words(language, {}, {}, {}, {}, {}),
        LibraryWords(language), {},
    )  # fmt: skip

    phrases = {said.left_out(LeftOut(why, ("a.one",)), "rented") for why in get_args(Why)}

    assert len(phrases) == 7
    assert any("a.one" in phrase for phrase in phrases)
    assert any("rented" in phrase for phrase in phrases)
