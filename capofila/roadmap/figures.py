"""Figures and names as the pages of the roadmap print them.

The same few figures stand on every page and in every row: each is written once, by the language of the page.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import floor
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from capofila.roadmap.goals import goals

HARD_SPACE = "\N{NO-BREAK SPACE}"
FACTOR_NAMES: Mapping[str, Any] = {
    "gap": gettext_lazy("Gap: how far the answers stand from what the action reaches"),
    "relevance": gettext_lazy("Relevance to the goals that the company names"),
    "peers": gettext_lazy("Distance from similar companies"),
    "feasibility": gettext_lazy("Feasibility: money, days, what must come first"),
}


def euros(cents: int) -> str:
    """4 800 €, without cents."""
    return _euros(cents, get_language())


@lru_cache(maxsize=4096)
def _euros(cents: int, _language: str | None) -> str:
    return f"{number_format((cents + 50) // 100, use_l10n=True, force_grouping=True)}{HARD_SPACE}€"


def hundredths(value: Fraction) -> str:
    """Rounded, not cut: 0.007 is 0.01."""
    return number_format(Decimal(floor(value * 100 + Fraction(1, 2))) / 100, decimal_pos=2)


def share(value: float) -> str:
    """A priority, 0 to 1."""
    return _share(value, get_language())


@lru_cache(maxsize=8192)
def _share(value: float, _language: str | None) -> str:
    return hundredths(Fraction(value))


@lru_cache(maxsize=8192)
def exact(figure: str) -> Fraction:
    """A figure of a row, as it is kept there."""
    return Fraction(figure)


def gain_words(gain: str) -> str:
    """+0.04; a dash where scores are withheld."""
    return _gain_words(gain, get_language()) if gain else "–"


@lru_cache(maxsize=8192)
def _gain_words(gain: str, _language: str | None) -> str:
    value = exact(gain)
    if 0 < value < Fraction(1, 200):
        return _("under +0.01")
    return f"+{hundredths(value)}"


def goal_names(codes: Sequence[str], language: str) -> list[str]:
    known = goals()
    return [known[code][language] for code in codes if code in known]
