"""Identifiers of a company, and when one is well formed. Check digits by python-stdnum."""

import re

EU_PREFIX = re.compile(r"^(AT|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|HR|HU|IE|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK|XI)")
REA = re.compile(r"[A-Z]{2}[- ]?[0-9]{1,7}")
PROVINCE = re.compile(r"[A-Z]{2}")
ATECO = {
    "2007": re.compile(r"[0-9]{2}(\.[0-9]{1,2}(\.[0-9]{1,2})?)?"),
    "2025": re.compile(r"[0-9]{2}(\.[0-9]{1,2}(\.[0-9]{1,2})?)?"),
}


def vat(number: str) -> str | None:
    """An Italian VAT number as 11 digits, another EU one with its prefix; None when it is not valid."""
    from stdnum.eu import vat as eu  # noqa: PLC0415 (slow to import)
    from stdnum.it import iva  # noqa: PLC0415

    compact = re.sub(r"[\s.-]", "", number.upper())
    if EU_PREFIX.match(compact):
        return str(eu.compact(compact)) if eu.is_valid(compact) else None
    return str(iva.compact(compact)) if iva.is_valid(compact) else None


def tax_code(number: str) -> str | None:
    """An Italian tax code (16 characters, or the 11 digits of a company); None when it is not valid."""
    from stdnum.it import codicefiscale  # noqa: PLC0415 (slow to import)

    return str(codicefiscale.compact(number)) if codicefiscale.is_valid(number) else None
