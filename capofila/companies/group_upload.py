"""A file of enterprises, holdings and links into the group of a company: what it would change, then that.

Nothing is taken out: what stands in the registry and not in the file stays. Enterprises are the same
by their name, accounts by their year, holdings and links by their ends and first day.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import transaction

from capofila.companies import group_actions, group_queries
from capofila.companies.group_actions import Row, told
from capofila.companies.group_file import GroupFile
from capofila.companies.group_queries import Known
from capofila.companies.models import Company, Enterprise, EnterpriseLink, Holding, YearAccounts
from capofila.companies.rules import ties
from capofila.journal.actions import Actor
from capofila.lib.problems import Problem, gettext_noop, refuse_if

PLACES = {"awu": 4, "capital": 6, "votes": 6}  # decimals that are kept
MayChange = Callable[[Company], bool]


@dataclass
class Step:
    """One row that is new (`before` empty), or that becomes another."""

    row: Row
    facts: Mapping[str, Any]  # of an existing row: what changes
    before: Mapping[str, str] = field(default_factory=dict)
    after: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_new(self) -> bool:
        return self.row.pk is None


def plan(company: Company, file: GroupFile, may_change: MayChange) -> list[Step]:
    """What the file would change, in the order in which it is entered.

    Raises `Refused` for what cannot be kept, or is not the person's to change.
    """
    planned = _Plan(group_queries.known(company), may_change)
    planned.enterprises(file)
    planned.holdings(file)
    planned.links(file)
    refuse_if(planned.problems)
    return planned.steps


@transaction.atomic
def enter(
    company: Company,
    file: GroupFile,
    may_change: MayChange,
    *,
    reason: str,
    by: Actor,
    at: datetime,
    on: date,
) -> int:
    """Enter what the file says; how many rows are new or other."""
    steps = plan(company, file, may_change)
    for step in steps:
        if step.is_new:
            _settle_ends(step.row)
            group_actions.enter(step.row, company=company, by=by, at=at, on=on)
        else:
            group_actions.change(step.row, step.facts, reason=reason, company=company, by=by, at=at, on=on)
    return len(steps)


def _settle_ends(row: Row) -> None:
    """Enterprises that were made just before have their numbers only now."""
    for name in ("enterprise", "owner", "of", "one", "other"):
        end = getattr(row, name, None)
        if isinstance(end, Enterprise):
            if end.pk is None and end.company is not None:
                end.pk = group_actions.own_enterprise(end.company).pk
            setattr(row, name, end)


class _Plan:
    def __init__(self, known: Known, may_change: MayChange) -> None:
        self.known = known
        self.may_change = may_change
        self.by_name = {known.names[each.pk]: each for each in known.enterprises}
        self.steps: list[Step] = []
        self.problems: list[Problem] = []

    # Enterprises and accounts

    def enterprises(self, file: GroupFile) -> None:
        subject = self.known.own or Enterprise(company=self.known.company)
        self.ends = {file.subject: subject}
        for name, said in file.ties.enterprises.items():
            if name != file.subject:
                self.ends[name] = self.by_name.get(name) or self._new(said)
        for name, said in file.ties.enterprises.items():
            self._enterprise(self.ends[name], said)
            self._accounts(self.ends[name], said)

    def _new(self, said: ties.Enterprise) -> Enterprise:
        row = Enterprise(entered_for=self.known.company, name=said.name, **_facts(said))
        self.steps.append(Step(row, {}, after=told(row)))
        return row

    def _enterprise(self, row: Enterprise, said: ties.Enterprise) -> None:
        if row.pk is not None:
            self._step(row, _facts(said))
        elif row.company is not None and any(
            getattr(row, name) != value for name, value in _facts(said).items()
        ):
            fresh = Enterprise(company=row.company, **_facts(said))
            self.steps.append(_new_step(fresh))  # only ever shown: `enter` makes the row before

    def _accounts(self, row: Enterprise, said: ties.Enterprise) -> None:
        held = {each.year: each for each in self.known.accounts.get(row.pk or 0, ())}
        for each in said.accounts:
            facts = {
                "awu": self._decimal("awu", each.awu),
                "turnover_cents": each.turnover,
                "balance_sheet_cents": each.balance_sheet,
            }
            if each.year in held:
                self._step(held[each.year], facts)
            else:
                self._enter(YearAccounts(enterprise=row, year=each.year, **facts), row)

    # Holdings and links

    def holdings(self, file: GroupFile) -> None:
        held = {(row.owner_id, row.of_id, row.since): row for row in self.known.holdings}
        for each in file.ties.holdings:
            owner, of = self.ends[each.owner], self.ends[each.of]
            facts = {
                "capital": self._decimal("capital", each.capital),
                "votes": self._decimal("votes", each.votes),
                "until": each.until,
            }
            row = held.pop((owner.pk or 0, of.pk or 0, each.since), None)
            if row is None:
                self.steps.append(_new_step(Holding(owner=owner, of=of, since=each.since, **facts)))
            else:
                self._step(row, facts)

    def links(self, file: GroupFile) -> None:
        held = {(frozenset((row.one_id, row.other_id)), row.by, row.since): row for row in self.known.links}
        for each in file.ties.links:
            one, other = (self.ends[name] for name in each.between)
            facts = {"market": each.market or "", "until": each.until}
            row = held.pop((frozenset((one.pk or 0, other.pk or -1)), each.by, each.since), None)
            if row is None:
                link = EnterpriseLink(one=one, other=other, by=each.by, since=each.since, **facts)
                self.steps.append(_new_step(link))
            else:
                self._step(row, facts)

    # One row

    def _enter(self, row: YearAccounts, of: Enterprise) -> None:
        if self._is_ours(of):
            self.steps.append(_new_step(row))

    def _step(self, row: Row, facts: Mapping[str, Any]) -> None:
        """An existing row, if it says otherwise."""
        before = told(row)
        changed = {name: value for name, value in facts.items() if getattr(row, name) != value}
        if not changed:
            return
        of = row if isinstance(row, Enterprise) else getattr(row, "enterprise", None)
        if of is not None and not self._is_ours(of):
            return
        for name, value in changed.items():
            setattr(row, name, value)
        after = told(row)
        if after != before:
            self.steps.append(Step(row, changed, before, after))

    def _is_ours(self, of: Enterprise) -> bool:
        """Accounts and kind of a company of the registry are its own file's."""
        if of.company is None or of.company == self.known.company or self.may_change(of.company):
            return True
        self.problems.append(
            Problem(
                "group.not-yours",
                gettext_noop(
                    "{name} is a company of the registry that your partner does not serve, and its figures "
                    "are not yours to change. Take them out of the file."
                ),
                name=of.company.name,
            )
        )
        return False

    def _decimal(self, name: str, number: Fraction | None) -> Decimal | None:
        if number is None:
            return None
        places = PLACES[name]
        exact = number * 10**places
        if exact.denominator != 1:
            self.problems.append(
                Problem(
                    "group.decimals",
                    gettext_noop("A number has more than {places} decimals; expected fewer."),
                    places=places,
                )
            )
        return Decimal(int(exact)).scaleb(-places)


def _new_step(row: Row) -> Step:
    return Step(row, {}, after=told(row))


def _facts(said: ties.Enterprise) -> dict[str, Any]:
    return {
        "kind": said.kind,
        "country": said.country,
        "invested_cents": said.invested,
        "budget_cents": said.budget,
        "inhabitants": said.inhabitants,
    }
