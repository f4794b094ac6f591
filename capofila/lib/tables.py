"""Tables that people send: CSV and XLSX as rows of plain cells, with the line they stand on.

What a spreadsheet hides is refused with its place: formulas, merged cells, a header that is not
there. A cell is a `Text`, a number, a date or empty; which of them may stand where is decided by
whoever reads the table.
"""

import csv
import io
import warnings
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from capofila.lib import sources
from capofila.lib.problems import Place, Problem, gettext_noop, nearest, refuse_if
from capofila.lib.sources import Text

if TYPE_CHECKING:
    from openpyxl import Workbook

MOST_ROWS = 50_000
MOST_CELLS = 1_000_000  # of the rectangle that a sheet spans, empty ones included
LARGEST_UNPACKED = 50_000_000  # bytes a spreadsheet may unpack to

Cell = Text | int | Decimal | bool | date | None


@dataclass(frozen=True)
class Row:
    """The cells of one line by header name; an empty cell is None."""

    line: int
    cells: dict[str, Cell]


@dataclass(frozen=True)
class Table:
    file: str
    rows: tuple[Row, ...]


def read_table(path: Path, header: Sequence[str], sheet: str) -> Table:
    """The rows under exactly this header. Raises `Problem` or `Refused`."""
    lines = xlsx_lines(path, sheet) if path.suffix.lower() == ".xlsx" else _csv(path)
    first, *rest = lines if lines else [(1, [])]
    columns = _columns(path, first, header)
    rows = []
    problems = []
    for line, cells in rest:
        named = {name: cells[index] if index < len(cells) else None for name, index in columns.items()}
        if any(cell is not None for cell in cells[len(columns) :]):
            problems.append(
                Problem(
                    "table.extra-cell",
                    gettext_noop("The row has more cells than the header; expected {count}."),
                    at=Place(str(path), line=line),
                    count=len(columns),
                )
            )
        if any(cell is not None for cell in named.values()):
            rows.append(Row(line, named))
    refuse_if(problems)
    return Table(str(path), tuple(rows))


def _columns(path: Path, first: tuple[int, list[Cell]], header: Sequence[str]) -> dict[str, int]:
    line, cells = first
    names = [str(cell).strip().lower() if cell is not None else "" for cell in cells]
    while names and not names[-1]:
        names.pop()
    problems = []
    for name in dict.fromkeys(names):
        if name not in header:
            problems.append(
                Problem(
                    "table.unknown-column",
                    gettext_noop("The column {name} is not known; did you mean {meant}? Expected: {header}."),
                    at=Place(str(path), line=line),
                    name=name or "without a name",
                    meant=nearest(name, header) or header[0],
                    header=",".join(header),
                )
            )
        if names.count(name) > 1:
            problems.append(
                Problem(
                    "table.duplicate-column",
                    gettext_noop("The column {name} stands twice; expected once."),
                    at=Place(str(path), line=line),
                    name=name,
                )
            )
    for name in header:
        if name not in names:
            problems.append(
                Problem(
                    "table.missing-column",
                    gettext_noop("The header has no column {name}; expected {header}."),
                    at=Place(str(path), line=line),
                    name=name,
                    header=",".join(header),
                )
            )
    refuse_if(problems)
    return {name: names.index(name) for name in header}


def _csv(path: Path) -> list[tuple[int, list[Cell]]]:
    text = sources.read_text(path)
    head = text.splitlines()[0]
    return csv_lines(text, path, ";" if head.count(";") > head.count(",") else ",")


def csv_lines(text: str, path: Path, separator: str) -> list[tuple[int, list[Cell]]]:
    """Each line's number and cells. Raises `Problem` for what is not CSV, or too long."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    lines: list[tuple[int, list[Cell]]] = []
    csv.field_size_limit(sources.LARGEST_FILE)
    try:
        start = 1
        for cells in reader:
            lines.append((start, [Text(cell.strip()) if cell.strip() else None for cell in cells]))
            start = reader.line_num + 1
            if len(lines) > MOST_ROWS:
                raise too_long(path)
    except csv.Error as error:
        raise Problem(
            "table.not-csv",
            gettext_noop("The line is not CSV: {why}."),
            at=Place(str(path), line=reader.line_num),
            why=error,
        ) from None
    return lines


def xlsx_lines(path: Path, sheet: str, data: bytes | None = None) -> list[tuple[int, list[Cell]]]:
    """Each line's number and cells, of the sheet named or the first; of `data` where it was read already.

    Raises `Problem` or `Refused`.
    """
    data = sources.read_bytes(path) if data is None else data
    book = open_workbook(path, data)
    try:
        sheets = {page.title: page for page in book.worksheets}
        page = sheets[sheet] if sheet in sheets else book.worksheets[0]
    except Exception as error:
        raise not_xlsx(path, error) from None
    if page.max_row > MOST_ROWS or page.max_row * page.max_column > MOST_CELLS:
        raise too_long(path)
    problems = [
        Problem(
            "table.merged-cells",
            gettext_noop("The cells {range} are merged; expected each value in its own cell."),
            at=Place(str(path), line=merged.min_row),
            range=merged.coord,
        )
        for merged in page.merged_cells.ranges
    ]
    lines = []
    for number, cells in enumerate(page.iter_rows(), start=1):
        for cell in cells:
            if cell.data_type == "f":
                problems.append(
                    Problem(
                        "table.formula",
                        gettext_noop("The cell {cell} holds a formula; expected a plain value."),
                        at=Place(str(path), line=number),
                        cell=cell.coordinate,
                    )
                )
            if cell.data_type == "e":
                problems.append(
                    Problem(
                        "table.error-value",
                        gettext_noop("The cell {cell} holds {value}; expected a plain value."),
                        at=Place(str(path), line=number),
                        cell=cell.coordinate,
                        value=cell.value,
                    )
                )
        lines.append((number, [_cell(cell.value) for cell in cells]))
    refuse_if(problems)
    return lines


def open_workbook(path: Path, data: bytes, *, read_only: bool = False) -> "Workbook":
    """The workbook in some bytes; raises `Problem` for one that is none, or unpacks to too much."""
    import openpyxl  # noqa: PLC0415 (slow to import, and only spreadsheets need it)

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST_UNPACKED:
                raise too_long(path)
        with warnings.catch_warnings():  # of parts that we do not read, such as a list of allowed values
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(io.BytesIO(data), read_only=read_only, data_only=False)
    except Problem:
        raise
    except Exception as error:  # whatever the reader stumbles over, the file is not a spreadsheet to us
        raise not_xlsx(path, error) from None


def not_xlsx(path: Path, error: Exception) -> Problem:
    return Problem(
        "table.not-xlsx",
        gettext_noop("The file is not an XLSX spreadsheet that can be read: {why}."),
        at=Place(str(path)),
        why=type(error).__name__,
    )


def _cell(value: object) -> Cell:
    if isinstance(value, str):
        return Text(value.strip()) if value.strip() else None
    if isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return Decimal(str(value))
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return None if value is None else Text(str(value))


def too_long(path: Path) -> Problem:
    return Problem(
        "table.too-long",
        gettext_noop("The table is too large; at most {rows} rows and {cells} cells are read."),
        at=Place(str(path)),
        rows=MOST_ROWS,
        cells=MOST_CELLS,
    )
