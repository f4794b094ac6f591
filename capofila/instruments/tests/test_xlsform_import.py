"""An XLSForm made elsewhere becomes a sound instrument; what is not carried is listed, mistakes are named."""

import io
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from capofila.__main__ import main
from capofila.instruments import library, xlsform_file
from capofila.instruments.rules.shape import Condition, Instrument, Words
from capofila.instruments.rules.shape import Test as Look
from capofila.instruments.rules.xlsform.vocabulary import Log
from capofila.instruments.tests.builders import write_instrument
from capofila.instruments.tests.forms import CHOICES, FOREIGN, Sheets, form, workbook, write_form

COLOURS = [["colour", "red", "Red"], ["colour", "blue", "Blue"], ["colour", "7", "Seven"]]
STEPS = [["step", f"l{level}", f"Step {level}"] for level in (5, 4, 3, 2, 1)]


def imported(folder: Path, sheets: Sheets, *flags: str) -> tuple[Instrument, Path]:
    """The instrument and its folder, found sound."""
    file = write_form(folder / "form.xlsx", sheets)
    out = folder / "out"
    assert main(["import_xlsform", str(file), "-o", str(out), "--json", *flags]) == 0
    assert library.check(out)[1] == []
    return library.load(str(out)), out


def lists(
    printed: str,
) -> tuple[list[tuple[str, int | None, str | None, str]], list[tuple[str, Any, Any, str]]]:
    """(sheet, row, column, code) of what is not carried, and of what is carried otherwise."""
    document = json.loads(printed)
    return tuple(  # type: ignore[return-value]
        [(one["sheet"], one["row"], one["column"], one["code"]) for one in document[key]]
        for key in ("not_carried", "carried_otherwise")
    )


