"""CSV and XLSX tables: what is read, and what a spreadsheet hides and is refused."""

import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capofila.lib import tables
from capofila.lib.problems import Problem, Refused
from capofila.lib.sources import Node
from capofila.lib.tables import Cell, Row
from capofila.lib.tests.refusals import refused

HEADER = ("question", "value")


def csv(folder: Path, data: str | bytes) -> Path:
    path = folder / "a.csv"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def xlsx(folder: Path, rows: Sequence[Sequence[Any]], sheet: str = "answers", **cells: Any) -> Path:
    """A spreadsheet of these rows; `cells` are set by their name, such as A1."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for row in rows:
        page.append(list(row))
    for name, value in cells.items():
        page[name] = value
    path = folder / "a.xlsx"
    book.save(path)
    return path


def lines(act: Callable[[], object]) -> list[str]:
    return [str(problem) for problem in refused(act)]


def read(path: Path) -> list[tuple[int, list[Cell]]]:
    table = tables.read_table(path, HEADER, "answers")
    return [(row.line, [row.cells[name] for name in HEADER]) for row in table.rows]


@pytest.mark.parametrize(
    "data",
    [
        "question,value\na,3\n",
        "question;value\na;3\n",
        "value,question\n3,a\n",
        "Question , VALUE\r\n a , 3 \r\n",
        "question,value,,\na,3,,\n",
        "question,value\na,3",
        '"question","value"\n"a","3"\n',
        b"\xef\xbb\xbfquestion,value\r\na,3\r\n",
        "question,value\n,\na,3\n\n".replace("\n,\n", "\n"),
    ],
)
def test_a_table_is_read_however_its_program_wrote_it(tmp_path: Path, data: str | bytes) -> None:
    assert read(csv(tmp_path, data)) == [(2, ["a", "3"])]


def test_a_comma_inside_a_field_does_not_make_the_separator(tmp_path: Path) -> None:
    assert read(csv(tmp_path, 'question;value\na;"1,5; and more"\n')) == [(2, ["a", "1,5; and more"])]


def test_a_row_keeps_the_line_it_stands_on(tmp_path: Path) -> None:
    assert read(csv(tmp_path, 'question,value\n"a\nb",1\n\nc,2\n')) == [(2, ["a\nb", "1"]), (5, ["c", "2"])]


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        ("question\na\n", ["table.missing-column"]),
        (
            "a,3\n",
            ["table.unknown-column", "table.unknown-column", "table.missing-column", "table.missing-column"],
        ),
        ("question,value,colour\na,3,red\n", ["table.unknown-column"]),
        ("question,value,value\na,3,3\n", ["table.duplicate-column"]),
        ("question,,value\na,,3\n", ["table.unknown-column"]),
        ("question,value\na,3,4\nb,1\nc,3,4\n", ["table.extra-cell", "table.extra-cell"]),
        ('question,value\na,"3\n', ["table.not-csv"]),
        ('question,value\na,"3"4\n', ["table.not-csv"]),
        ("\nquestion,value\n", ["table.missing-column", "table.missing-column"]),
        ("question\tvalue\na\t3\n", ["table.unknown-column", "table.missing-column", "table.missing-column"]),
        (b"question,value\na,M\xe4rz\n", ["file.not-utf-8"]),
        ("", ["file.empty"]),
        (b"\xef\xbb\xbf", ["file.empty"]),
        (b"\xef\xbb\xbf\r\n", ["file.empty"]),
        ("question,value\n" + "a,1\n" * 50_001, ["table.too-long"]),
    ],
)
def test_a_table_that_could_mislead_is_refused(tmp_path: Path, data: str | bytes, codes: list[str]) -> None:
    found = lines(lambda: read(csv(tmp_path, data)))

    assert [line.rpartition("[")[2].rstrip("]") for line in found] == codes


def test_a_spreadsheet_has_numbers_texts_days_and_empty_cells(tmp_path: Path) -> None:
    path = xlsx(
        tmp_path,
        [HEADER, ["a", 3], ["b", 3.0], ["c", 2.5], ["d", " x "], ["e", True],
         [None, None], ["f", date(2026, 3, 1)],
         ["g", datetime(2026, 3, 1, 12)], ["", 1]],
    )  # fmt: skip

    assert [(line, cells[1]) for line, cells in read(path)] == [
        (2, 3), (3, 3), (4, Decimal("2.5")), (5, "x"), (6, True), (8, date(2026, 3, 1)),
        (9, date(2026, 3, 1)), (10, 1),
    ]  # fmt: skip


def test_the_named_sheet_is_read_and_else_the_first(tmp_path: Path) -> None:
    path = xlsx(tmp_path, [HEADER, ["a", 1]], sheet="Foglio1")
    assert read(path) == [(2, ["a", 1])]

    book = openpyxl.load_workbook(path)
    answers = book.create_sheet("answers")
    answers.append(HEADER)
    answers.append(["b", 2])
    book.save(path)

    assert read(path) == [(2, ["b", 2])]


def test_formulas_and_merged_cells_are_refused_each_with_its_place(tmp_path: Path) -> None:
    path = xlsx(tmp_path, [HEADER, ["a", 1], ["b", 2]], B2="=1+1", B3="#N/A", A3="=A2")
    book = openpyxl.load_workbook(path)
    book["answers"].merge_cells("A5:B6")
    book.save(path)

    assert lines(lambda: read(path)) == [
        f"{path}:5: The cells A5:B6 are merged; expected each value in its own cell. [table.merged-cells]",
        f"{path}:2: The cell B2 holds a formula; expected a plain value. [table.formula]",
        f"{path}:3: The cell A3 holds a formula; expected a plain value. [table.formula]",
        f"{path}:3: The cell B3 holds #N/A; expected a plain value. [table.error-value]",
    ]


def test_a_spreadsheet_without_a_header_is_refused(tmp_path: Path) -> None:
    assert "table.missing-column" in "".join(lines(lambda: read(xlsx(tmp_path, [["a", 3]]))))
    assert "table.missing-column" in "".join(lines(lambda: read(xlsx(tmp_path, []))))


@pytest.mark.parametrize("data", [b"not a spreadsheet", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0 an old one"])
def test_what_is_no_spreadsheet_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(data)

    assert "table.not-xlsx" in lines(lambda: read(path))[0]


def test_an_archive_that_is_no_spreadsheet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hello.txt", "hello")

    assert "table.not-xlsx" in lines(lambda: read(path))[0]


def test_a_spreadsheet_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 60_000_000)

    assert "table.too-long" in lines(lambda: read(path))[0]


def test_a_spreadsheet_that_spans_too_much_is_refused(tmp_path: Path) -> None:
    wide = lines(lambda: read(xlsx(tmp_path, [HEADER], XFD40000="x")))
    long = lines(lambda: read(xlsx(tmp_path, [HEADER], A1048576="x")))

    assert "table.too-long" in wide[0]
    assert "table.too-long" in long[0]


def test_a_number_without_end_in_a_spreadsheet_is_no_number(tmp_path: Path) -> None:
    path = xlsx(tmp_path, [HEADER, ["a", 12345]])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data.replace(b"<v>12345</v>", b"<v>1E999</v>"))

    ((_, cells),) = read(path)

    assert Node(cells[1]).integer is None


def test_a_list_of_allowed_values_in_a_spreadsheet_is_no_warning(tmp_path: Path) -> None:
    path = xlsx(tmp_path, [HEADER, ["a", 1]])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    extension = b'<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"/></extLst></worksheet>'
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data.replace(b"</worksheet>", extension))

    assert read(path) == [(2, ["a", 1])]


names = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"])
cells = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.dates(min_value=date(1900, 3, 1)),
    st.text(names, max_size=8),
)


@given(st.lists(st.lists(cells, max_size=4), max_size=5))
@settings(max_examples=20, deadline=None)
def test_any_cells_are_rows_or_problems(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[object]]
) -> None:
    path = xlsx(tmp_path_factory.mktemp("random"), [HEADER, *rows])

    try:
        table = tables.read_table(path, HEADER, "answers")
    except (Problem, Refused):
        return

    assert all(isinstance(row, Row) for row in table.rows)


@given(st.text(alphabet=st.sampled_from('ab,;"\r\n\x00 1') | st.characters(codec="utf-8"), max_size=40))
@settings(max_examples=80, deadline=None)
def test_any_text_is_rows_or_problems(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = csv(tmp_path_factory.getbasetemp(), "question,value\n" + text)

    try:
        table = tables.read_table(path, HEADER, "answers")
    except (Problem, Refused):
        return

    assert all(isinstance(row, Row) for row in table.rows)
