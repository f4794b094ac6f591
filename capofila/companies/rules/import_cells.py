"""How one cell of a list of companies is read: texts, numbers, amounts, days, as Excel in Italy writes them.

An amount is whole euro cents. Each reader raises a `Problem`. Examples: docs/rules/company-import.md
"""

import re
from datetime import date
from decimal import Decimal

from capofila.companies.rules import identifiers
from capofila.lib.problems import Problem, gettext_noop

Cell = str | int | Decimal | bool | date | None

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


def is_empty(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Decimal) and cell.is_finite() and abs(cell.adjusted()) < LARGEST_EXPONENT:
        return str(int(cell)) if cell == cell.to_integral_value() else str(cell)
    return str(cell).strip()


def plain_text(column: str, cell: Cell) -> str:
    text = " ".join(plain(cell).split()) if column != "notes" else plain(cell)
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


def rea(cell: Cell) -> str:
    text = plain(cell).upper()
    if not identifiers.REA.fullmatch(text):
        raise Problem(
            "import.rea",
            gettext_noop("The business register number is {value}; expected one such as BS-123456."),
            value=text,
        )
    return text


def profile(cell: Cell) -> str:
    text = plain(cell).lower()
    if text not in PROFILES:
        raise Problem(
            "import.profile",
            gettext_noop("The profile is {value}; expected one of: {known}."),
            value=text,
            known=", ".join(dict.fromkeys(PROFILES.values())),
        )
    return PROFILES[text]


def employees(cell: Cell) -> int:
    text = plain(cell)
    number = text.replace(".", "") if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{3})+", text) else text
    if isinstance(cell, bool) or not re.fullmatch(r"[0-9]{1,8}", number) or int(number) > MOST_PEOPLE:
        raise Problem(
            "import.employees",
            gettext_noop("The number of employees is {value}; expected a whole number."),
            value=text,
        )
    return int(number)


def cents(column: str, cell: Cell) -> int:
    """Euros in whole cents. 1.234,50 and 1,234.50 are read; 1.234 and 1,234 could mean two things."""
    text = plain(cell)
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


def postcode(cell: Cell) -> str:
    text = plain(cell).upper()
    if not isinstance(cell, str) and text.isdecimal():
        text = text.zfill(5)  # a spreadsheet's 184 is Rome's 00184
    if not POSTCODE.fullmatch(text):
        raise Problem(
            "import.postcode",
            gettext_noop("The postcode is {value}; expected one such as 25121."),
            value=text,
        )
    return text


def province(cell: Cell) -> str:
    text = plain(cell).upper()
    if not identifiers.PROVINCE.fullmatch(text):
        raise Problem(
            "import.province",
            gettext_noop("The province is {value}; expected two letters such as BS."),
            value=text,
        )
    return text


def website(cell: Cell) -> str:
    found = plain_text("website", cell)
    if not WEBSITE.fullmatch(found):
        raise Problem(
            "import.website",
            gettext_noop("The website is {value}; expected one such as www.rossi.example."),
            value=found,
        )
    return found


def email(cell: Cell) -> str:
    found = plain_text("contact_email", cell)
    if not EMAIL.fullmatch(found):
        raise Problem(
            "import.email",
            gettext_noop("The e-mail address is {value}; expected one such as anna@rossi.example."),
            value=found,
        )
    return found


def phone(cell: Cell) -> str:
    found = plain_text("contact_phone", cell)
    if not PHONE.fullmatch(found):
        raise Problem(
            "import.phone",
            gettext_noop("The telephone number is {value}; expected digits such as +39 030 1234567."),
            value=found,
        )
    return found


def day(cell: Cell) -> date:
    if isinstance(cell, date):
        return cell
    text = plain(cell)
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
