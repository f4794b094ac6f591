"""The map of a roadmap: effort across, gain upwards, every action a link that says itself in words."""

from collections.abc import Sequence

from django.utils.formats import get_format, number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from capofila.lib.charts.shapes import Locale
from capofila.roadmap import pictures
from capofila.roadmap.figures import exact
from capofila.roadmap.pictures import Corners, Dot
from capofila.roadmap.rows import Row

FIRST = 12  # actions with a number in the map


def overview(rows: Sequence[Row], *, narrow: bool) -> SafeString:
    """`narrow`: for a phone."""
    dots = [
        Dot(
            url=row.url,
            told=told(row),
            days=row.days,
            gain=float(exact(row.item.factors["gain"])),
            number=row.number if row.number is not None and row.number <= FIRST else None,
            planned=row.quarter is not None,
            hot=row.hot,
        )
        for row in rows
        if row.item.factors.get("gain")
    ]
    return pictures.priority_map(
        dots,
        alt=_("Map of %(count)d actions: working days across, gain upwards.") % {"count": len(dots)},
        x_name=_("working days of your own people"),
        y_name=_("gain on the overall score"),
        corners=Corners(_("Quick wins"), _("Big projects"), _("Small steps"), _("Long shots")),
        locale=Locale(
            number=lambda value: number_format(value, decimal_pos=2),
            decimal=get_format("DECIMAL_SEPARATOR"),
        ),
        narrow=narrow,
    )


def told(row: Row) -> str:
    """A point of the map in words."""
    facts = [
        row.name,
        _("gain %(gain)s") % {"gain": row.gain},
        ngettext("%(days)d day", "%(days)d days", row.days) % {"days": row.days},
        row.cost,
        _("quarter %(quarter)d") % {"quarter": row.quarter} if row.quarter else row.left_out,
    ]
    return " · ".join(facts)
