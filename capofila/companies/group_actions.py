"""What people do with the group of a company: enter, correct and remove what is known of it.

Every row is a shared fact. What is corrected or removed stands in the history of the companies it
touches, with the reason; a holding that ended keeps its row, with the day. The size class of every
company of the registry in the group is kept up with it.
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from capofila.companies import group_queries, indexing
from capofila.companies.models import (
    Company,
    Correction,
    Enterprise,
    EnterpriseLink,
    Holding,
    YearAccounts,
)
from capofila.journal import actions as journal
from capofila.journal.actions import Actor
from capofila.lib.problems import Problem, gettext_noop

Row = Enterprise | YearAccounts | Holding | EnterpriseLink
# What each kind of row is called in journal and history, and its facts in the order they are told.
THINGS: Mapping[type[Row], str] = {
    Enterprise: "enterprise", YearAccounts: "accounts", Holding: "holding", EnterpriseLink: "link",
}  # fmt: skip
FACTS: Mapping[str, tuple[str, ...]] = {
    "enterprise": ("name", "kind", "country", "invested_cents", "budget_cents", "inhabitants"),
    "accounts": ("enterprise", "year", "awu", "turnover_cents", "balance_sheet_cents"),
    "holding": ("owner", "of", "capital", "votes", "since", "until"),
    "link": ("one", "other", "by", "market", "since", "until"),
}
NO_REASON = "–"  # of what is entered for the first time


class StillTied(Problem):
    """Something would lose its end."""

    status = 409


def own_enterprise(company: Company) -> Enterprise:
    """The company in its group; made when it is needed first."""
    return Enterprise.objects.get_or_create(company=company)[0]


# Enter, correct, remove


@transaction.atomic
def enter(row: Row, *, company: Company, by: Actor, at: datetime, on: date) -> Row:
    """Keep a new row, entered in the file of `company`. Raises `Problem` for one that cannot be."""
    _check(row)
    row.save(force_insert=True)
    _remember("companies.group-entered", row, {}, told(row), NO_REASON, company=company, by=by, at=at)
    settle(ends(row), on=on)
    return row


@transaction.atomic
def enter_enterprise(
    company: Company, *, member: Company | None, facts: Mapping[str, Any], relation: str,
    shares: Mapping[str, Any], by: Actor, at: datetime, on: date,
) -> Enterprise:  # fmt: skip
    """Enter an enterprise of the group: one with these facts, or `member`, a company of the registry.

    `relation`: "owner" holds `shares` of the company, "owned" is held by it, "none" is neither.
    """
    doing: dict[str, Any] = {"company": company, "by": by, "at": at, "on": on}
    if member is None:
        row = Enterprise(entered_for=company, **facts)
        enter(row, **doing)
    else:
        row = own_enterprise(member)
    if relation != "none":
        own = own_enterprise(company)
        owner, of = (row, own) if relation == "owner" else (own, row)
        enter(Holding(owner=owner, of=of, **shares), **doing)
    return row


def no_such_company(vat: str) -> Problem:
    return Problem(
        "group.no-such-company",
        gettext_noop(
            "No company of the registry that your partner serves has the VAT number {vat}. "
            "Give its name instead."
        ),
        vat=vat,
    )


@transaction.atomic
def change(
    row: Row, facts: Mapping[str, Any], *, reason: str, company: Company, by: Actor, at: datetime, on: date
) -> None:
    """Correct a row, or let it end on a day; what stood before is in the history, with the reason.

    Raises `Problem` when nothing would change, or it cannot be.
    """
    row = type(row)._default_manager.select_for_update().get(pk=row.pk)
    before, tied = told(row), ends(row)
    for name, value in facts.items():
        setattr(row, name, value)
    after = told(row)
    if after == before:
        raise Problem(
            "group.nothing-changed",
            gettext_noop("Nothing was changed: all of it stands already as you wrote it."),
        )
    _check(row)
    row.save()
    _remember("companies.group-changed", row, before, after, reason, company=company, by=by, at=at)
    settle({*tied, *ends(row)}, on=on)


@transaction.atomic
def remove(row: Row, *, reason: str, company: Company, by: Actor, at: datetime, on: date) -> None:
    """Take out a row that should never have been; the history keeps what it said, and the reason.

    Raises `StillTied` for an enterprise that has accounts, holdings or links.
    """
    row = type(row)._default_manager.select_for_update().get(pk=row.pk)
    if isinstance(row, Enterprise):
        _check_loose(row)
    tied = ends(row)
    _remember("companies.group-removed", row, told(row), {}, reason, company=company, by=by, at=at)
    row.delete()
    settle(tied, on=on)


def ends(row: Row) -> set[int]:
    """The enterprises it is about."""
    if isinstance(row, Holding):
        return {row.owner_id, row.of_id}
    if isinstance(row, EnterpriseLink):
        return {row.one_id, row.other_id}
    return {row.pk if isinstance(row, Enterprise) else row.enterprise_id}


# What cannot be


def _check(row: Row) -> None:
    checks: Mapping[type[Row], Callable[[Any], None]] = {
        Enterprise: _check_enterprise, YearAccounts: _check_year, Holding: _check_holding,
        EnterpriseLink: _check_link,
    }  # fmt: skip
    checks[type(row)](row)


def _check_enterprise(row: Enterprise) -> None:
    if row.kind == "person" and (
        row.company_id is not None or Holding.objects.filter(of=row.pk or 0).exists()
    ):
        raise _held(row)


def _check_year(row: YearAccounts) -> None:
    others = YearAccounts.objects.filter(enterprise=row.enterprise, year=row.year).exclude(pk=row.pk)
    if others.exists():
        raise Problem(
            "group.year-taken",
            gettext_noop("The accounts of {year} of {name} are there already. Correct those instead."),
            year=row.year,
            name=row.enterprise,
        )


def _check_holding(row: Holding) -> None:
    _check_two(row.owner, row.of)
    _check_days(row.since, row.until)
    if row.of.kind == "person":
        raise _held(row.of)


def _held(enterprise: Enterprise) -> Problem:
    return Problem(
        "group.person-is-held",
        gettext_noop("{name} is held by others, and so cannot be a person."),
        name=enterprise,
    )


def _check_link(row: EnterpriseLink) -> None:
    _check_two(row.one, row.other)
    _check_days(row.since, row.until)


def _check_two(one: Enterprise, other: Enterprise) -> None:
    if one.pk == other.pk:
        raise Problem(
            "group.itself", gettext_noop("{name} stands on both sides; expected two enterprises."), name=one
        )


def _check_days(since: date | None, until: date | None) -> None:
    if since is not None and until is not None and until < since:
        raise Problem(
            "group.until-before-since",
            gettext_noop("It ends on {until}, before it begins on {since}; expected a later end."),
            since=since,
            until=until,
        )


def _check_loose(row: Enterprise) -> None:
    tied = (
        row.company_id is not None
        or row.accounts.exists()
        or Holding.objects.filter(Q(owner=row) | Q(of=row)).exists()
        or EnterpriseLink.objects.filter(Q(one=row) | Q(other=row)).exists()
    )
    if tied:
        raise StillTied(
            "group.still-tied",
            gettext_noop("{name} has accounts, holdings or links. Remove those first."),
            name=row,
        )


# History


def told(row: Row) -> dict[str, str]:
    """What a row says, for the history: names instead of numbers, the empty left out."""
    values = {name: getattr(row, name) for name in FACTS[THINGS[type(row)]]}
    if isinstance(row, Enterprise):
        values["name"] = str(row)
    return {name: _plain(value) for name, value in values.items() if value not in (None, "")}


def _plain(value: object) -> str:
    if hasattr(value, "normalize"):
        return format(value.normalize(), "f")
    return str(value)


def _remember(
    event: str, row: Row, before: Mapping[str, str], after: Mapping[str, str], reason: str, *,
    company: Company, by: Actor, at: datetime,
) -> None:  # fmt: skip
    """In the history of the company in whose file it was done, and of those it touches."""
    thing = THINGS[type(row)]
    touched = Company.objects.filter(
        pk__in=Enterprise.objects.filter(pk__in=ends(row), company__isnull=False).values("company")
    )
    for each in dict.fromkeys([company, *touched.order_by("pk")]):
        entry = journal.record(event, by=by, about=each, what=thing, row=row.pk)
        Correction.objects.create(
            company=each,
            entry=entry.sequence,
            fact=f"group.{thing}",
            before=json.dumps(before, ensure_ascii=False) if before else "",
            after=json.dumps(after, ensure_ascii=False) if after else "",
            reason=reason or NO_REASON,
            at=at,
        )


# The class of each company


def settle(enterprises: Iterable[int], *, on: date) -> None:
    """Keep the class of every company of the registry in these groups as it is on the day.

    Where the accounts do not tell it, the class by the company's own figures stands, as provisional.
    """
    ids: Collection[int] = group_queries.reached(set(enterprises))
    for row in Enterprise.objects.filter(pk__in=ids, company__isnull=False).select_related("company"):
        company = row.company
        assert company is not None
        before = (company.size, company.size_is_provisional)
        found = group_queries.size_on(group_queries.known(company), on).size
        if found != "unknown":
            company.size, company.size_is_provisional = found, False
        elif row.accounts.exists():
            company.size, company.size_is_provisional = "", True
            indexing.derive(company)
        if (company.size, company.size_is_provisional) != before:
            company.save(update_fields=["size", "size_is_provisional"])
