"""Whatever stands in a workbook: it becomes a sound instrument, or its mistakes are named; nothing else."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from capofila.instruments.rules import wording, writing
from capofila.instruments.rules.reading import read_instrument
from capofila.instruments.rules.xlsform.reading import Book, Wishes, read_book
from capofila.instruments.rules.xlsform.vocabulary import Log
from capofila.lib import sources
from capofila.lib.problems import Problem, Refused

TYPES = [
    "text", "integer", "decimal", "date", "note", "select_one l", "select_multiple l",
    "select_one m or_other", "select_one", "select_one nowhere", "begin_group", "begin group",
    "begin_repeat", "end_group", "end_repeat", "calculate", "geopoint", "range", "", "start", "rank l",
    "select_one_from_file a.csv",
]  # fmt: skip
CELLS: dict[str, list[str]] = {
    "type": TYPES,
    "name": ["a", "b", "c", "d", "e", "", "overall", "1x", "meta"],
    "label": ["A?", "", "${a}"],
    "label::Italiano (it)": ["A?", "", "È vero?"],
    "hint::en": ["", "why"],
    "guidance_hint": ["", "look"],
    "required": ["", "yes", "no", "${a} = 1"],
    "relevant": [
        "", "${a} = 'x'", "${b} > 3", "not(selected(${a}, 'x'))", "${c} != '' or ${d} <= 2", "(", "true()",
        "count-selected(${a}) > 0", "${a} = ${b}", "${nothing} = 1", "${e} = date('2026-01-01')", "3 < ${b}",
    ],
    "constraint": ["", ". > 3"],
    "appearance": ["", "field-list", "minimal"],
    "capofila_type": ["", "", "", "level", "choice", "ticks", "matrix", "scale", "tristate", "nonsense"],
    "capofila_weight": ["", "2", "-1", "much"],
    "capofila_dimension": ["", "", "tools"],
    "capofila_not_in": ["", "", "services", "'"],
    "capofila_no_words": ["", "items rows"],
    "capofila_row": ["", "1"],
    "capofila_shown_when": ["", "", "{}", '{"all": [{"question": "a", "is": "x"}]}', "[", "7"],
    "capofila_code": ["", "", "z"],
}  # fmt: skip
CHOICE_CELLS: dict[str, list[str]] = {
    "list_name": ["l", "m", "l", ""],
    "name": ["x", "y", "1", "2", "3", "4", "5", "0", "no", "partly", "yes", "other", ""],
    "label": ["X", ""],
    "label::Italiano (it)": ["X", ""],
    "capofila_level": ["", "", "1", "9"],
    "capofila_score": ["", "0", "1", "x"],
    "capofila_negative": ["", "yes"],
}
NAME_CELLS: dict[str, list[str]] = {
    "kind": ["area", "dimension", "profile", "band", "thing"],
    "code": ["a", "tools", "services", "low", "overall", ""],
    "low": ["", "1", "x"],
    "high": ["", "3", "5"],
    "name": ["", "Name"],
}
SETTING_CELLS: dict[str, list[str]] = {
    "form_id": ["", "A Form!", "/../x"],
    "version": ["", "2", "2026-03-01 (draft)"],
    "default_language": ["", "English (en)", "Klingon", "(it)"],
    "capofila_format": ["", "", "1", "2"],
    "capofila_scale": ["", "0 100", "5 1", "x"],
    "capofila_not_applicable": ["", "zero", "never"],
    "capofila_scoring": ["", "eu-dma", "guess"],
    "capofila_scoring_params": ["", "negative=tick", "a b=c"],
    "capofila_min_coverage": ["", "0.5", "7"],
}


def sheets_of(
    cells: dict[str, list[str]], most: int, *, whole: bool = False
) -> st.SearchStrategy[list[tuple[int, Sequence[str]]]]:
    """A header with some of these columns, in any order, and lines below it."""

    def filled(columns: Sequence[str]) -> st.SearchStrategy[list[tuple[int, Sequence[str]]]]:
        line = st.tuples(*(st.sampled_from(cells[column]) for column in columns))
        return st.lists(line, max_size=most).map(
            lambda lines: list(enumerate([tuple(columns), *lines], start=1))
        )

    first = list(cells)[:3]
    some = st.lists(st.sampled_from(list(cells)[3:]), unique=True)
    usual = some.map(lambda rest: [*first, *rest])
    odd = st.lists(st.sampled_from(list(cells)), unique=True)
    return (usual if whole else usual | odd).flatmap(filled)


def sound(lines: list[tuple[int, Sequence[str]]]) -> list[tuple[int, Sequence[str]]]:
    """The same with a name of its own on each line, and every group ended."""
    head = list(lines[0][1])
    kept: list[Sequence[str]] = []
    opened = 0
    for number, cells in lines[1:]:
        named = dict(zip(head, cells, strict=True))
        named["name"] = "abcdefghi"[number - 2]
        type_ = named["type"]
        if type_ in {"", "select_one", "select_one nowhere"} or (type_.startswith("end") and not opened):
            named["type"] = "text"
        opened += type_.startswith("begin") - (named["type"].startswith("end"))
        kept.append([named[column] for column in head])
    kept += [["end_group", *("" for _ in head[1:])]] * opened
    return list(enumerate([head, *kept], start=1))


LISTS = [(1, ["list_name", "name", "label"]), *((row, [of, name, "X"]) for row, of, name in [
    (2, "l", "x"), (3, "l", "y"), (4, "m", "1"), (5, "m", "2"), (6, "m", "3"), (7, "m", "4"), (8, "m", "5"),
])]  # fmt: skip
wild = st.fixed_dictionaries(
    {"survey": sheets_of(CELLS, 9)},
    optional={
        "choices": sheets_of(CHOICE_CELLS, 9),
        "settings": sheets_of(SETTING_CELLS, 1),
        "capofila_names": sheets_of(NAME_CELLS, 4),
        "capofila_variants": st.just(
            [(1, ["code", "profile", "part", "key", "text"]), (2, ["a", "p", "ask", "", "t"])]
        ),
        "capofila_files": st.just([(1, ["file", "text"]), (2, ["export.yaml", "a: [1"])]),
    },
)  # fmt: skip
FOREIGN = {name: cells for name, cells in CELLS.items() if not name.startswith("capofila_")}
nearly = st.fixed_dictionaries({
    "survey": sheets_of(FOREIGN, 8, whole=True).map(sound), "choices": st.just(LISTS),
})  # fmt: skip
books = wild | nearly


@pytest.mark.slow
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(sheets=books, code=st.sampled_from(["", "mine"]), language=st.sampled_from(["", "it"]))
def test_any_workbook_becomes_a_sound_instrument_or_is_refused(
    sheets: dict[str, Any], code: str, language: str
) -> None:
    log = Log("form.xlsx")
    try:
        found = read_book(Book("form", sheets), Wishes(code, "", language), log)
    except Refused as refused:
        _ = [str(problem) for problem in refused.problems]
        return
    problems: list[Problem] = []

    text = writing.instrument_text(found.instrument, "Imported.")
    read = read_instrument(sources.parse_yaml(text, "instrument.yaml", problems), "instrument.yaml", problems)
    spoken = {}
    for language_, words in found.words.items():
        tree = sources.parse_yaml(writing.words_text(words, found.instrument, "Imported."), "words", problems)
        spoken[language_] = wording.read_words(tree, "words", language_, read, problems), language_
    wording.check_languages(spoken, problems)

    assert [str(problem) for problem in problems] == []
    assert read == found.instrument
    assert all(str(one.problem) for one in (*log.lost, *log.changed))
