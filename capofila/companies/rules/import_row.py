"""What a row of a list of companies says, every mistake at once. What becomes of it: `import_verdict`.

An empty cell says nothing: it never erases. Money is in whole euro cents. Columns and how each is
read, with examples: docs/rules/company-import.md
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from capofila.companies.rules import identifiers
from capofila.lib.problems import Problem, gettext_noop

Value = str | int
Cell = str | int | Decimal | bool | date | None
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
LONGEST = {
    "name": 300, "address": 200, "city": 100, "website": 200, "contact_name": 200, "contact_role": 100,
    "contact_email": 254, "contact_phone": 40, "partner": 200, "notes": 5_000,
}  # fmt: skip
PROFILES = {
    "manufacturing": "manufacturing", "services": "services", "trade": "trade",
    "construction-crafts": "construction-crafts",
    "manifattura": "manufacturing", "manifatturiero": "manufacturing", "servizi": "services",
    "commercio": "trade", "costruzioni": "construction-crafts",
    "costruzioni e impianti": "construction-crafts", "costruzioni-artigianato": "construction-crafts",
}  # fmt: skip
MOST_PEOPLE = 10_000_000
MOST_CENTS = 10**15
LARGEST_EXPONENT = 20

EMAIL = re.compile(r"[^\s@<>,;:\"]+@[^\s@<>,;:\".]+(\.[^\s@<>,;:\".]+)+")
PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{3,38}")
WEBSITE = re.compile(r"(https?://)?[\w-]+(\.[\w-]+)+(:[0-9]+)?(/\S*)?", re.IGNORECASE)
POSTCODE = re.compile(r"[0-9A-Z][0-9A-Z -]{1,8}[0-9A-Z]")
AMOUNT = re.compile(r"([0-9]+|[0-9]{1,3}(\.[0-9]{3})+|[0-9]{1,3}([ '’][0-9]{3})+)(,[0-9]{1,2})?")
ENGLISH_AMOUNT = re.compile(r"([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]{1,2})?")
ITALIAN_DAY = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


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
        self.cells = {name: cell for name, cell in cells.items() if not _is_empty(cell)}
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
            self._get("partner", lambda cell: _text("partner", cell)) or "",
            self._get("notes", lambda cell: _text("notes", cell)) or "",
            tuple(self.remarks),
            tuple(self.problems),
        )

    def _readers(self) -> dict[str, Callable[[Cell], Value]]:
        return {
            "name": lambda cell: _text("name", cell),
            "vat": self._vat,
            "tax_code": self._tax_code,
            "rea": _rea,
            "profile": _profile,
            "employees": _employees,
            "turnover_cents": lambda cell: _cents("turnover", cell),
            "balance_sheet_cents": lambda cell: _cents("balance_sheet", cell),
            "address": lambda cell: _text("address", cell),
            "city": lambda cell: _text("city", cell),
            "postcode": _postcode,
            "province": _province,
            "website": _website,
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
        text = _plain(cell)
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
        edition = _plain(version)
        if edition not in identifiers.ATECO:
            self.problems.append(
                Problem(
                    "import.ateco-version",
                    gettext_noop("The activity code needs its edition, 2007 or 2025; found: {value}."),
                    value=edition or "–",
                )
            )
            return
        text = _plain(code)
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
        name = self._get("contact_name", lambda cell: _text("contact_name", cell)) or ""
        role = self._get("contact_role", lambda cell: _text("contact_role", cell)) or ""
        email = self._get("contact_email", _email) or ""
        phone = self._get("contact_phone", _phone) or ""
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
        found = _day(cell)
        if found > self.today:
            raise Problem(
                "import.consent-to-come",
                gettext_noop("The day of the consent, {day}, is still to come."),
                day=found,
            )
        return found


def _is_empty(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Decimal) and cell.is_finite() and abs(cell.adjusted()) < LARGEST_EXPONENT:
        return str(int(cell)) if cell == cell.to_integral_value() else str(cell)
    return str(cell).strip()


def _text(column: str, cell: Cell) -> str:
    text = " ".join(_plain(cell).split()) if column != "notes" else _plain(cell)
    if isinstance(cell, bool) or (isinstance(cell, date) and column != "notes"):
        raise Problem(
            "import.not-text",
            gettext_noop("The column {column} holds {value}; expected a text."),
            column=column,
            value=text,
        )
    if len(text) > LONGEST[column]:
        raise Problem(
            "import.too-long",
            gettext_noop("The column {column} holds {count} characters; expected at most {longest}."),
            column=column,
            count=len(text),
            longest=LONGEST[column],
        )
    if "\0" in text:
        raise Problem(
            "import.unprintable",
            gettext_noop("The column {column} holds a character that cannot be stored."),
            column=column,
        )
    return text


def _rea(cell: Cell) -> str:
    text = _plain(cell).upper()
    if not identifiers.REA.fullmatch(text):
        raise Problem(
            "import.rea",
            gettext_noop("The business register number is {value}; expected one such as BS-123456."),
            value=text,
        )
    return text


def _profile(cell: Cell) -> str:
    text = _plain(cell).lower()
    if text not in PROFILES:
        raise Problem(
            "import.profile",
            gettext_noop("The profile is {value}; expected one of: {known}."),
            value=text,
            known=", ".join(dict.fromkeys(PROFILES.values())),
        )
    return PROFILES[text]


def _employees(cell: Cell) -> int:
    text = _plain(cell)
    number = text.replace(".", "") if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{3})+", text) else text
    if isinstance(cell, bool) or not re.fullmatch(r"[0-9]{1,8}", number) or int(number) > MOST_PEOPLE:
        raise Problem(
            "import.employees",
            gettext_noop("The number of employees is {value}; expected a whole number."),
            value=text,
        )
    return int(number)


def _cents(column: str, cell: Cell) -> int:
    """Euros in whole cents. 1.234,50 and 1,234.50 are read; 1.234 and 1,234 could mean two things."""
    text = _plain(cell)
    amount = None
    if isinstance(cell, int | Decimal) and not isinstance(cell, bool):
        amount = (
            Decimal(cell)
            if Decimal(cell).is_finite() and Decimal(cell).adjusted() < LARGEST_EXPONENT
            else None
        )
    elif isinstance(cell, str):
        digits = (
            text.removeprefix("€").removesuffix("€").strip().replace("\u00a0", " ").replace("\u202f", " ")
        )
        amount = _amount(digits)
    cents = None if amount is None else amount * 100
    if cents is None or cents != cents.to_integral_value() or not 0 <= cents <= MOST_CENTS:
        raise Problem(
            "import.amount",
            gettext_noop(
                "The column {column} holds {value}; expected euros such as 1234567,89 or 1234567.89."
            ),
            column=column,
            value=text,
        )
    return int(cents)


def _amount(digits: str) -> Decimal | None:
    if re.fullmatch(r"[0-9]{1,3}[.,][0-9]{3}", digits):
        return None  # thousands to one reader, thousandths to another
    if AMOUNT.fullmatch(digits):
        return Decimal(re.sub(r"[. '’]", "", digits).replace(",", "."))
    if ENGLISH_AMOUNT.fullmatch(digits):
        return Decimal(digits.replace(",", ""))
    return None


def _postcode(cell: Cell) -> str:
    text = _plain(cell).upper()
    if not isinstance(cell, str) and text.isdecimal():
        text = text.zfill(5)  # a spreadsheet's 184 is Rome's 00184
    if not POSTCODE.fullmatch(text):
        raise Problem(
            "import.postcode",
            gettext_noop("The postcode is {value}; expected one such as 25121."),
            value=text,
        )
    return text


def _province(cell: Cell) -> str:
    text = _plain(cell).upper()
    if not identifiers.PROVINCE.fullmatch(text):
        raise Problem(
            "import.province",
            gettext_noop("The province is {value}; expected two letters such as BS."),
            value=text,
        )
    return text


def _website(cell: Cell) -> str:
    text = _text("website", cell)
    if not WEBSITE.fullmatch(text):
        raise Problem(
            "import.website",
            gettext_noop("The website is {value}; expected one such as www.rossi.example."),
            value=text,
        )
    return text


def _email(cell: Cell) -> str:
    text = _text("contact_email", cell)
    if not EMAIL.fullmatch(text):
        raise Problem(
            "import.email",
            gettext_noop("The e-mail address is {value}; expected one such as anna@rossi.example."),
            value=text,
        )
    return text


def _phone(cell: Cell) -> str:
    text = _text("contact_phone", cell)
    if not PHONE.fullmatch(text):
        raise Problem(
            "import.phone",
            gettext_noop("The telephone number is {value}; expected digits such as +39 030 1234567."),
            value=text,
        )
    return text


def _day(cell: Cell) -> date:
    if isinstance(cell, date):
        return cell
    text = _plain(cell)
    try:
        if ISO_DAY.fullmatch(text):
            return date.fromisoformat(text)
        found = ITALIAN_DAY.fullmatch(text)
        if found is not None:
            day, month, year = map(int, found.groups())
            return date(year, month, day)
    except ValueError:
        pass
    raise Problem(
        "import.day",
        gettext_noop("The day is {value}; expected one such as 31/12/2025 or 2025-12-31."),
        value=text,
    )
