"""What templates need to write figures as the reader writes them."""

from django import template
from django.utils.formats import number_format

register = template.Library()

HARD_SPACE = "\N{NO-BREAK SPACE}"


@register.filter
def megabytes(size: int) -> str:
    """Bytes as megabytes with one decimal: 1,8 MB."""
    return f"{number_format(size / 1_000_000, decimal_pos=1)}{HARD_SPACE}MB"
