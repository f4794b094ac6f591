"""A list of companies as a file: CSV in the encodings and separators that Excel in Italy writes, or XLSX."""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from capofila.companies.rules import import_row, names
from capofila.companies.rules.import_cells import Cell
from capofila.companies.rules.import_row import RowSaid
from capofila.lib import sources, tables
from capofila.lib.problems import Place, Problem, gettext_noop, nearest, refuse_if

KINDS = (".csv", ".txt", ".xlsx")
SEPARATORS = (";", "\t", ",")
MUCH = 200_000  # bytes of a spreadsheet that take more than a moment to read
STATED_SEPARATOR = re.compile(r"sep=(.)\r?\n")  # a first line by which Excel is told
BY_NAME = {name: column for column, found in import_row.COLUMNS.items() for name in found}


def check_head(data: bytes, name: str) -> None:
    """Raises `Problem` or `Refused` for what is no list, as far as that is quickly seen."""
    if Path(name).suffix.lower() == ".xlsx" and MUCH <= len(data) <= sources.LARGEST_FILE:
        return
    _columns(name, *_lines(data, Path(name))[0])


def read(data: bytes, name: str, *, today: date) -> list[RowSaid]:
    """Every row of the file. Raises `Problem` or `Refused` for a file that cannot be read as a list."""
    lines = _lines(data, Path(name))
    header, rest = lines[0], lines[1:]
    columns = _columns(name, *header)
    return [
        _row(line, cells, columns, today) for line, cells in rest if any(cell is not None for cell in cells)
    ]


def _lines(data: bytes, path: Path) -> list[tuple[int, list[tables.Cell]]]:
    if path.suffix.lower() not in KINDS:
        raise Problem(
            "import.kind",
            gettext_noop("The file ends in {suffix}; expected a CSV file or an XLSX spreadsheet."),
            at=Place(str(path)),
            suffix=path.suffix or "–",
        )
    if len(data) > sources.LARGEST_FILE:
        raise Problem(
            "import.too-large",
            gettext_noop("The file has more than {largest} bytes; part it into several."),
            at=Place(str(path)),
            largest=sources.LARGEST_FILE,
        )
    if path.suffix.lower() == ".xlsx":
        lines = tables.xlsx_lines(path, "", data)
    else:
        text, separator = _separator(decoded(data, str(path)))
        lines = tables.csv_lines(text, path, separator)
    while lines and all(cell is None for cell in lines[0][1]):
        lines = lines[1:]
    if not lines:
        raise Problem("import.empty", gettext_noop("The file is empty."), at=Place(str(path)))
    return lines


def decoded(data: bytes, file: str) -> str:
    """The text, by its byte order mark; without one UTF-8 where it is that, else Windows-1252."""
    try:
        if data.startswith(BOM_UTF8):
            return data.decode("utf-8-sig")
        if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
            return data.decode("utf-16")
        if b"\0" in data[:2]:
            return data.decode("utf-16-be" if data[:1] == b"\0" else "utf-16-le")
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            return data.decode("cp1252")
    except UnicodeDecodeError:
        raise Problem(
            "import.encoding",
            gettext_noop("The file is neither UTF-8, UTF-16 nor Windows-1252 text. Save it as CSV UTF-8."),
            at=Place(file),
        ) from None


def _separator(text: str) -> tuple[str, str]:
    """The text and the separator its header uses most, or that its first line states."""
    stated = STATED_SEPARATOR.match(text)
    if stated is not None:
        return text[stated.end() :], stated[1]
    head = next((line for line in text.splitlines() if line.strip()), "")
    return text, max(SEPARATORS, key=head.count)


def _columns(file: str, line: int, cells: Sequence[tables.Cell]) -> list[str | None]:
    """Our name of each column, None for one without a heading. Every mistake at once."""
    problems: list[Problem] = []
    found: list[str | None] = []
    at = Place(file, line=line)
    for cell in cells:
        heading = "_".join(names.words(str(cell))) if cell is not None else ""
        column = BY_NAME.get(heading.replace(" ", "_"))
        if heading and column is None:
            problems.append(
                Problem(
                    "import.unknown-column",
                    gettext_noop("The column {name} is not known; did you mean {meant}?"),
                    at=at,
                    name=cell,
                    meant=nearest(heading, BY_NAME) or "denominazione",
                )
            )
        elif column is not None and column in found:
            problems.append(
                Problem(
                    "import.column-twice",
                    gettext_noop("The column {name} stands twice, in one language or both; expected once."),
                    at=at,
                    name=cell,
                )
            )
        found.append(column)
    if "name" not in found and not problems:
        problems.append(
            Problem(
                "import.no-name-column",
                gettext_noop(
                    "The header has no column denominazione (or name); it is the one that is needed."
                ),
                at=at,
            )
        )
    refuse_if(problems)
    return found


def _row(line: int, cells: Sequence[tables.Cell], columns: Sequence[str | None], today: date) -> RowSaid:
    stray = [
        cell
        for place, cell in enumerate(cells)
        if cell is not None and (place >= len(columns) or columns[place] is None)
    ]
    named: dict[str, Cell] = {
        column: cell for column, cell in zip(columns, cells, strict=False) if column is not None
    }
    said = import_row.read_row(line, named, today=today)
    if not stray:
        return said
    problem = Problem(
        "import.stray-cell",
        gettext_noop("The row holds {value} under no heading: a separator may stand inside a text."),
        value=stray[0],
    )
    return RowSaid(said.line, said.facts, problems=(*said.problems, problem))
