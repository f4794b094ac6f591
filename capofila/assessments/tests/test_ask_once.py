"""What the 140 answers imply for the Commission's form, and what its cells imply for the 140."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capofila.assessments.rules.answers import Answer, Answers
from capofila.assessments.rules.ask_once import Proposal, backward, cells, forward, proposed_answers
from capofila.assessments.rules.scoring import score
from capofila.instruments import library
from capofila.instruments.rules import implied as rows
from capofila.instruments.rules.implied import Cell
from capofila.lib import sources
from capofila.lib.problems import Problem

OURS, FORM = library.load("digital-maturity@1.0"), library.load("eu-dma-sme@1.0")
PROFILES = tuple(OURS.profiles)


def implied() -> rows.Implied:
    found = library.implied(OURS.name, FORM.name)
    assert found is not None
    return found


def all_at(level: int, profile: str) -> Answers:
    return {question.code: Answer(level) for question in OURS.applicable(profile)}


@pytest.mark.parametrize(
    ("profile", "least"),
    [("manufacturing", 80), ("services", 70), ("trade", 70), ("construction-crafts", 70)],
)
@pytest.mark.parametrize("level", [1, 3, 5])
def test_a_full_interview_fills_most_of_the_form(profile: str, least: int, level: int) -> None:
    assert len(cells(FORM)) == 96

    assert len(forward(implied(), OURS, all_at(level, profile), profile)) >= least


def test_a_proposal_names_what_speaks_for_it() -> None:
    answers = {"str.erp": Answer(2), "des.cad": Answer(2), "des.product-data": Answer(1)}

    found = forward(implied(), OURS, answers, "manufacturing")

    assert found[Cell("q3", "10")] == Proposal(Cell("q3", "10"), True, (("str.erp", 2),))
    assert found[Cell("q1", "1", "already")].sources == (("des.cad", 2),)
    assert Cell("q5", "1") not in found  # ppl.skills is not answered


def test_no_data_collected_is_proposed_only_where_nothing_else_is_ticked() -> None:
    nothing = forward(implied(), OURS, all_at(1, "manufacturing"), "manufacturing")
    something = forward(
        implied(), OURS, {**all_at(1, "manufacturing"), "str.dashboard": Answer(3)}, "manufacturing"
    )

    assert nothing[Cell("q7", "2")].mark is True
    assert Cell("q7", "2") not in something


PROFILE = st.sampled_from(PROFILES)
INTERVIEW = st.dictionaries(
    st.sampled_from(list(OURS.by_code)),
    st.one_of(st.integers(1, 5).map(Answer), st.just(Answer(reason="none of ours"))),
    max_size=140,
)


@settings(max_examples=60, deadline=None)
@given(INTERVIEW, PROFILE)
def test_the_way_back_never_contradicts_an_answer(answers: dict[str, Answer], profile: str) -> None:
    """Levels that the implied form leaves hold the level that implied it."""
    given_ = {code: answer for code, answer in answers.items() if code in shown(profile)}
    form = proposed_answers(FORM, forward(implied(), OURS, given_, profile).values())

    for code, narrowed in backward(implied(), FORM, form, OURS, profile).items():
        level = given_.get(code, Answer(reason="not said")).value
        assert level is None or level in narrowed.levels, (code, level, narrowed)


@settings(max_examples=60, deadline=None)
@given(INTERVIEW, PROFILE, st.sampled_from(list(OURS.by_code)))
def test_a_higher_level_never_takes_a_cell_away(answers: dict[str, Answer], profile: str, code: str) -> None:
    given_ = {asked: answer for asked, answer in answers.items() if asked in shown(profile)}
    if not isinstance(level := given_.get(code, Answer(reason="no")).value, int) or level == 5:
        return
    before = forward(implied(), OURS, given_, profile)
    after = forward(implied(), OURS, {**given_, code: Answer(level + 1)}, profile)

    for cell, proposal in before.items():
        if cell in after and cell != Cell("q7", "2"):
            assert height(after[cell]) >= height(proposal)


def shown(profile: str) -> set[str]:
    return {question.code for question in OURS.applicable(profile)}


def height(proposal: Proposal) -> int:
    mark = proposal.mark
    return ("no", "partly", "yes").index(mark) if isinstance(mark, str) else int(mark)


def test_the_form_of_a_full_interview_scores_higher_for_a_higher_level() -> None:
    def overall(level: int) -> Fraction:
        proposals = forward(implied(), OURS, all_at(level, "manufacturing"), "manufacturing")
        answers = proposed_answers(FORM, proposals.values())
        rest = {**answers, **{code: complete(code, answers) for code in ("q4", "q9")}}
        found = score(FORM, rest).overall.value
        assert found is not None
        return found

    assert overall(1) < overall(3) < overall(5)


def complete(code: str, answers: Answers) -> Answer:
    """The rows that nothing implies, at zero."""
    value = answers[code].value
    assert isinstance(value, dict)
    return Answer({row: value.get(row, 0) for row in FORM.by_code[code].rows})


def test_a_form_narrows_the_levels_of_the_interview() -> None:
    answers = {"q5": Answer(("1",)), "q4": Answer({"2": 5, "7": 3})}

    found = backward(implied(), FORM, answers, OURS, "manufacturing")

    assert found["ppl.skills"].levels == (3, 4, 5)
    assert found["ppl.skills"].sources == (Cell("q5", "1"),)
    assert found["ppl.training-plan"].levels == (1, 2)
    assert found["mnt.remote-help"].levels == (5,)
    assert found["des.additive"].levels == (2,)
    assert "dat.backup" not in found


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("{cell: q2.99, question: str.erp, ticked_at: 3}", "implied.unknown-cell"),
        ("{cell: q1.1, question: str.erp, ticked_at: 3}", "implied.unknown-cell"),
        ("{cell: q2.1, question: str.erpp, ticked_at: 3}", "implied.choice"),
        ("{cell: q2.1, question: str.erp}", "implied.marks"),
        ("{cell: q2.1, question: str.erp, ticked_at: 6}", "implied.choice"),
        ("{cell: q4.1, question: str.erp, values: [0, 1]}", "implied.marks"),
        ("{cell: q2.1, question: str.erp, ticked_at: 3, profiles: [factory]}", "implied.unknown-profile"),
    ],
)
def test_a_mistake_in_a_row_is_named(row: str, code: str) -> None:
    problems: list[Problem] = []
    text = f"from: {OURS.name}\nto: {FORM.name}\ncells:\n  - {row}\n"

    rows.read_implied(
        sources.parse_yaml(text, "implied.yaml", problems), "implied.yaml", OURS, FORM, problems
    )

    assert [problem.code for problem in problems] == [code]
