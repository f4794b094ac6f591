"""What templates need to write figures as the reader writes them."""

from datetime import date

from django import template
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language

register = template.Library()

HARD_SPACE = "\N{NO-BREAK SPACE}"


@register.filter
def megabytes(size: int) -> str:
    """Bytes as megabytes with one decimal: 1,8 MB."""
    return f"{number_format(size / 1_000_000, decimal_pos=1)}{HARD_SPACE}MB"


@register.filter
def day(value: date) -> str:
    """A day in words, months in lower case where the language writes them so: 8 giugno 2026, 8 June 2026."""
    month = date_format(value, "F")
    if not (get_language() or "").startswith("en"):
        month = month.lower()
    return f"{value.day}{HARD_SPACE}{month} {value.year}"
