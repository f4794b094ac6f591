"""What is written as an XLSForm is read back as the same, and other tools read it too."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from capofila.__main__ import main
from capofila.instruments import library, xlsform_file
from capofila.instruments.rules import shape, wording, writing
from capofila.instruments.rules.reading import read_instrument
from capofila.instruments.rules.shape import (
    LEVELS,
    Band,
    Bands,
    Condition,
    Instrument,
    Question,
    QuestionWords,
    Scoring,
    Words,
)
from capofila.instruments.rules.xlsform.reading import Imported, Wishes, read_book
from capofila.instruments.rules.xlsform.vocabulary import Log
from capofila.instruments.rules.xlsform.writing import write_form
from capofila.instruments.tests.builders import write_instrument
from capofila.lib import sources

RELEASED = ["digital-maturity", "eu-dma-sme", "eu-dma-pso"]


def there_and_back(folder: Path, name: str) -> Path:
    file = folder / "form.xlsx"
    assert main(["export_xlsform", name, "-o", str(file)]) == 0
    assert main(["import_xlsform", str(file), "-o", str(folder / "back"), "--strict"]) == 0
    return folder / "back"


def content(folder: Path) -> dict[str, Any]:
    return {file.name: yaml.safe_load(file.read_text(encoding="utf-8")) for file in folder.glob("*.yaml")}


@pytest.mark.parametrize("code", RELEASED)
def test_the_released_instruments_come_back_as_they_were(
    code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    back = there_and_back(tmp_path, code)

    assert content(back) == content(library.find(code))
    assert library.load(str(back)) == library.load(code)
    for language in ("en", "it"):
        assert library.words(str(back), language) == library.words(code, language)
    assert library.check(back)[1] == []
    assert capsys.readouterr().err == ""


def test_every_type_condition_and_variant_comes_back(tmp_path: Path) -> None:
    folder = write_instrument(tmp_path / "small-1.0")

    back = there_and_back(tmp_path, str(folder))

    assert library.load(str(back)) == library.load(str(folder))
    assert library.words(str(back), "it") == library.words(str(folder), "it")


def test_the_same_instrument_is_the_same_bytes(tmp_path: Path) -> None:
    directory = library.find("eu-dma-sme")

    assert xlsform_file.export(directory, Log("")) == xlsform_file.export(directory, Log(""))


@pytest.mark.parametrize("code", RELEASED)
def test_other_tools_take_it_for_a_valid_form(code: str, tmp_path: Path) -> None:
    from pyxform.xls2xform import convert  # noqa: PLC0415 (slow to import)

    file = tmp_path / "form.xlsx"
    file.write_bytes(xlsform_file.export(library.find(code), Log("")))
    warnings: list[str] = []

    form = convert(str(file), warnings=warnings).xform

    instrument = library.load(code)
    assert warnings == []
    assert all(f"/{question.code}" in form for question in instrument.questions)
    assert form.count("<translation ") == 2


def test_a_form_with_every_type_is_valid_too(tmp_path: Path) -> None:
    from pyxform.xls2xform import convert  # noqa: PLC0415 (slow to import)

    file = tmp_path / "form.xlsx"
    file.write_bytes(xlsform_file.export(write_instrument(tmp_path / "small-1.0"), Log("")))
    warnings: list[str] = []

    form = convert(str(file), warnings=warnings).xform

    assert warnings == []
    assert "selected( /data/ord/ord.ways , '1')" in form


def test_files_of_the_folder_that_have_no_place_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_instrument(tmp_path / "small-1.0")
    (folder / "notes.txt").write_text("to do")

    assert main(["export_xlsform", str(folder), "-o", str(tmp_path / "form.xlsx")]) == 0
    assert "The file notes.txt is not carried. [xlsform.other-file]" in capsys.readouterr().err


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    import openpyxl  # noqa: PLC0415 (slow to import)

    folder = write_instrument(tmp_path / "small-1.0", words=FORMULAS)
    file = tmp_path / "form.xlsx"

    file.write_bytes(xlsform_file.export(folder, Log("")))

    cells = [cell for page in openpyxl.load_workbook(file).worksheets for row in page.rows for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    assert "=1+1" in {cell.value for cell in cells}


FORMULAS = (Path(__file__).parent / "builders.py").read_text(encoding="utf-8").split('WORDS = """\\\n')[1]
FORMULAS = FORMULAS.split('"""')[0].replace("How many people?", "=1+1")


