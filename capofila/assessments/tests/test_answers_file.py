"""Answers files as JSON, YAML, CSV and XLSX: the same answers are the same, the same mistakes refused."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capofila.assessments import answers_file
from capofila.assessments.answers_file import Facts, Submission
from capofila.assessments.rules import scoring
from capofila.instruments import library
from capofila.instruments.tests.builders import SMALL, write_instrument
from capofila.lib.problems import Problem, Refused
from capofila.lib.tests.refusals import refused_codes

HEADER = ("question", "item", "value", "not_applicable", "note")
FLAGS = Facts(instrument="small", profile="workshop")
ROWS: list[tuple[object, ...]] = [
    ("ord.plan", None, 3, None, "on the wall"),
    ("ord.ways", "1", 1, None, None),
    ("ord.ways", "2", 1, None, None),
    ("mac.care", None, None, "no machines of our own", None),
    ("mac.money", "1", "already", None, "see the budget"),
    ("mac.money", "1", "plan", None, None),
    ("mac.money", "2", "plan", None, None),
    ("mac.skill", "1", 4, None, None),
    ("mac.skill", "2", 0, None, None),
    ("mac.rules", "1", "yes", None, None),
    ("who.staff", None, 42, None, None),
    ("who.share", None, 12.5, None, None),
    ("who.says", None, "Anna", None, None),
    ("who.since", None, "2026-03-01", None, None),
    ("who.kind", None, "group", None, None),
]
ANSWERS: dict[str, object] = {
    "ord.plan": {"value": 3, "note": "on the wall"},
    "ord.ways": ["1", "2"],
    "mac.care": {"not_applicable": "no machines of our own"},
    "mac.money": {"value": {"1": ["already", "plan"], "2": ["plan"]}, "note": "see the budget"},
    "mac.skill": {"1": 4, "2": 0},
    "mac.rules": {"1": "yes"},
    "who.staff": 42,
    "who.share": 12.5,
    "who.says": "Anna",
    "who.since": "2026-03-01",
    "who.kind": "group",
}


@pytest.fixture(autouse=True, scope="module")
def _hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    hub = tmp_path_factory.mktemp("hub")
    write_instrument(hub / "small-1.0")
    write_instrument(hub / "small-1.1", SMALL.replace('"1.0"', '"1.1"'))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CAPOFILA_INSTRUMENTS", str(hub))
        library.load.cache_clear()
        yield
    library.load.cache_clear()


def write_json(folder: Path, **keys: object) -> Path:
    path = folder / "a.json"
    document = {"instrument": "small", "profile": "workshop", "answers": {}, **keys}
    path.write_text(json.dumps({key: value for key, value in document.items() if value != "absent"}))
    return path


def write_csv(
    folder: Path, rows: list[tuple[Any, ...]], separator: str = ",", end: str = "\n", bom: str = ""
) -> Path:
    path = folder / "a.csv"
    lines = [separator.join("" if cell is None else str(cell) for cell in row) for row in [HEADER, *rows]]
    path.write_bytes((bom + end.join(lines) + end).encode())
    return path


def write_xlsx(folder: Path, rows: list[tuple[Any, ...]]) -> Path:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in [HEADER, *rows]:
        book.active.append(row)
    path = folder / "a.xlsx"
    book.save(path)
    return path


def scores(submission: Submission) -> dict[str, object]:
    found = scoring.score(submission.instrument, submission.answers, submission.profile)
    return scoring.as_json(submission.instrument, submission.profile, found)


def test_the_same_answers_are_the_same_in_every_kind_of_file(tmp_path: Path) -> None:
    reference = answers_file.read(write_json(tmp_path, answers=ANSWERS))
    yaml = tmp_path / "a.yaml"
    yaml.write_text((tmp_path / "a.json").read_text())

    others = [
        answers_file.read(yaml),
        answers_file.read(write_csv(tmp_path, ROWS), FLAGS),
        answers_file.read(write_csv(tmp_path, ROWS, ";", "\r\n", "\ufeff"), FLAGS),
        answers_file.read(write_xlsx(tmp_path, ROWS), FLAGS),
        answers_file.read(write_xlsx(tmp_path, [tuple(map(spreadsheet, row)) for row in ROWS]), FLAGS),
    ]

    assert [other.answers for other in others] == [reference.answers] * 5
    assert [scores(other) for other in others] == [scores(reference)] * 5
    assert len(reference.answers) == 11


def spreadsheet(cell: object) -> object:
    """A cell as somebody types it: codes become numbers, whole numbers get decimals, days become dates."""
    if cell == "2026-03-01":
        return datetime(2026, 3, 1)
    return float(cell) if isinstance(cell, int) or (isinstance(cell, str) and cell.isdecimal()) else cell


def test_the_text_3_in_a_csv_is_3(tmp_path: Path) -> None:
    for written in ("3", "3.0", " 3 "):
        submission = answers_file.read(write_csv(tmp_path, [("ord.plan", None, written, None, None)]), FLAGS)

        assert submission.answers["ord.plan"].value == 3


def test_none_of_these_is_an_answer_of_one_row(tmp_path: Path) -> None:
    rows = [("ord.ways", None, "none", None, "by hand"), ("mac.money", None, "none", None, None)]

    answers = answers_file.read(write_csv(tmp_path, rows), FLAGS).answers

    assert (answers["ord.ways"].value, answers["ord.ways"].note) == ((), "by hand")
    assert answers["mac.money"].value == {}


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ([("ord.plam", None, 3, None, None)], ["answers.unknown-question"]),
        ([(None, None, 3, None, None)], ["answers.type"]),
        *[([("ord.plan", None, level, None, None)], ["answers.level"]) for level in (0, 6, 2.5, "three")],
        ([("ord.plan", "1", 3, None, None)], ["answers.item"]),
        ([("ord.plan", None, 3, None, None)] * 2, ["answers.duplicate-row"]),
        ([("ord.plan", None, 3, "no orders", None)], ["answers.value-and-not-applicable"]),
        ([("ord.ways", "4", 1, None, None)], ["answers.unknown-item"]),
        ([("ord.ways", "1", 1, None, None)] * 2, ["answers.duplicate-code"]),
        ([("ord.ways", "1", 0, None, None)], ["answers.tick"]),
        ([("ord.ways", "1", None, None, None)], ["answers.tick"]),
        ([("ord.ways", None, 1, None, None)], ["answers.tick"]),
        ([("ord.ways", None, "none", None, None), ("ord.ways", "1", 1, None, None)], ["answers.tick"]),
        ([("mac.money", "1", "done", None, None)], ["answers.unknown-item"]),
        ([("mac.money", "9", "plan", None, None)], ["answers.unknown-row"]),
        ([("mac.money", "1", "plan", None, None)] * 2, ["answers.duplicate-code"]),
        ([("mac.money", "1", None, None, None)], ["answers.matrix"]),
        ([("mac.skill", "1", 6, None, None)], ["answers.scale"]),
        ([("mac.skill", None, 3, None, None)], ["answers.row"]),
        ([("mac.skill", "1", 3, None, None)] * 2, ["answers.duplicate-row"]),
        ([("mac.rules", "1", "maybe", None, None)], ["answers.tristate"]),
        (
            [("mac.rules", "1", "yes", None, None), ("mac.rules", "2", "yes", None, "late")],
            ["answers.not-first-row"],
        ),
        (
            [("mac.rules", "1", "yes", None, None), ("mac.rules", "2", None, "why", None)],
            ["answers.not-first-row"],
        ),
    ],
)
def test_a_mistake_in_a_table_has_its_code_and_line(
    tmp_path: Path, rows: list[tuple[Any, ...]], codes: list[str]
) -> None:
    for path in (write_csv(tmp_path, rows), write_xlsx(tmp_path, rows)):
        with pytest.raises(Refused) as caught:
            answers_file.read(path, FLAGS)

        assert [problem.code for problem in caught.value.problems] == codes
        assert all(
            problem.at and problem.at.line and problem.at.line > 1 for problem in caught.value.problems
        )


@pytest.mark.parametrize(
    ("row", "codes"),
    [
        (("ord.plan", None, date(2026, 3, 1), None, None), ["answers.date-cell"]),
        (("ord.plan", None, 3, None, date(2026, 3, 1)), ["answers.date-cell"]),
        (("mac.skill", "1", date(2026, 3, 1), None, None), ["answers.date-cell"]),
        (("mac.skill", date(2026, 3, 1), 3, None, None), ["answers.date-cell"]),
        ((date(2026, 3, 1), None, 3, None, None), ["answers.date-cell"]),
        (("who.says", None, date(2026, 3, 1), None, None), ["answers.date-cell"]),
        (("mac.care", None, None, date(2026, 3, 1), None), ["answers.date-cell"]),
        (("mac.care", None, None, True, None), ["answers.not-applicable-without-reason"]),
        (("mac.care", None, None, 1, None), ["answers.not-applicable-without-reason"]),
        (("ord.plan", None, True, None, None), ["answers.level"]),
        (("ord.ways", "1", True, None, None), ["answers.tick"]),
        (("ord.ways", "1", "=1", None, None), ["table.formula"]),
    ],
)
def test_what_a_spreadsheet_makes_of_a_cell_is_refused(
    tmp_path: Path, row: tuple[Any, ...], codes: list[str]
) -> None:
    assert refused_codes(lambda: answers_file.read(write_xlsx(tmp_path, [row]), FLAGS)) == codes


def test_every_mistake_of_a_file_is_reported_at_once(tmp_path: Path) -> None:
    path = write_json(
        tmp_path, stage="T9", date="yesterday", colour="red", answers={"ord.plan": 6, "no.such": 1}
    )

    assert refused_codes(lambda: answers_file.read(path)) == [
        "answers.unknown-key", "answers.date", "answers.stage", "answers.level", "answers.unknown-question",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("keys", "codes"),
    [
        ({"instrument": "absent"}, ["answers.missing-key", "answers.no-instrument"]),
        ({"answers": "absent"}, ["answers.missing-key"]),
        ({"answers": None}, ["answers.type"]),
        ({"answers": [3]}, ["answers.type"]),
        ({"instrument": 7}, ["answers.type", "answers.no-instrument"]),
        ({"instrument": "digital"}, ["instrument.unknown"]),
        ({"instrument": "x" * 4000}, ["instrument.unknown"]),
        ({"version": "9.9"}, ["instrument.unknown-version"]),
        ({"version": True}, ["answers.type"]),
        ({"instrument": "small@1.0", "version": "1.1"}, ["answers.disagree"]),
        ({"instrument": "./nowhere"}, ["instrument.not-found"]),
        ({"profile": "worksop"}, ["answers.unknown-profile"]),
        ({"profile": "absent"}, ["answers.no-profile"]),
        ({"profile": None}, ["answers.no-profile"]),
        ({"stage": "t0"}, ["answers.stage"]),
        ({"date": 20260301}, ["answers.date"]),
        ({"language": ["it"]}, ["answers.type"]),
    ],
)
def test_what_a_file_says_of_itself_is_checked(
    tmp_path: Path, keys: dict[str, object], codes: list[str]
) -> None:
    assert refused_codes(lambda: answers_file.read(write_json(tmp_path, **keys))) == codes


def test_null_says_nothing(tmp_path: Path) -> None:
    submission = answers_file.read(write_json(tmp_path, version=None, stage=None, date=None, language=None))

    assert (submission.instrument.version, submission.stage, submission.day) == ("1.1", None, None)


def test_a_whole_file_keeps_what_it_says(tmp_path: Path) -> None:
    path = write_json(tmp_path, version="1.0", stage="T1", date="2026-03-01", language="it")

    submission = answers_file.read(path, Facts(instrument="small", profile="workshop", stage="T1"))

    assert submission.instrument.name == "small@1.0"
    assert (submission.stage, submission.day, submission.language) == ("T1", date(2026, 3, 1), "it")


@pytest.mark.parametrize(
    "flags",
    [
        Facts(instrument="eu-dma-sme"),
        Facts(instrument="nonsense"),
        Facts(instrument="small@1.1"),
        Facts(instrument="small@9.9"),
        Facts(profile="office"),
        Facts(stage="T0"),
        Facts(day=date(2026, 3, 2)),
    ],
)
def test_a_file_and_a_flag_that_disagree_are_refused(tmp_path: Path, flags: Facts) -> None:
    path = write_json(tmp_path, version="1.0", stage="T1", date="2026-03-01")

    assert refused_codes(lambda: answers_file.read(path, flags)) in (
        ["answers.disagree"],
        ["instrument.unknown-version"],
    )


def test_a_flag_may_say_more_exactly_which_version_or_folder_is_meant(tmp_path: Path) -> None:
    path = write_json(tmp_path)
    folder = write_instrument(tmp_path / "draft", SMALL.replace('"1.0"', '"2.0"'))

    assert answers_file.read(path, Facts(instrument="small@1.0")).instrument.version == "1.0"
    assert answers_file.read(path, Facts(instrument=str(folder))).instrument.version == "2.0"
    assert answers_file.read(path).instrument.version == "1.1"


def test_the_profile_of_the_company_is_used_and_may_not_disagree(tmp_path: Path) -> None:
    path = write_json(tmp_path, profile="absent")
    assert answers_file.read(path, company_profile="office").profile == "office"

    assert refused_codes(lambda: answers_file.read(path, Facts(profile="workshop"), "office")) == [
        "answers.disagree"
    ]


def test_an_instrument_without_profiles_takes_none_from_the_company(tmp_path: Path) -> None:
    path = write_json(tmp_path, instrument="eu-dma-sme", profile="absent")

    assert answers_file.read(path, company_profile="office").profile is None


def test_a_table_needs_to_be_told_its_instrument(tmp_path: Path) -> None:
    assert refused_codes(lambda: answers_file.read(write_csv(tmp_path, ROWS))) == ["answers.no-instrument"]


def test_an_unknown_kind_of_file_is_refused(tmp_path: Path) -> None:
    assert refused_codes(lambda: answers_file.read(tmp_path / "answers.ods")) == ["file.kind"]


def test_a_table_with_a_missing_column_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("question,item,value,note\nord.plan,,3,\n")

    assert refused_codes(lambda: answers_file.read(path, FLAGS)) == ["table.missing-column"]


codes = st.sampled_from(
    ["ord.plan", "ord.ways", "mac.money", "mac.skill", "mac.rules", "who.since", "who.kind", "?"]
)
cells = st.sampled_from(
    [None, "1", "2", 1, 2.0, "plan", "yes", "none", True, date(2026, 3, 1), "x", 1e300, -1, ""]
)


@given(st.lists(st.tuples(codes, cells, cells, cells, cells), max_size=5))
@settings(max_examples=30, deadline=None)
def test_any_cells_are_scored_or_refused(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[Any, ...]]
) -> None:
    path = write_xlsx(tmp_path_factory.getbasetemp(), rows)

    try:
        submission = answers_file.read(path, FLAGS)
    except (Problem, Refused):
        return

    assert scores(submission)["instrument"] == "small"


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | st.just("small"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(answers_file.KEYS), anything) | anything)
@settings(max_examples=80, deadline=None)
def test_any_document_is_scored_or_refused(
    tmp_path_factory: pytest.TempPathFactory, document: object
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.json"
    path.write_text(json.dumps(document))

    try:
        submission = answers_file.read(path)
    except (Problem, Refused):
        return

    assert scores(submission)["instrument"]
