"""What is known of a company's group: the enterprises that holdings and links tie to it, at any remove."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import Q

from capofila.companies.models import Company, Enterprise, EnterpriseLink, Holding, YearAccounts
from capofila.companies.rules import ties
from capofila.companies.rules.status import CompanySize, company_size
from capofila.companies.rules.ties import Ties
from capofila.companies.size_data import size_rules

MOST = 300  # enterprises that are looked at; a group that long is nobody's we know


@dataclass(frozen=True)
class Known:
    """All of it, whatever the day; the company's own enterprise first, the others by name."""

    company: Company
    subject: str  # the company's name in the group
    enterprises: Sequence[Enterprise]
    names: Mapping[int, str]  # enterprise -> its name in the group, each once
    accounts: Mapping[int, Sequence[YearAccounts]]  # of an enterprise, by year
    holdings: Sequence[Holding]
    links: Sequence[EnterpriseLink]
    ties: Ties

    @property
    def own(self) -> Enterprise | None:
        """The company's own; None as long as nothing was entered of it."""
        return next((each for each in self.enterprises if each.company_id == self.company.pk), None)


def known(company: Company) -> Known:
    """The group of a company, and the enterprises entered for it that nothing ties to it yet."""
    begin = Enterprise.objects.filter(Q(company=company) | Q(entered_for=company))
    ids = reached(begin.values_list("pk", flat=True))
    found = sorted(
        Enterprise.objects.filter(pk__in=ids).select_related("company"),
        key=lambda each: (each.company_id != company.pk, str(each).casefold(), each.pk),
    )
    names = _names(company, found)
    by_id = {each.pk: each for each in found}
    accounts = defaultdict(list)
    for row in YearAccounts.objects.filter(enterprise__in=ids).order_by("year"):
        row.enterprise = by_id[row.enterprise_id]
        accounts[row.enterprise_id].append(row)
    tied = {"owner__in": ids, "of__in": ids}
    holdings = list(Holding.objects.filter(**tied).order_by("of", "owner", "since", "pk"))
    links = list(EnterpriseLink.objects.filter(one__in=ids, other__in=ids).order_by("pk"))
    for held in holdings:
        held.owner, held.of = by_id[held.owner_id], by_id[held.of_id]
    for link in links:
        link.one, link.other = by_id[link.one_id], by_id[link.other_id]
    subject = next((names[each.pk] for each in found if each.company_id == company.pk), company.name)
    return Known(
        company, subject, found, names, accounts, holdings, links,
        _ties(subject, found, names, accounts, holdings, links),
    )  # fmt: skip


def reached(begin: Collection[int]) -> set[int]:
    """Those enterprises and all that holdings and links, of whatever day, tie to them."""
    found, coming = set(begin), set(begin)
    while coming and len(found) < MOST:
        holdings = Holding.objects.filter(Q(owner__in=coming) | Q(of__in=coming)).values_list("owner", "of")
        links = EnterpriseLink.objects.filter(Q(one__in=coming) | Q(other__in=coming))
        tied = {pk for pair in (*holdings, *links.values_list("one", "other")) for pk in pair}
        coming = tied - found
        found |= coming
    return found


def _names(company: Company, enterprises: Sequence[Enterprise]) -> dict[int, str]:
    """Two of one name are told apart by a number."""
    taken = {company.name} if all(each.company_id != company.pk for each in enterprises) else set()
    names: dict[int, str] = {}
    for each in enterprises:
        name, number = str(each), 2
        while name in taken:
            name, number = f"{each} ({number})", number + 1
        taken.add(name)
        names[each.pk] = name
    return names


# As the rules know it


def _ties(
    subject: str,
    enterprises: Sequence[Enterprise],
    names: Mapping[int, str],
    accounts: Mapping[int, Sequence[YearAccounts]],
    holdings: Sequence[Holding],
    links: Sequence[EnterpriseLink],
) -> Ties:
    found = {names[each.pk]: _enterprise(each, names[each.pk], accounts) for each in enterprises}
    return Ties(
        {subject: ties.Enterprise(subject), **found},
        tuple(
            ties.Holding(
                names[row.owner_id], names[row.of_id], Fraction(row.capital), Fraction(row.votes), row.since,
                row.until,
            )
            for row in holdings
        ),
        tuple(
            ties.Link(
                (names[row.one_id], names[row.other_id]), row.by, row.market or None, row.since, row.until
            )
            for row in links
        ),
    )  # fmt: skip


def _enterprise(
    row: Enterprise, name: str, accounts: Mapping[int, Sequence[YearAccounts]]
) -> ties.Enterprise:
    years = [
        ties.Accounts(
            each.year,
            None if each.awu is None else Fraction(each.awu),
            each.turnover_cents,
            each.balance_sheet_cents,
        )
        for each in accounts.get(row.pk, ())
    ]
    return ties.Enterprise(
        name, row.kind, row.country, tuple(years), row.invested_cents, row.budget_cents, row.inhabitants
    )


def size_on(found: Known, day: date) -> CompanySize:
    """The class on a day, by the very rule of the command. Raises `Problem` before the first rules."""
    return company_size(found.ties, found.subject, day, size_rules(day))
