"""What templates need to write figures as the reader writes them."""

from datetime import date

from django import template
from django.forms import BoundField
from django.templatetags.static import static
from django.utils.formats import date_format, number_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from capofila.web import release

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


@register.filter
def bare(field: BoundField) -> SafeString:
    """The input of a field, without a placeholder: what a field is for, its label says."""
    return field.as_widget(attrs={"placeholder": False})


@register.simple_tag
def versioned(name: str) -> str:
    """The address of a script or style with its release, so that a kept page finds its own."""
    return f"{static(name)}?v={release.of_statics()}"
