"""Figures and names as the pages of the roadmap print them."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from capofila.roadmap.goals import goals

HARD_SPACE = "\N{NO-BREAK SPACE}"


def euros(cents: int) -> str:
    """4 800 €, without cents."""
    return f"{number_format((cents + 50) // 100, use_l10n=True, force_grouping=True)}{HARD_SPACE}€"


def hundredths(value: Fraction) -> str:
    """Rounded, not cut: 0.007 is 0.01."""
    return number_format(Decimal(floor(value * 100 + Fraction(1, 2))) / 100, decimal_pos=2)


def gain_words(gain: str) -> str:
    """+0.04; a dash where scores are withheld."""
    if not gain:
        return "–"
    value = Fraction(gain)
    if 0 < value < Fraction(1, 200):
        return _("under +0.01")
    return f"+{hundredths(value)}"


def goal_names(codes: Sequence[str], language: str) -> list[str]:
    known = goals()
    return [known[code][language] for code in codes if code in known]