# Instruments of any kind


def text(longest: int = 12) -> st.SearchStrategy[str]:
    """What a words file can hold: anything but blanks alone."""
    letters = st.characters(exclude_categories=["Cs"]) | st.sampled_from("aà'\"’“ \n\t=_x$")
    written = st.text(letters, min_size=1, max_size=longest) | st.sampled_from(
        ["_x0041_", "${a}", "-1", "yes"]
    )
    return written.filter(lambda value: bool(value.strip()))


codes = st.text(st.sampled_from("abAB1.-_ è'\"’"), min_size=1, max_size=4).filter(
    lambda code: bool(code.strip()) and code != "overall"
)
numbers = st.decimals(-50, 50, places=2).map(lambda number: Fraction(str(number)))
Draw = Callable[[st.SearchStrategy[Any]], Any]


def listed(draw: Draw, least: int = 1, most: int = 3) -> tuple[str, ...]:
    return tuple(draw(st.lists(codes, min_size=least, max_size=most, unique=True)))


def condition(draw: Draw, earlier: list[Question], depth: int = 0) -> Condition | None:
    tests = [test for _ in range(draw(st.integers(1, 3))) if (test := one_test(draw, earlier)) is not None]
    inner = condition(draw, earlier, depth + 1) if depth < 2 and draw(st.booleans()) else None
    every: tuple[shape.Test | Condition, ...] = (*tests, *([inner] if inner else []))
    return Condition(draw(st.sampled_from(["all", "any"])), every) if every else None


def one_test(draw: Draw, earlier: list[Question]) -> shape.Test | None:
    fit = [question for question in earlier if question.type not in {"matrix", "scale", "tristate"}]
    if not fit:
        return None
    question = draw(st.sampled_from(fit))
    if question.type in {"level", "integer", "decimal"}:
        operator: Literal["at_least", "at_most", "is"] = draw(st.sampled_from(["at_least", "at_most", "is"]))
        return shape.Test(
            question.code, operator, draw(st.sampled_from(["1", "3", "+3", "2.0", "07", "-4", ".5"]))
        )
    if question.type in {"ticks", "choice"}:
        return shape.Test(
            question.code,
            "includes" if question.type == "ticks" else "is",
            draw(st.sampled_from(question.items)),
        )
    return shape.Test(question.code, "is", draw(text(5)))


@st.composite
def instruments(draw: Draw) -> Instrument:
    every = listed(draw, 4, 10)  # also codes that differ in capitals alone
    areas, dimensions, asked = every[:2], every[2 : draw(st.integers(2, 3))], every[3:]
    questions: list[Question] = []
    for code in asked:
        type_ = draw(st.sampled_from([*writing_types()]))
        items = listed(draw) if type_ in {"ticks", "choice"} else ()
        scored = type_ in {"level", "ticks", "matrix", "scale", "tristate"}
        questions.append(
            Question(
                code=code,
                area=draw(st.sampled_from(areas)),
                type=type_,
                dimension=draw(st.sampled_from(dimensions)) if scored and dimensions else None,
                weight=draw(st.sampled_from([Fraction(1), Fraction(2), Fraction(1, 8)])),
                items=items,
                negative=frozenset(draw(st.sets(st.sampled_from(items))))
                if type_ == "ticks"
                else frozenset(),
                rows=listed(draw) if type_ in {"matrix", "scale", "tristate"} else (),
                columns=listed(draw) if type_ == "matrix" else (),
                shown_when=condition(draw, questions) if draw(st.booleans()) else None,
            )
        )
    low, middle, high = sorted(draw(st.lists(numbers, min_size=3, max_size=3, unique=True)))
    bands = (Band("low band", low, middle), Band("high", middle, high))
    profiles = draw(st.sampled_from([{}, {"all of it": frozenset()}]))
    if profiles and len(asked) > 1:
        profiles["some"] = frozenset(asked[:1])
    eu = Scoring("eu-dma", {"negative": "tick", "missing": "zero"})
    return Instrument(
        code="made", version="1.0", source=draw(text()), low=low, high=high, areas=areas,
        questions=tuple(questions), dimensions=dimensions, profiles=profiles,
        not_applicable=draw(st.sampled_from(["excluded", "zero", "refused"])),
        min_coverage=draw(st.sampled_from([Fraction(0), Fraction(3, 5)])),
        bands=draw(st.sampled_from([Bands("lower", ()), Bands("upper", bands), Bands("lower", bands)])),
        scoring=draw(st.sampled_from([Scoring(), eu])),
    )  # fmt: skip


