"""Two rounds compared: one version, two versions by crosswalk, and what cannot be compared."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capofila.__main__ import main
from capofila.assessments.rules.answers import Answer
from capofila.assessments.rules.comparison import Apart, Change, Round, compare
from capofila.instruments import library
from capofila.instruments.rules.crosswalk import Crosswalk, Row, identity
from capofila.instruments.rules.shape import Question
from capofila.instruments.tests.builders import make_instrument, write_next_version

FOUR = make_instrument(
    Question("a.one", "a", "level"),
    Question("a.two", "a", "level", weight=Fraction(3)),
    Question("b.one", "b", "level"),
    Question("b.two", "b", "ticks", items=("1", "2")),
)


def levels(**by_code: int) -> dict[str, Answer]:
    return {code.replace("_", "."): Answer(value) for code, value in by_code.items()}


def test_only_what_both_sides_answered_is_scored() -> None:
    before = Round(FOUR, None, levels(a_one=1, a_two=2, b_one=5))
    after = Round(FOUR, None, {**levels(a_one=3, a_two=2), "b.one": Answer(reason="sold")})

    found = compare(before, after, identity(FOUR))

    assert (found.before.overall.value, found.after.overall.value) == (Fraction(7, 4), Fraction(9, 4))
    assert found.changed == (Change("a.one", 1, 3),)
    assert found.apart == (
        Apart("b.one", "not-applicable", "after"),
        Apart("b.two", "unanswered", "both"),
    )


MERGED = make_instrument(
    Question("a.both", "a", "level", weight=Fraction(2)), Question("b.one", "b", "level")
)


@pytest.mark.parametrize(
    ("rows", "expected", "apart"),
    [
        # (1 -> 1, 2 -> 3) are two on average; area b is not compared
        (
            [Row(("a.one", "a.two"), ("a.both",), "merged", {1: 1, 2: 3})],
            Fraction(2),
            [],
        ),
        ([Row(("a.one", "a.two"), ("a.both",), "merged")], None, ["a.one", "a.two", "a.both"]),
        ([Row(("a.one", "a.two"), ("a.both",), "merged", {1: 1})], None, ["a.both"]),  # 2 has no counterpart
        ([Row(("a.one",), ("a.both",), "reworded", {1: 4})], Fraction(4), []),
        ([Row(("a.one",), ("a.both", "b.one"), "split")], None, ["a.one", "a.both", "b.one"]),
        ([Row(("a.one",), (), "retired"), Row((), ("a.both",), "new")], None, ["a.one", "a.both"]),
    ],
)
def test_versions_are_compared_by_their_crosswalk(
    rows: list[Row], expected: Fraction | None, apart: list[str]
) -> None:
    before = Round(FOUR, None, levels(a_one=1, a_two=2))
    after = Round(MERGED, None, levels(a_both=4, b_one=2))

    found = compare(before, after, Crosswalk(tuple(rows)))

    assert found.before.overall.value == expected
    assert [one.question for one in found.apart] == apart


ANSWERS = st.dictionaries(
    st.sampled_from(["a.one", "a.two", "b.one"]),
    st.one_of(st.integers(1, 5).map(Answer), st.just(Answer(reason="none of ours"))),
)


@given(ANSWERS, ANSWERS)
def test_every_question_is_compared_or_said_not_to_be(
    before: dict[str, Answer], after: dict[str, Answer]
) -> None:
    found = compare(Round(FOUR, None, before), Round(FOUR, None, after), identity(FOUR))

    told = Counter([*(change.question for change in found.compared), *(one.question for one in found.apart)])
    assert told == Counter(list(FOUR.by_code))
    assert (found.before.overall.value is None) == (not found.compared)


@given(ANSWERS)
def test_nothing_changed_against_itself(answers: dict[str, Answer]) -> None:
    side = Round(FOUR, None, answers)

    found = compare(side, side, identity(FOUR))

    assert found.changed == ()
    assert found.before == found.after


Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    """An answers file of version 1.0, or of the invented 1.1, all at level 2 but for what is said."""
    write_next_version(tmp_path / "hub")
    monkeypatch.setenv("CAPOFILA_INSTRUMENTS", str(tmp_path / "hub"))

    def write_one(version: str, /, **said: object) -> Path:
        instrument = library.load(f"digital-maturity@{version}")
        answers: dict[str, object] = dict.fromkeys(instrument.by_code, 2)
        answers.update({code.replace("__", ".").replace("_", "-"): value for code, value in said.items()})
        path = tmp_path / f"{version}-{len(list(tmp_path.iterdir()))}.json"
        path.write_text(
            json.dumps(
                {
                    "instrument": "digital-maturity",
                    "version": version,
                    "profile": "manufacturing",
                    "answers": answers,
                }
            )
        )
        return path

    yield write_one
    library.load.cache_clear()


def compared(capsys: pytest.CaptureFixture[str], before: Path, after: Path) -> dict[str, object]:
    assert main(["compare", "--before", str(before), "--after", str(after), "--json"]) == 0
    read: dict[str, object] = json.loads(capsys.readouterr().out)
    return read


def test_the_command_compares_two_files_of_one_version(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    found = compared(capsys, write("1.0"), write("1.0", prd__scheduling=4, prd__tracking=None))

    assert found == {
        "comparable": {"before": 2.0, "after": pytest.approx(2 + 2 / 14 / 10, abs=0.01), "questions": 139},
        "changed": [{"question": "prd.scheduling", "before": 2, "after": 4}],
        "not_comparable": [{"question": "prd.tracking", "why": "unanswered after"}],
    }


def test_the_command_compares_across_versions(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    before = write("1.0", str__investment=3, str__cash_outlook=1)
    after = write("1.1", str__job_costing=5)

    found = compared(capsys, before, after)

    # Of the 14 questions of `str` four cannot be compared and two became one: nine are, in one of ten areas.
    assert found["comparable"] == {
        "before": pytest.approx(2 - 0.5 / 9 / 10, abs=1e-9),
        "after": pytest.approx(2 + 3 / 9 / 10, abs=1e-9),
        "questions": 135,
    }
    assert found["changed"] == [
        {"question": "str.job-costing", "before": 2, "after": 5},
        {"question": "str.outlook", "before": 1.5, "after": 2},
    ]
    assert found["not_comparable"] == [
        {"question": "str.kpi-review", "why": "split in 1.1"},
        {"question": "str.kpi-choice", "why": "split in 1.1"},
        {"question": "str.kpi-talk", "why": "split in 1.1"},
        {"question": "str.dashboard", "why": "merged in 1.1 without a map of levels"},
        {"question": "str.erp", "why": "merged in 1.1 without a map of levels"},
        {"question": "str.systems", "why": "merged in 1.1 without a map of levels"},
        {"question": "str.funding", "why": "retired in 1.1"},
        {"question": "str.partnerships", "why": "new in 1.1"},
    ]


def test_what_does_not_belong_together_is_refused(write: Write, tmp_path: Path) -> None:
    other = tmp_path / "eu.json"
    other.write_text(json.dumps({"instrument": "eu-dma-sme", "answers": {}}))

    assert main(["compare", "--before", str(write("1.0")), "--after", str(other)]) == 2
    assert main(["compare", "--before", str(write("1.1")), "--after", str(write("1.0"))]) == 2
