"""What a row of a list of companies says, every mistake at once. What becomes of it: `import_verdict`.

An empty cell says nothing: it never erases. Money is in whole euro cents. Columns and how each is
read, with examples: docs/rules/company-import.md
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from capofila.companies.rules import identifiers, import_cells
from capofila.companies.rules.import_cells import Cell
from capofila.lib.problems import Problem, gettext_noop

Value = str | int
Read = TypeVar("Read")

# Column -> the names it may have, ours first.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "denominazione"),
    "vat": ("vat", "partita_iva"),
    "tax_code": ("tax_code", "codice_fiscale"),
    "rea": ("rea",),
    "ateco": ("ateco",),
    "ateco_version": ("ateco_version",),
    "profile": ("profile", "profilo"),
    "employees": ("employees", "addetti"),
    "turnover": ("turnover_eur", "fatturato"),
    "balance_sheet": ("balance_sheet_eur", "totale_bilancio"),
    "address": ("address", "indirizzo"),
    "city": ("city", "comune"),
    "postcode": ("postcode", "cap"),
    "province": ("province", "provincia"),
    "website": ("website", "sito"),
    "contact_name": ("contact_name", "referente"),
    "contact_role": ("contact_role", "ruolo"),
    "contact_email": ("contact_email", "email"),
    "contact_phone": ("contact_phone", "telefono"),
    "consent_on": ("consent_on", "consenso_il"),
    "partner": ("partner",),
    "notes": ("notes", "note"),
}
# Facts of a company that a row may state, in the order in which differences are shown.
FACTS = (
    "name", "vat", "tax_code", "rea", "ateco_version", "ateco_code", "profile", "employees", "turnover_cents",
    "balance_sheet_cents", "address", "city", "postcode", "province", "website",
)  # fmt: skip


# What a row says


@dataclass(frozen=True)
class Person:
    """The contact a row names; `consent_on` None where it says nothing of consent."""

    name: str
    role: str = ""
    email: str = ""
    phone: str = ""
    consent_on: date | None = None


@dataclass(frozen=True)
class RowSaid:
    """One row as it was read; with `problems` it is refused."""

    line: int
    facts: Mapping[str, Value]
    person: Person | None = None
    partner: str = ""
    note: str = ""
    remarks: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def name(self) -> str:
        return str(self.facts.get("name", ""))


def read_row(line: int, cells: Mapping[str, Cell], *, today: date) -> RowSaid:
    """The row by our names of its columns, every mistake at once."""
    return _Row(line, cells, today).said()


class _Row:
    def __init__(self, line: int, cells: Mapping[str, Cell], today: date) -> None:
        self.line = line
        self.cells = {name: cell for name, cell in cells.items() if not import_cells.is_empty(cell)}
        self.today = today
        self.problems: list[Problem] = []
        self.remarks: list[Problem] = []

    def said(self) -> RowSaid:
        facts: dict[str, Value] = {}
        for column, read in self._readers().items():
            value = self._get(column, read)
            if value is not None:
                facts[column] = value
        self._ateco(facts)
        if "name" not in facts and self.cells.get("name") is None:
            self.problems.append(
                Problem("import.no-name", gettext_noop("The row has no name of a company; expected one."))
            )
        person = self._person()
        return RowSaid(
            self.line,
            {name: facts[name] for name in FACTS if name in facts},
            person,
            self._get("partner", lambda cell: import_cells.plain_text("partner", cell)) or "",
            self._get("notes", lambda cell: import_cells.plain_text("notes", cell)) or "",
            tuple(self.remarks),
            tuple(self.problems),
        )

    def _readers(self) -> dict[str, Callable[[Cell], Value]]:
        return {
            "name": lambda cell: import_cells.plain_text("name", cell),
            "vat": self._vat,
            "tax_code": self._tax_code,
            "rea": import_cells.rea,
            "profile": import_cells.profile,
            "employees": import_cells.employees,
            "turnover_cents": lambda cell: import_cells.cents("turnover", cell),
            "balance_sheet_cents": lambda cell: import_cells.cents("balance_sheet", cell),
            "address": lambda cell: import_cells.plain_text("address", cell),
            "city": lambda cell: import_cells.plain_text("city", cell),
            "postcode": import_cells.postcode,
            "province": import_cells.province,
            "website": import_cells.website,
        }

    def _get(self, column: str, read: Callable[[Cell], Read]) -> Read | None:
        cell = self.cells.get(column.removesuffix("_cents"))
        if cell is None:
            return None
        try:
            return read(cell)
        except Problem as problem:
            self.problems.append(problem)
            return None

    def _vat(self, cell: Cell) -> str:
        text = self._with_zeros(cell, 11)
        found = identifiers.vat(text)
        if found is not None:
            return found
        if text.isdecimal() and 7 <= len(text) < 11:
            raise Problem(
                "import.vat-short",
                gettext_noop(
                    "The VAT number {value} has {count} digits of 11: a spreadsheet may have dropped the "
                    "zeros at its beginning. Write it as text."
                ),
                value=text,
                count=len(text),
            )
        raise Problem(
            "import.vat",
            gettext_noop("The VAT number {value} is not valid: its check digit does not fit."),
            value=text,
        )

    def _tax_code(self, cell: Cell) -> str:
        text = self._with_zeros(cell, 11)
        found = identifiers.tax_code(text)
        if found is None:
            raise Problem(
                "import.tax-code",
                gettext_noop("The tax code {value} is not valid: its check character does not fit."),
                value=text,
            )
        return found

    def _with_zeros(self, cell: Cell, digits: int) -> str:
        """A number's text; where a spreadsheet kept it as a number, with the zeros that it dropped."""
        text = import_cells.plain(cell)
        if isinstance(cell, str) or not text.isdecimal() or len(text) >= digits:
            return text
        self.remarks.append(
            Problem(
                "import.zeros-added",
                gettext_noop("{value} is a number in the spreadsheet; zeros were put before it: {read}."),
                value=text,
                read=text.zfill(digits),
            )
        )
        return text.zfill(digits)

    def _ateco(self, facts: dict[str, Value]) -> None:
        code, version = self.cells.get("ateco"), self.cells.get("ateco_version")
        if code is None:
            if version is not None:
                self.problems.append(
                    Problem(
                        "import.ateco-alone",
                        gettext_noop("The edition of the activity code stands without a code."),
                    )
                )
            return
        edition = import_cells.plain(version)
        if edition not in identifiers.ATECO:
            self.problems.append(
                Problem(
                    "import.ateco-version",
                    gettext_noop("The activity code needs its edition, 2007 or 2025; found: {value}."),
                    value=edition or "–",
                )
            )
            return
        text = import_cells.plain(code)
        if not isinstance(code, str) and re.fullmatch(r"[0-9](\.[0-9]+)?", text):
            text = f"0{text}"  # 1.11 in a spreadsheet is 01.11
        if not identifiers.ATECO[edition].fullmatch(text):
            self.problems.append(
                Problem(
                    "import.ateco",
                    gettext_noop("The activity code is {value}; expected one such as 25.62."),
                    value=text,
                )
            )
            return
        facts["ateco_version"], facts["ateco_code"] = edition, text

    def _person(self) -> Person | None:
        name = self._get("contact_name", lambda cell: import_cells.plain_text("contact_name", cell)) or ""
        role = self._get("contact_role", lambda cell: import_cells.plain_text("contact_role", cell)) or ""
        email = self._get("contact_email", import_cells.email) or ""
        phone = self._get("contact_phone", import_cells.phone) or ""
        consent = self._get("consent_on", self._consent)
        if not name and not email:
            if role or phone or consent:
                self.problems.append(
                    Problem(
                        "import.contact-nameless",
                        gettext_noop("A contact needs a name or an e-mail address; the row gives neither."),
                    )
                )
            return None
        return Person(name or email, role, email, phone, consent)

    def _consent(self, cell: Cell) -> date:
        found = import_cells.day(cell)
        if found > self.today:
            raise Problem(
                "import.consent-to-come",
                gettext_noop("The day of the consent, {day}, is still to come."),
                day=found,
            )
        return found