def writing_types() -> tuple[str, ...]:
    return ("level", "ticks", "choice", "matrix", "scale", "tristate", "integer", "decimal", "text", "date")


def worded(draw: Draw, question: Question, has: frozenset[str], least: str = "") -> QuestionWords:
    """Words with the parts that `has` names, as far as the type has them."""

    def one(part: str) -> str:
        return draw(text()) if part in has or part == least else ""

    def several(part: str, keys: tuple[str, ...]) -> dict[str, str]:
        return {key: draw(text()) for key in keys} if part in has else {}

    count = {"scale": 6, "tristate": 3}.get(question.type, 0)
    level = question.type == "level" and (bool(least) or "levels" in has)
    return QuestionWords(
        ask=one("ask"), short=one("short"), why=one("why"), evidence=one("evidence"),
        levels=tuple(draw(text()) for _ in LEVELS) if level else (),
        items=several("items", question.items), rows=several("rows", question.rows),
        columns=several("columns", question.columns),
        points=tuple(draw(text()) for _ in range(count)) if "points" in has else (),
    )  # fmt: skip


@st.composite
def spoken(draw: Draw, instrument: Instrument) -> dict[str, Words]:
    """Words of one or two languages; what one says of a question, the other says."""
    parts = ("short", "why", "evidence", "levels", "items", "rows", "columns", "points")
    having = {code: draw(st.frozensets(st.sampled_from(parts))) for code in instrument.by_code}
    names = (*instrument.areas, *instrument.dimensions, *instrument.profiles)
    named = (*names, *(band.code for band in instrument.bands.bands))
    found = {}
    for language in draw(st.sampled_from([("it",), ("en", "it"), ("de", "pt-BR")])):
        questions = {}
        for code, question in instrument.by_code.items():
            plain = worded(draw, question, having[code], least="ask")
            profiles = {
                profile: worded(draw, question, draw(st.frozensets(st.sampled_from(["ask", *parts]))))
                for profile in instrument.profiles
                if draw(st.booleans())
            }
            questions[code] = QuestionWords(**{**vars(plain), "profiles": profiles})
        variants = {
            (code, profile): {
                part: draw(text()) for part in draw(st.sets(st.sampled_from(["name", "short"])))
            }
            for code in instrument.areas
            for profile in instrument.profiles
            if draw(st.booleans())
        }
        some = st.dictionaries(st.sampled_from(named), text(), max_size=3)
        found[language] = Words(
            language, {code: draw(text()) for code in named}, draw(some), draw(some), variants, questions
        )
    return found


def through_the_workbook(instrument: Instrument, words: dict[str, Words], folder: Path) -> Imported:
    log = Log("form")
    sheets = write_form(instrument, words, {}, log)
    assert (log.refused, log.lost) == ([], [])
    file = folder / "form.xlsx"
    file.write_bytes(xlsform_file.workbook(sheets))
    found = read_book(xlsform_file.read(file), Wishes(), log)
    assert ([str(one.problem) for one in log.lost], log.refused) == ([], [])
    return found


@pytest.mark.slow
@settings(max_examples=150, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_instrument_comes_back_through_a_workbook(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    instrument = data.draw(instruments())
    words = data.draw(spoken(instrument))

    found = through_the_workbook(instrument, words, tmp_path_factory.getbasetemp())

    assert found.instrument == instrument
    assert found.words == words


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_instrument_comes_back_from_its_files(data: st.DataObject) -> None:
    instrument = data.draw(instruments())
    words = data.draw(spoken(instrument))
    problems: list[Any] = []

    tree = sources.parse_yaml(writing.instrument_text(instrument, "made"), "instrument.yaml", problems)
    again = read_instrument(tree, "instrument.yaml", problems)
    spoken_again = {
        language: wording.read_words(
            sources.parse_yaml(writing.words_text(said, instrument, "made"), "words", problems),
            "words", language, instrument, problems,
        )
        for language, said in words.items()
    }  # fmt: skip

    assert [str(problem) for problem in problems] == []
    assert (again, spoken_again) == (instrument, words)
