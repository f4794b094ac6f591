"""What is known of a group, in the language of the page: rows, reasons, numbers."""

import json
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from capofila.companies.rules.reasons import Fact, Money, Reason, Word
from capofila.companies.rules.status import CLASS_NAMES
from capofila.companies.rules.ties import KINDS, WAYS
from capofila.desk.words import language
from capofila.lib.problems import gettext_noop
from capofila.reports.phrases import Phrases, phrases

Facts = Mapping[str, str]  # of a row, as `group_actions.told` tells them
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MARKETS = {
    "same": gettext_noop("the same market"),
    "adjacent": gettext_noop("an adjacent market"),
    "other": gettext_noop("other markets"),
}


def say() -> Phrases:
    return phrases(language())


def number(value: Fraction | Decimal | str, places: int = 4) -> str:
    """With as many decimals as it needs, at most `places`: 12,5."""
    exact = Fraction(value)
    rounded = Decimal(exact.numerator) / Decimal(exact.denominator)
    text = format(round(rounded, places).normalize(), "f")
    _, point, decimals = text.partition(".")
    return number_format(Decimal(text), decimal_pos=len(decimals) if point else 0, force_grouping=True)


def percent(value: Fraction | Decimal | str) -> str:
    return f"{number(value, 2)}\N{NO-BREAK SPACE}%"


def class_name(code: str) -> str:
    return _("not known") if code == "unknown" else _(CLASS_NAMES[code])


def kind_name(code: str) -> str:
    return _(KINDS[code])


def reason_words(reason: Reason) -> str:
    return reason.words(_, _shown)


def _shown(fact: Fact) -> str:
    if isinstance(fact, Money):
        return say().euros(fact.cents)
    if isinstance(fact, Fraction):
        return number(fact)
    if isinstance(fact, tuple):
        return say().listed(fact)
    if isinstance(fact, Word):
        return _(fact.text)
    return say().day(date.fromisoformat(fact)) if isinstance(fact, str) and DAY.fullmatch(fact) else str(fact)


# Rows


def row_words(thing: str, facts: Facts) -> str:
    """A row of a group as one sentence without its full stop."""
    told = {"enterprise": _enterprise, "accounts": _accounts, "holding": _holding, "link": _link}
    return told[thing](facts)


def kept_words(thing: str, kept: str) -> str:
    """The same of a row as the history keeps it; empty for none."""
    return row_words(thing, json.loads(kept)) if kept else ""


def _enterprise(facts: Facts) -> str:
    parts = [kind_name(facts["kind"])]
    if facts["country"] != "IT":
        parts.append(facts["country"])
    if "invested_cents" in facts:
        parts.append(_("%(euros)s invested") % {"euros": _euros(facts["invested_cents"])})
    if "budget_cents" in facts:
        parts.append(_("a budget of %(euros)s a year") % {"euros": _euros(facts["budget_cents"])})
    if "inhabitants" in facts:
        parts.append(_("%(number)s inhabitants") % {"number": number(facts["inhabitants"])})
    return f"{facts['name']}: {', '.join(parts)}"


def _accounts(facts: Facts) -> str:
    missing = _("not known")
    return _(
        "%(name)s, accounts of %(year)s: work units %(awu)s, turnover %(turnover)s, balance sheet %(balance)s"
    ) % {
        "name": facts["enterprise"],
        "year": facts["year"],
        "awu": number(facts["awu"]) if "awu" in facts else missing,
        "turnover": _euros(facts["turnover_cents"]) if "turnover_cents" in facts else missing,
        "balance": _euros(facts["balance_sheet_cents"]) if "balance_sheet_cents" in facts else missing,
    }


def _holding(facts: Facts) -> str:
    ends = {"owner": facts["owner"], "of": facts["of"]}
    if Decimal(facts["capital"]) == Decimal(facts["votes"]):
        words = _("%(owner)s holds %(share)s of %(of)s") % {**ends, "share": percent(facts["capital"])}
    else:
        words = _("%(owner)s holds %(capital)s of the capital and %(votes)s of the votes of %(of)s") % {
            **ends,
            "capital": percent(facts["capital"]),
            "votes": percent(facts["votes"]),
        }
    return words + _days(facts)


def _link(facts: Facts) -> str:
    words = _("%(one)s and %(other)s are linked by %(way)s") % {
        "one": facts["one"],
        "other": facts["other"],
        "way": _(WAYS[facts["by"]]),
    }
    if facts["by"] == "person":
        market = _(MARKETS[facts["market"]]) if "market" in facts else _("market not known")
        words += f", {market}"
    return words + _days(facts)


def _days(facts: Facts) -> str:
    words = ""
    if "since" in facts:
        words += ", " + _("since %(day)s") % {"day": _day(facts["since"])}
    if "until" in facts:
        words += ", " + _("until %(day)s") % {"day": _day(facts["until"])}
    return words


def _day(text: str) -> str:
    return say().day(date.fromisoformat(text))


def _euros(cents: str) -> str:
    return say().euros(int(cents))
