"""What the templates of the interview need to write values."""

from django import template
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
def duration(minutes: int) -> str:
    """1 h 52 min, 40 min."""
    hours, rest = divmod(minutes, 60)
    space = "\N{NO-BREAK SPACE}"
    return f"{hours}{space}h {rest}{space}min" if hours else f"{rest}{space}min"
