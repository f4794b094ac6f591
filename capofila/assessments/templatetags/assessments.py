"""What the templates of the interview need to write values."""

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from capofila.assessments.rules.fold import Current, Held

register = template.Library()


@register.filter
def as_text(value: object) -> str:
    """A value beside the text of an option; nothing for None."""
    return "" if value is None else str(value)


@register.filter
def both_sides(found: Current | None) -> list[tuple[Held, str]]:
    """What the company said and what the consultant said, where the company said something."""
    if found is None or found.company is None:
        return []
    sides = ((found.company, _("company")), (found.consultant, _("consultant")))
    return [(held, name) for held, name in sides if held is not None]


@register.filter
def file_size(size: int) -> str:
    """Bytes as kB or MB, as the page's script writes them."""
    if size >= 1_000_000:
        return f"{number_format(size / 1_000_000, decimal_pos=1)}\N{NO-BREAK SPACE}MB"
    return f"{number_format(max(1, round(size / 1_000)))}\N{NO-BREAK SPACE}kB"


@register.filter
def extension(name: str) -> str:
    """What the square beside a file says: PDF, JPG."""
    return (name.rpartition(".")[2] if "." in name else "file").upper()[:4]


@register.filter
def duration(minutes: int) -> str:
    """1 h 52 min, 40 min."""
    hours, rest = divmod(minutes, 60)
    space = "\N{NO-BREAK SPACE}"
    return f"{hours}{space}h {rest}{space}min" if hours else f"{rest}{space}min"
