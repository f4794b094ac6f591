"""`Ties` as a file of enterprises, holdings and links (docs/formats.md), which the command reads."""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import yaml

from capofila.companies.rules.ties import Accounts, Enterprise, Ties


def written(ties: Ties, subject: str, on: date, *, without_figures: Collection[str] = ()) -> str:
    """The file, the subject first. What is not known is left out, as are the accounts of some."""
    names = sorted(ties.enterprises, key=lambda name: (name != subject, name.casefold(), name))
    document = {
        "subject": subject,
        "on": str(on),
        "enterprises": {
            name: _enterprise(ties.enterprises[name], with_accounts=name not in without_figures)
            for name in names
        },
        "holdings": [
            _given(
                owner=each.owner, of=each.of, capital=_number(each.capital), votes=_number(each.votes),
                since=_day(each.since), until=_day(each.until),
            )
            for each in ties.holdings
        ],
        "links": [
            _given(
                between=list(each.between), by=each.by, market=each.market, since=_day(each.since),
                until=_day(each.until),
            )
            for each in ties.links
        ],
    }  # fmt: skip
    return yaml.dump(document, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)


def _enterprise(enterprise: Enterprise, *, with_accounts: bool) -> Mapping[str, Any]:
    return _given(
        kind=enterprise.kind if enterprise.kind != "firm" else None,
        country=enterprise.country if enterprise.country != "IT" else None,
        invested_eur=_euros(enterprise.invested),
        budget_eur=_euros(enterprise.budget),
        inhabitants=enterprise.inhabitants,
        accounts=[_accounts(each) for each in enterprise.accounts if with_accounts],
    )


def _accounts(accounts: Accounts) -> Mapping[str, Any]:
    return _given(
        year=accounts.year,
        awu=None if accounts.awu is None else _number(accounts.awu),
        turnover_eur=_euros(accounts.turnover),
        balance_sheet_eur=_euros(accounts.balance_sheet),
    )


def _given(**facts: Any) -> Mapping[str, Any]:
    return {name: value for name, value in facts.items() if value is not None}


def _day(day: date | None) -> str | None:
    return None if day is None else str(day)


def _euros(cents: int | None) -> int | Decimal | None:
    return None if cents is None else _number(Fraction(cents, 100))


def _number(number: Fraction) -> int | Decimal:
    """Exact, as every number that we keep has few decimals."""
    if number.denominator == 1:
        return number.numerator
    return Decimal(number.numerator) / Decimal(number.denominator)


class _Dumper(yaml.SafeDumper):
    """Decimals as they are; no anchors, which the reader refuses."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _decimal(dumper: _Dumper, number: Decimal) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:float", format(number, "f"))


_Dumper.add_representer(Decimal, _decimal)
