"""XLSForm files: a workbook to a folder of ours, and a folder to a workbook.

What may stand in them is decided in `rules.xlsform`. Nothing is written when anything is refused.
"""

import io
import os
import re
import shutil
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from capofila.instruments import library
from capofila.instruments.rules import writing as files
from capofila.instruments.rules.xlsform import writing
from capofila.instruments.rules.xlsform.reading import Book, Imported
from capofila.instruments.rules.xlsform.vocabulary import CARRIED_FILES, SHEETS, At, Log
from capofila.lib import output, sources, tables
from capofila.lib.problems import Place, Problem, Refused, gettext_noop, refuse_if

OLD_EXCEL = bytes.fromhex("D0CF11E0A1B11AE1")  # how an .xls file begins
ENDINGS = (".xlsx", ".xlsm")
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")  # a character as spreadsheets write those that XML cannot hold
FIXED = datetime(2000, 1, 1)  # so that the same form is the same bytes
WIDTHS = {"label": 60, "hint": 40, "guidance_hint": 40, "name": 24, "type": 32, "text": 60, "relevant": 32}


def read(path: Path) -> Book:
    """The sheets of a workbook as text. Raises `Problem` or `Refused` for what cannot be read."""
    data = sources.read_bytes(path)
    if data.startswith(OLD_EXCEL) or path.suffix.lower() == ".xls":
        raise Problem(
            "xlsform.xls",
            gettext_noop("The file is an old .xls workbook; save it as .xlsx and try again."),
            at=Place(str(path)),
        )
    if path.suffix.lower() not in ENDINGS:
        raise Problem(
            "xlsform.ending",
            gettext_noop("The file ends in {suffix}; expected an XLSForm workbook, .xlsx."),
            at=Place(str(path)),
            suffix=path.suffix or "nothing",
        )
    book = tables.open_workbook(path, data, read_only=True)
    problems: list[Problem] = []
    left = [tables.MOST_CELLS]
    try:
        with warnings.catch_warnings():  # of parts that we do not read, such as a list of allowed values
            warnings.simplefilter("ignore")
            found = {page.title: list(_lines(path, page, problems, left)) for page in book.worksheets}
    except Problem:
        raise
    except Exception as error:  # a sheet that the reader stumbles over only now
        raise tables.not_xlsx(path, error) from None
    finally:
        book.close()
    refuse_if(problems)
    return Book(path.stem, found)


def _lines(
    path: Path, page: Any, problems: list[Problem], left: list[int]
) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of the lines that are not empty; of sheets that are not read, the first cells."""
    page.reset_dimensions()  # what a file says of its size is not believed
    read_whole = page.title.strip().lower() in SHEETS
    kept = 0
    for number, cells in enumerate(page.iter_rows(), start=1):
        left[0] -= len(cells) + 1
        if left[0] < 0 or kept > tables.MOST_ROWS:
            raise tables.too_long(path)
        texts = [
            _text(path, page.title, cell, problems) if read_whole else str(cell.value or "") for cell in cells
        ]
        if any(texts) or number == 1:
            kept += 1
            yield number, texts
        if kept > 1 and not read_whole:
            return


def _text(path: Path, sheet: str, cell: Any, problems: list[Problem]) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type in {"f", "e"}:
        code, sentence = ("table.formula", FORMULA) if cell.data_type == "f" else ("table.error-value", ERROR)
        at = Place(f"{path} ({sheet})", line=cell.row)
        problems.append(Problem(code, sentence, at=at, cell=cell.coordinate, value=value))
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ")
    return ESCAPED.sub(lambda match: chr(int(match[1], 16)), str(value))


FORMULA = gettext_noop("The cell {cell} holds a formula; expected a plain value.")
ERROR = gettext_noop("The cell {cell} holds {value}; expected a plain value.")


def write_folder(folder: Path, found: Imported, origin: str) -> None:
    """The files of an instrument, all of them or none; `origin` stands in their first lines.

    Raises `Problem` where something stands already, or nothing can be written.
    """
    target = Path(os.path.abspath(folder))
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise Problem(
            "xlsform.folder-taken",
            gettext_noop("Nothing was written: something stands there already; expected a new folder."),
            at=Place(str(folder)),
        )
    comment = f"Imported from the XLSForm {origin}."
    texts = {"instrument.yaml": files.instrument_text(found.instrument, comment)}
    for language, words in found.words.items():
        texts[f"words.{language}.yaml"] = files.words_text(words, found.instrument, comment)
    output.check_writable(target.parent / ".capofila")
    draft = Path(tempfile.mkdtemp(dir=target.parent, prefix=".draft-"))
    try:
        for name, text in {**texts, **found.files}.items():
            (draft / name).write_bytes(text.encode())
        _, problems = library.check(draft)
        refuse_if(problems)
        draft.chmod(0o755)
        draft.replace(target)
    except OSError as error:
        raise Problem(
            "output.not-writable",
            gettext_noop("Nothing was written: the file cannot be written there ({why})."),
            at=Place(str(folder)),
            why=error.strerror or "it failed",
        ) from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def export(directory: Path, log: Log) -> bytes:
    """The workbook of an instrument's folder. Raises `Refused`; what is not carried is in `log`."""
    instrument, problems = library.check(directory)
    refuse_if(problems)
    words = {language: library.words(str(directory), language) for language in library.languages(directory)}
    carried = {}
    for file in sorted(directory.iterdir()):
        if CARRIED_FILES.fullmatch(file.name):
            carried[file.name] = sources.read_text(file)
        elif file.name != "instrument.yaml" and not re.fullmatch(r"words\.[^.]+\.yaml", file.name):
            log.lose(
                "xlsform.other-file",
                gettext_noop("The file {file} is not carried."),
                At(file.name),
                file=file.name,
            )
    sheets = writing.write_form(instrument, words, carried, log)
    if log.refused:
        raise Refused(log.refused)
    return workbook(sheets)


def workbook(sheets: Mapping[str, Sequence[Sequence[str]]]) -> bytes:
    """A workbook whose cells are all texts, none of them a formula; the same bytes for the same sheets."""
    import xlsxwriter  # noqa: PLC0415 (only spreadsheets need it)

    out = io.BytesIO()
    # Texts stand in their cells, not in a table beside them, where readers take _x0041_ for an A.
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    book.set_properties({"created": FIXED})
    head, body = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"text_wrap": True})
    for name, lines in sheets.items():
        page = book.add_worksheet(name)
        page.freeze_panes(1, 0)
        for column, cell in enumerate(lines[0]):
            page.set_column(column, column, WIDTHS.get(cell.partition("::")[0], 16))
        for row, cells in enumerate(lines):
            for column, cell in enumerate(cells):
                if cell:
                    page.write_string(row, column, cell, body if row else head)
    book.close()
    return out.getvalue()