def refused(folder: Path, sheets: Sheets, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The lines on stderr, without the folder; nothing is written."""
    file = write_form(folder / "form.xlsx", sheets)
    assert main(["import_xlsform", str(file), "-o", str(folder / "out")]) == 2
    assert sorted(path.name for path in folder.iterdir()) == ["form.xlsx"]
    return [line.replace(f"{folder}/", "") for line in capsys.readouterr().err.splitlines()]


# A form made elsewhere


def test_a_form_made_elsewhere_becomes_an_instrument(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    instrument, out = imported(tmp_path, FOREIGN)

    words: Words = library.words(str(out), "it")
    assert (instrument.code, instrument.version) == ("orders-check", "2024.03")
    assert [(question.code, question.area, question.type) for question in instrument.questions] == [
        ("firm", "general", "text"), ("planning", "orders", "level"), ("ways", "orders", "ticks"),
        ("tablets", "orders", "choice"), ("staff", "orders", "integer"), ("share", "orders", "decimal"),
        ("since", "general", "date"),
    ]  # fmt: skip
    assert words.names == {"general": "Orders check", "orders": "Ordini"}
    assert words.questions["planning"].levels[2] == "In un foglio"
    assert words.questions["planning"].why == "Ora gli ordini."
    assert words.questions["since"].ask == "Since when?"
    assert instrument.by_code["share"].shown_when == Condition(
        "all",
        (
            Look("staff", "at_least", "10"),
            Condition("any", (Look("ways", "includes", "web"), Look("tablets", "is", "some"))),
        ),
    )


def test_what_is_not_carried_is_listed_line_by_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    imported(tmp_path, FOREIGN)

    printed = capsys.readouterr()
    lost, changed = lists(printed.out)
    assert lost == [
        ("survey", 2, "type", "xlsform.type"),
        ("survey", 4, "required", "xlsform.column"),
        ("survey", 5, "appearance", "xlsform.column"),
        ("survey", 10, "constraint", "xlsform.column"),
        ("survey", 13, "type", "xlsform.type"),
        ("survey", 14, "type", "xlsform.type"),
        ("survey", 15, "relevant", "xlsform.condition"),
        ("choices", 2, "score", "xlsform.column"),
        ("choices", 3, "score", "xlsform.column"),
    ]
    assert changed == [
        ("survey", 3, "label", "xlsform.note-moved"),
        ("survey", 4, "hint::it", "xlsform.untranslated"),
        ("survey", 6, "label", "xlsform.note-moved"),
        ("survey", 7, "type", "xlsform.level"),
        ("survey", 11, "relevant", "xlsform.unanswered"),
        ("survey", 15, "label::it", "xlsform.untranslated"),
    ]
    assert len(printed.err.splitlines()) == len(lost) + len(changed)
    assert (
        "form.xlsx (survey):10: constraint: constraint is not carried: . > 0. [xlsform.column]" in printed.err
    )


def test_a_strict_import_refuses_what_is_not_carried(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write_form(tmp_path / "form.xlsx", FOREIGN)

    assert main(["import_xlsform", str(file), "-o", str(tmp_path / "out"), "--strict"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 9
    assert not (tmp_path / "out").exists()


def test_code_version_and_language_can_be_said(tmp_path: Path) -> None:
    sheets = form(["text", "who", "Chi?"])

    instrument, out = imported(tmp_path, sheets, "--code", "who", "--version", "2.0", "--language", "it")

    assert (instrument.name, library.languages(out)) == ("who@2.0", ["it"])


def test_a_form_of_nothing_but_questions_takes_its_name_from_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    instrument, out = imported(tmp_path, form(["text", "who", "Who?"]))

    assert (instrument.name, instrument.areas) == ("form@1.0", ("general",))
    assert library.languages(out) == ["en"]
    assert lists(capsys.readouterr().out)[1] == [("survey", 1, "label", "xlsform.language")]


@pytest.mark.parametrize(
    ("choices", "extra", "levels"),
    [
        ([[level, f"Step {level}"] for level in (1, 2, 3, 4, 5)], "", True),
        ([[f"l{level}", f"Step {level}"] for level in (5, 4, 3, 2, 1)], "", True),
        ([[name, f"Step {score}", score] for score, name in enumerate("abcde", start=1)], "score", True),
        (
            [[name, f"Step {score}", score] for score, name in enumerate("abcde", start=1)],
            "capofila_level",
            True,
        ),
        ([[name, f"Step {score + 1}", score] for score, name in enumerate("abcde")], "capofila_score", True),
        ([[level, f"Step {level}"] for level in (0, 1, 2, 3, 4)], "", False),
        ([[level, f"Step {level}"] for level in (1, 2, 3, 4)], "", False),
        ([[f"{name}{level}", "Step"] for level, name in enumerate("abcde", start=1)], "", False),
        ([[name, f"Step {score}", score * 25] for score, name in enumerate("abcde")], "score", False),
    ],
)
def test_choices_are_levels_when_they_are_numbered_one_to_five(
    choices: list[list[object]], extra: str, levels: bool, tmp_path: Path
) -> None:
    sheets: Sheets = {
        "survey": [["type", "name", "label"], ["select_one step", "a", "Which step?"]],
        "choices": [["list_name", "name", "label", extra], *(["step", *choice] for choice in choices)],
    }

    instrument, out = imported(tmp_path, sheets)

    words = library.words(str(out), "en").questions["a"]
    assert instrument.by_code["a"].type == ("level" if levels else "choice")
    if levels:
        assert words.levels == ("Step 1", "Step 2", "Step 3", "Step 4", "Step 5")


def test_our_columns_say_type_weight_dimension_and_what_speaks_against(tmp_path: Path) -> None:
    columns = ["type", "name", "label", "capofila_type", "capofila_weight", "capofila_dimension"]
    sheets: Sheets = {
        "survey": [
            columns,
            ["select_one one", "a", "One to five", "choice"],
            ["select_multiple ways", "b", "Ways", "", "2.5", "tools"],
        ],
        "choices": [
            ["list_name", "name", "label", "capofila_score"],
            *(["one", level, f"{level}"] for level in range(1, 6)),
            ["ways", "x", "X", 1], ["ways", "y", "Y", 0],
        ],
    }  # fmt: skip

    instrument, _ = imported(tmp_path, sheets)

    one, two = instrument.questions
    assert (one.type, two.type, float(two.weight), two.dimension) == ("choice", "ticks", 2.5, "tools")
    assert two.negative == {"y"}


def test_a_form_whose_questions_are_all_required_knows_no_not_applicable(tmp_path: Path) -> None:
    lines: list[list[object]] = [["text", "a", "A?", "yes"], ["integer", "b", "B?", True]]

    instrument, _ = imported(tmp_path, form(*lines, columns=("type", "name", "label", "required")))

    assert instrument.not_applicable == "refused"


def test_groups_in_groups_and_repeats_are_asked_once_in_the_outer_area(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheets = form(
        ["begin group", "outer", "Outer"], ["begin_repeat", "inner", "Inner"], ["text", "a", "A?"],
        ["end_repeat"], ["end group"], ["text", "b", "B?"], ["note", "bye", "Thank you"],
        choices=[["unused", "x", "X"]], settings=[["default_language"], ["English (en)"]],
    )  # fmt: skip

    instrument, _ = imported(tmp_path, sheets)

    assert [(question.code, question.area) for question in instrument.questions] == [
        ("a", "outer"),
        ("b", "general"),
    ]
    assert lists(capsys.readouterr().out)[0] == [
        ("survey", 3, "type", "xlsform.repeat"),
        ("survey", 3, "label::en", "xlsform.column"),
        ("survey", 8, "label", "xlsform.note"),
        ("choices", 2, "list_name", "xlsform.unused-list"),
    ]


def test_the_choice_other_is_kept_and_the_text_behind_it_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheets = form(
        ["select_one colour or_other", "a", "Which?"], ["text", "b", "B?", "${a} = 'other'"], choices=COLOURS
    )

    instrument, out = imported(tmp_path, sheets)

    assert instrument.by_code["a"].items == ("red", "blue", "7", "other")
    assert library.words(str(out), "en").questions["a"].items["other"] == "Other"
    assert [code for *_, code in lists(capsys.readouterr().out)[0]] == ["xlsform.or-other"]


def test_five_steps_and_another_choice_are_no_levels(tmp_path: Path) -> None:
    instrument, _ = imported(tmp_path, form(["select_one step or_other", "a", "Which?"], choices=STEPS))

    assert (instrument.by_code["a"].type, len(instrument.by_code["a"].items)) == ("choice", 6)


def test_a_group_and_a_question_of_one_name_are_told_apart(tmp_path: Path) -> None:
    sheets = form(["begin_group", "a", "A"], ["text", "a", "A?"], ["text", "overall", "O?"], ["end_group"])

    instrument, _ = imported(tmp_path, sheets)

    assert (instrument.areas, list(instrument.by_code)) == (("a-2",), ["a", "overall-question"])


def test_other_sheets_and_cells_without_a_header_are_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheets: Sheets = {
        **form(
            ["text", "a", "A?", "", "a remark"], settings=[["default_language", "style"], ["it", "pages"]]
        ),
        "Notes": [["to do"]],
    }

    imported(tmp_path, sheets)

    assert lists(capsys.readouterr().out)[0] == [
        ("survey", 2, "without a name", "xlsform.column"),
        ("settings", 2, "style", "xlsform.column"),
        ("Notes", None, None, "xlsform.sheet"),
    ]


# Conditions

ASKED: list[Sequence[object]] = [
    ["select_one colour", "colour", "Colour?"],
    ["select_multiple colour", "colours", "Colours?"],
    ["select_one step", "step", "Step?"],
    ["integer", "count", "Count?"],
    ["decimal", "share", "Share?"],
    ["text", "why", "Why?"],
    ["date", "day", "Day?"],
]


def look(question: str, operator: Any, operand: str) -> Look:
    return Look(question, operator, operand)


RED, BLUE = look("colour", "is", "red"), look("colour", "is", "blue")
SEVEN = look("colour", "is", "7")


@pytest.mark.parametrize(
    ("relevant", "condition"),
    [
        ("${colour} = 'red'", RED),
        ('"red" = ${colour}', RED),
        ("selected(${colour}, 'red')", RED),
        ("${colour} = 7", SEVEN),
        ("${colour} != 'red'", Condition("any", (BLUE, SEVEN))),
        ("not(selected( ${colour} ,'red'))", Condition("any", (BLUE, SEVEN))),
        ("${colour} != ''", Condition("any", (RED, BLUE, SEVEN))),
        ("selected(${colours}, 'red')", look("colours", "includes", "red")),
        (
            "count-selected(${colours}) > 0",
            Condition("any", tuple(look("colours", "includes", item) for item in ("red", "blue", "7"))),
        ),
        ("${step} = 'l3'", look("step", "is", "3")),
        (
            "${step} = 'l4' or ${step} = 'l5'",
            Condition("any", (look("step", "is", "4"), look("step", "is", "5"))),
        ),
        ("${step} != 'l1'", look("step", "at_least", "2")),
        ("${count} >= 3", look("count", "at_least", "3")),
        ("3 < ${count}", look("count", "at_least", "4")),
        ("${count} < 3", look("count", "at_most", "2")),
        ("${count} > 2.5", look("count", "at_least", "3")),
        ("${count} != 3", Condition("any", (look("count", "at_most", "2"), look("count", "at_least", "4")))),
        ("not(${count} >= 3)", look("count", "at_most", "2")),
        ("${share} <= 0.5", look("share", "at_most", "0.5")),
        ("${why} = 'so'", look("why", "is", "so")),
        ("${day} = date('2026-03-01')", look("day", "is", "2026-03-01")),
        (
            "${colour}='red' and (${count}>=3 or ${share}<=1)",
            Condition(
                "all",
                (RED, Condition("any", (look("count", "at_least", "3"), look("share", "at_most", "1")))),
            ),
        ),
        (
            "${colour}='red' and ${count}>=3 or ${share}<=1",
            Condition(
                "any",
                (Condition("all", (RED, look("count", "at_least", "3"))), look("share", "at_most", "1")),
            ),
        ),
        (
            "not(${colour} = 'red' or ${count} < 3)",
            Condition("all", (Condition("any", (BLUE, SEVEN)), look("count", "at_least", "3"))),
        ),
        ("true()", None),
    ],
)
def test_a_condition_is_carried(relevant: str, condition: Look | Condition | None, tmp_path: Path) -> None:
    sheets = form(*ASKED, ["text", "last", "Last?", relevant], choices=[*COLOURS, *STEPS])

    instrument, _ = imported(tmp_path, sheets, "--strict")

    wanted = Condition("all", (condition,)) if isinstance(condition, Look) else condition
    assert instrument.by_code["last"].shown_when == wanted


@pytest.mark.parametrize(
    ("relevant", "why"),
    [
        ("${colour} = ''", "it asks that colour is unanswered"),
        ("not(selected(${colours}, 'red'))", "it asks that something of colours is not ticked"),
        ("count-selected(${colours}) >= 2", "it counts what is ticked of colours"),
        ("${colours} = 'red'", "colours is of a kind that cannot be compared so"),
        ("${colour} > 3", "it compares choices of colour that are no numbers"),
        ("${share} > 0.5", "share may be any decimal number, and > leaves out exactly one"),
        ("${why} != 'so'", "why is of a kind that cannot be compared so"),
        ("${count} > ${share}", "count is compared with something else than a value"),
        ("${count} + 1 > 3", "+ is not understood there"),
        ("string-length(${why}) > 3", "string-length() is not understood"),
        ("${last-saved#why} = 'so'", "it looks at the answer of an earlier form"),
        ("../why = 'so'", ". is not understood there"),
        ("${why} = 'so' and", "it ends too early"),
        ("(${why} = 'so'", ") is missing"),
        ("false()", "true() or false() decides it"),
        ("(" * 13 + "${count} = 1" + ")" * 13, "it nests more than 12 deep"),
        ("not(" * 500 + "${count} = 1" + ")" * 500, "it nests more than 12 deep"),
        ("${later} = 'so'", "later, which it looks at, comes later"),
        ("${spot} = 'so'", "spot, which it looks at, is not carried"),
    ],
)
def test_a_condition_that_cannot_be_carried_is_listed(
    relevant: str, why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    last: list[Sequence[object]] = [
        ["geopoint", "spot", "Spot?"], ["text", "last", "Last?", relevant], ["text", "later", "Later?"],
    ]  # fmt: skip
    sheets = form(*ASKED, *last, choices=[*COLOURS, *STEPS])

    instrument, _ = imported(tmp_path, sheets)

    assert instrument.by_code["last"].shown_when is None
    line = next(line for line in capsys.readouterr().err.splitlines() if "[xlsform.condition]" in line)
    assert "form.xlsx (survey):10: relevant: The condition " in line
    assert line.endswith(f" is not carried: {why}. [xlsform.condition]")


def test_the_condition_of_a_group_is_that_of_its_questions(tmp_path: Path) -> None:
    sheets = form(
        ["integer", "count", "Count?"], ["begin_group", "g", "G", "${count} >= 3"], ["text", "a", "A?"],
        ["text", "b", "B?", "${a} = 'x'"], ["end_group"],
    )  # fmt: skip

    instrument, _ = imported(tmp_path, sheets)

    of_group = Condition("all", (look("count", "at_least", "3"),))
    assert instrument.by_code["a"].shown_when == of_group
    assert instrument.by_code["b"].shown_when == Condition(
        "all", (of_group, Condition("all", (look("a", "is", "x"),)))
    )


# Mistakes


@pytest.mark.parametrize(
    ("sheets", "lines"),
    [
        (
            {"questions": [["type", "name"], ["text", "a"]]},
            [
                "form.xlsx (survey): There is no sheet survey; expected one, beside: questions. "
                "[xlsform.no-sheet]"
            ],
        ),
        (
            {"survey": [["name", "label"], ["a", "A?"]]},
            [
                "form.xlsx (survey):1: type: The sheet survey has no column type; expected one. "
                "[xlsform.no-column]"
            ],
        ),
        (
            form(["select_one colour", "a", "A?"]),
            [
                "form.xlsx (survey):2: type: The list colour is nowhere: there is no sheet choices; "
                "expected one. [xlsform.no-sheet]"
            ],
        ),
        (
            form(["select_one color", "a", "A?"], ["select_one", "b", "B?"], choices=COLOURS),
            [
                "form.xlsx (survey):2: type: There is no list color in the sheet choices; "
                "did you mean colour? [xlsform.unknown-list]",
                "form.xlsx (survey):3: type: b names no list of choices; expected one, such as "
                "select_one colours. [xlsform.no-list]",
            ],
        ),
        (
            form(["text", "a", "A?"], ["text", "a", "Again?"], ["text", "", "No name"], ["", "b", "No type"]),
            [
                "form.xlsx (survey):4: name: The text has no name; expected one. [xlsform.no-name]",
                "form.xlsx (survey):5: type: The row b has no type; expected one. [xlsform.no-type]",
                "form.xlsx (survey):3: name: The name a stands in row 2 already; expected a name of its own "
                "for each question. [xlsform.duplicate-name]",
            ],
        ),
        (
            form(["select_one c", "a", "A?"], choices=[["c", "x", "X"], ["c", "x", "Y"], ["c", "", "Z"]]),
            [
                "form.xlsx (choices):3: name: The choice x stands twice in the list c; expected once. "
                "[xlsform.duplicate-choice]",
                "form.xlsx (choices):4: name: A choice has no name; expected one. [xlsform.no-name]",
            ],
        ),
        (
            form(
                ["text", "a", "A?", "${b} = 'x'"],
                ["text", "b", "B?", "${a} = 'x'"],
                ["text", "c", "C?", "${c}=1"],
            ),
            [
                "form.xlsx (survey):2: relevant: The conditions go in a circle: a -> b -> a; expected none. "
                "[xlsform.circle]",
                "form.xlsx (survey):4: relevant: The conditions go in a circle: c -> c; expected none. "
                "[xlsform.circle]",
            ],
        ),
        (
            form(["begin_group", "g", "G", "${a} = 'x'"], ["text", "a", "A?"], ["end_group"]),
            [
                "form.xlsx (survey):3: relevant: The conditions go in a circle: a -> a; expected none. "
                "[xlsform.circle]"
            ],
        ),
        (
            form(["text", "staff", "You, ${when}?"], ["text", "b", "B?", "${stuff} = 'x'"]),
            [
                "form.xlsx (survey):2: label: The reference to when leads to no question; "
                "expected the name of one. [xlsform.reference]",
                "form.xlsx (survey):3: relevant: The reference to stuff leads to no question; "
                "did you mean staff? [xlsform.reference]",
            ],
        ),
        (
            form(["select_one c", "a", "A?"], ["text", "b", "B?", "${a} = 'y'"], choices=[["c", "x", "X"]]),
            [
                "form.xlsx (survey):3: relevant: The condition looks for y, which is no choice of a: x. "
                "[xlsform.choice]"
            ],
        ),
        (
            form(["begin_group", "g", "G"], ["text", "a", "A?"]),
            [
                "form.xlsx (survey):2: type: The group g does not end; expected an end_group row. "
                "[xlsform.group]"
            ],
        ),
        (
            form(["text", "a", "A?"], ["end_group"]),
            [
                "form.xlsx (survey):3: type: The row ends a group that does not begin; "
                "expected a begin_group row. [xlsform.group]"
            ],
        ),
        (
            form(["text", "a", "A?"], columns=("type", "name", "label", "label")),
            [
                "form.xlsx (survey):1: label: The column label stands twice; expected once. "
                "[xlsform.duplicate-column]"
            ],
        ),
        (
            form(["text", "1a b", "A?"]),
            [
                "form.xlsx (survey):2: name: 1a b is no name in XLSForm; expected letters, digits, dots, "
                "hyphens and underscores, a letter first. [xlsform.name]"
            ],
        ),
        (
            form(["note", "hello", "Hello"], ["geopoint", "here", "Here"]),
            ["form.xlsx (survey): The form asks nothing that is carried. [xlsform.nothing]"],
        ),
        (
            form(["text", "a", "=1+1"]),
            ["form.xlsx (survey):2: The cell C2 holds a formula; expected a plain value. [table.formula]"],
        ),
        (
            form(["text", "a", "A?"], settings=[["capofila_format"], ["2"]]),
            [
                "form.xlsx (settings):2: capofila_format: The form is of our format 2; expected 1. "
                "[xlsform.format]"
            ],
        ),
        (
            form(
                ["text", "a", "A?", "cellar"],
                ["select_one c", "b", "B?", "", "level"],
                choices=[["c", "x", "X"]],
                columns=("type", "name", "label", "capofila_not_in", "capofila_type"),
            ),
            [
                "form.xlsx (survey):2: capofila_not_in: There is no profile cellar in capofila_names; "
                "expected one of: none. [xlsform.profile]",
                "form.xlsx (survey):3: type: The choices of b are not one for each level; expected levels "
                "1 to 5. [xlsform.levels]",
            ],
        ),
        (
            {
                **form(["text", "a", "A?"], settings=[["capofila_scale"], ["1 5"]]),
                "capofila_names": [["kind", "code", "low", "high", "name"], ["band", "low", 1, 3, "Low"]],
            },
            [
                "form.xlsx (capofila_names):2: bands: From 3.0 to 5.0 no band holds the score; "
                "expected bands without a gap. [instrument.band-gap]"
            ],
        ),
        (
            {**form(["text", "a", "A?"]), "capofila_files": [["file", "text"], ["../../x.yaml", "a: 1"]]},
            [
                "form.xlsx (capofila_files):2: file: ../../x.yaml is no file that an instrument carries; "
                "expected one such as export.yaml. [xlsform.file]"
            ],
        ),
    ],
)
def test_a_mistake_is_named_with_its_place_and_nothing_is_written(
    sheets: Sheets, lines: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refused(tmp_path, sheets, capsys) == lines


def bomb() -> bytes:
    """A workbook of a few kilobytes that says it unpacks to sixty megabytes."""
    out = io.BytesIO(workbook(form(["text", "a", "A?"])))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet9.xml", b" " * 60_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("form.xls", b"anything", "xlsform.xls"),
        ("form.xlsx", bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 500, "xlsform.xls"),
        ("form.csv", b"type,name,label\ntext,a,A?\n", "xlsform.ending"),
        ("form.xlsx", b"type,name,label\n", "table.not-xlsx"),
        ("form.xlsx", b"", "file.empty"),
        ("form.xlsx", b"PK\x05\x06" + b"\0" * 18, "table.not-xlsx"),
        ("form.xlsx", b"\0" * 20_000_001, "file.too-large"),
        ("form.xlsx", bomb(), "table.too-long"),
        (
            "form.xlsx",
            workbook({"survey": [["type", "name"], *([["text", "a"]] * 50_001)]}),
            "table.too-long",
        ),
        (
            "form.xlsx",
            workbook(form(*(["text", f"q{number}", "?"] for number in range(2_001)))),
            "xlsform.too-many",
        ),
    ],
    ids=[
        "xls",
        "renamed-xls",
        "csv",
        "not-a-zip",
        "empty",
        "empty-zip",
        "large",
        "bomb",
        "rows",
        "questions",
    ],
)
def test_what_is_no_form_is_refused(
    name: str, data: bytes, code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).write_bytes(data)

    assert main(["import_xlsform", str(tmp_path / name), "-o", str(tmp_path / "out")]) == 2

    assert f"[{code}]" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("where", ["taken", "a-file", "nowhere/below"])
def test_a_folder_that_cannot_be_made_is_refused(
    where: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "mine.txt").write_text("mine")
    (tmp_path / "a-file").write_text("mine")
    file = write_form(tmp_path / "form.xlsx", form(["text", "a", "A?"]))
    before = sorted(tmp_path.rglob("*"))

    assert main(["import_xlsform", str(file), "-o", str(tmp_path / where)]) == 2
    assert sorted(tmp_path.rglob("*")) == before


def test_an_empty_folder_may_stand_there_already(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()

    instrument, _ = imported(tmp_path, {"survey": FOREIGN["survey"], "choices": CHOICES})

    assert len(instrument.questions) == 7


@pytest.mark.parametrize(
    ("flag", "value"), [("--code", "Two words"), ("--version", "1-2"), ("--version", "../1")]
)
def test_a_code_or_version_that_cannot_be_one_is_refused(
    flag: str, value: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write_form(tmp_path / "form.xlsx", form(["text", "a", "A?"]))

    assert main(["import_xlsform", str(file), "-o", str(tmp_path / "out"), flag, value]) == 2
    assert "[xlsform.identity]" in capsys.readouterr().err


def test_an_export_must_be_named_xlsx_and_sound(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "instrument.yaml").write_text("code: a\n")

    assert main(["export_xlsform", "eu-dma-sme", "-o", str(tmp_path / "form.xls")]) == 2
    assert main(["export_xlsform", str(tmp_path / "bad"), "-o", str(tmp_path / "form.xlsx")]) == 2
    assert "[xlsform.output]" in capsys.readouterr().err
    assert not list(tmp_path.glob("form*"))


# Ours, edited in a spreadsheet


def edited(folder: Path, changes: dict[tuple[str, str, str], str]) -> Path:
    """The small instrument as a form with cells changed: (sheet, name or code, column) -> text."""
    data = xlsform_file.export(write_instrument(folder / "small-1.0"), Log(""))
    book = openpyxl.load_workbook(io.BytesIO(data))
    for (sheet, row, column), text in changes.items():
        page = book[sheet]
        head = [cell.value for cell in page[1]]
        line = next(cells for cells in page.iter_rows(min_row=2) if row in {cell.value for cell in cells[:2]})
        line[head.index(column)].value = text
    book.save(folder / "form.xlsx")
    return folder / "form.xlsx"


def test_what_is_changed_in_a_spreadsheet_is_taken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = edited(
        tmp_path,
        {
            ("survey", "ord.plan", "label::Italiano (it)"): "Come si pianifica?",
            ("survey", "mac.skill", "relevant"): "${ord.plan} >= 4",
            ("survey", "mac.care", "capofila_weight"): "3",
        },
    )

    assert main(["import_xlsform", str(file), "-o", str(tmp_path / "out"), "--json"]) == 0

    back, words = library.load(str(tmp_path / "out")), library.words(str(tmp_path / "out"), "it")
    assert words.questions["ord.plan"].ask == "Come si pianifica?"
    assert back.by_code["mac.skill"].shown_when == Condition("all", (look("ord.plan", "at_least", "4"),))
    assert back.by_code["mac.care"].weight == 3
    assert lists(capsys.readouterr().out)[0] == [("survey", 12, "capofila_shown_when", "xlsform.column")]


def test_a_score_that_its_type_does_not_give_is_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = edited(tmp_path, {("choices", "ord.plan", "capofila_score"): "9"})

    assert main(["import_xlsform", str(file), "-o", str(tmp_path / "out"), "--json"]) == 0
    assert lists(capsys.readouterr().out)[0] == [("choices", 2, "capofila_score", "xlsform.column")]


def test_a_band_of_a_form_of_ours_that_leaves_a_gap_is_refused_at_its_sheet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = edited(tmp_path, {("capofila_names", "high", "low"): "4"})

    assert main(["import_xlsform", str(file), "-o", str(tmp_path / "out")]) == 2
    assert "form.xlsx (capofila_names):2: bands: From 3.0 to 4.0 no band" in capsys.readouterr().err
