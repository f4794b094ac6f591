"""A list of companies as a file: what Excel in Italy writes is read, whatever the encoding."""

import io
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest

from capofila.companies import import_file
from capofila.companies.rules.import_row import RowSaid
from capofila.lib.problems import Place
from capofila.lib.tests.refusals import refused_codes

TODAY = date(2026, 3, 2)
TEXT = "denominazione;comune;addetti\r\nSocietà Città S.r.l.;Forlì;12\r\n"


def read(data: bytes | str, name: str = "list.csv") -> list[RowSaid]:
    return import_file.read(data.encode() if isinstance(data, str) else data, name, today=TODAY)


def spreadsheet(*rows: tuple[Any, ...]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_list_is_read_in_every_encoding_and_with_every_separator(encoding: str, separator: str) -> None:
    rows = read(TEXT.replace(";", separator).encode(encoding))

    assert rows == [RowSaid(2, {"name": "Società Città S.r.l.", "employees": 12, "city": "Forlì"})]


def test_a_spreadsheet_is_read_with_its_numbers_and_days() -> None:
    data = spreadsheet(
        ("Denominazione", "Partita IVA", "Fatturato", "Referente", "Consenso il"),
        ("Vetreria Alice", 743110157, 1200.5, "Anna", datetime(2026, 1, 31)),
        (None, None, None, None, None),
        ("Gelateria Bob", "09876540189", None, None, None),
    )

    alice, bob = read(data, "list.XLSX")

    assert alice.facts == {"name": "Vetreria Alice", "vat": "00743110157", "turnover_cents": 1200_50}
    assert alice.person is not None
    assert alice.person.consent_on == date(2026, 1, 31)
    assert (bob.line, bob.facts["vat"]) == (4, "09876540189")


@pytest.mark.parametrize("heading", ["partita_iva", "Partita IVA", "PARTITA-IVA", "vat", " Vat "])
def test_a_heading_is_known_in_both_languages_however_it_is_written(heading: str) -> None:
    assert read(f"name;{heading}\nVetreria Alice;00743110157\n")[0].facts["vat"] == "00743110157"


def test_a_line_that_states_the_separator_is_for_the_spreadsheet_alone() -> None:
    assert read("sep=;\r\nname;city\r\nVetreria Alice;Pavia\r\n")[0].facts["city"] == "Pavia"


def test_a_text_may_hold_separators_and_line_ends_inside_quotes() -> None:
    [row] = read('name;notes;partner\n"Alice; Bob ""& Co""";"one\ntwo";Rete\n')

    assert (row.name, row.note) == ('Alice; Bob "& Co"', "one\ntwo")


@pytest.mark.parametrize(
    ("data", "name", "codes"),
    [
        (b"name\nAlice\n", "list.ods", ["import.kind"]),
        (b"", "list.csv", ["import.empty"]),
        (b"\n\n", "list.csv", ["import.empty"]),
        (b"city\nPavia\n", "list.csv", ["import.no-name-column"]),
        (b"name;colour\nAlice;red\n", "list.csv", ["import.unknown-column"]),
        (b"name;denominazione\nAlice;Alice\n", "list.csv", ["import.column-twice"]),
        (b"colour;name;name\n", "list.csv", ["import.unknown-column", "import.column-twice"]),
        (b"name\n\x81\x8d\xff\n", "list.csv", ["import.encoding"]),
        (b'name\n"Alice\n', "list.csv", ["table.not-csv"]),
        (b"not a spreadsheet", "list.xlsx", ["table.not-xlsx"]),
    ],
)
def test_a_file_that_is_no_list_is_refused(data: bytes, name: str, codes: list[str]) -> None:
    assert refused_codes(lambda: read(data, name)) == codes


def test_a_cell_under_no_heading_refuses_its_row_alone() -> None:
    alice, bob = read("name,city\nAlice, Bob and Co,Pavia\nBob,Pavia\n")

    assert [problem.code for problem in alice.problems] == ["import.stray-cell"]
    assert bob.problems == ()


def test_a_file_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("capofila.lib.sources.LARGEST_FILE", 10)

    assert refused_codes(lambda: read("name\nVetreria Alice\n")) == ["import.too-large"]


def test_a_mistake_in_the_header_names_its_place() -> None:
    with pytest.raises(Exception, match="colour") as refused:
        read("name;colour\n")

    assert refused.value.problems[0].at == Place("list.csv", line=1)  # type: ignore[attr-defined]
