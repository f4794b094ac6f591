"""Who holds what of whom, and accounts by year: what the size class is computed from (rules.status).

An enterprise stands once, whatever groups it belongs to: a holding is a fact of both its ends.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from capofila.companies.models.company import Company
from capofila.companies.rules.ties import KINDS, MARKETS, WAYS


def _not_negative(field: str, of: str) -> models.CheckConstraint:
    given = Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": 0})
    return models.CheckConstraint(condition=given, name=f"companies_{of}_{field}_is_not_negative")


def _ends_after_it_begins(of: str) -> models.CheckConstraint:
    ends = Q(until__isnull=True) | Q(since__isnull=True) | Q(until__gte=F("since"))
    return models.CheckConstraint(condition=ends, name=f"companies_{of}_ends_after_it_begins")


class Enterprise(models.Model):
    """A company of the registry, or one outside it that was entered for the group of one of them.

    Money is in whole euro cents; None is not known.
    """

    company = models.OneToOneField(
        Company, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )  # of the registry; its name is the company's
    entered_for = models.ForeignKey(
        Company, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )  # outside the registry; then it has a name of its own
    name = models.CharField(max_length=300, blank=True)
    kind = models.CharField(max_length=29, default="firm")  # of rules.ties.KINDS
    country = models.CharField(max_length=2, default="IT")
    invested_cents = models.BigIntegerField(null=True, blank=True)  # by a business angel
    budget_cents = models.BigIntegerField(null=True, blank=True)  # of a local authority, a year
    inhabitants = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(company__isnull=False, entered_for__isnull=True, name="")
                | Q(~Q(name=""), company__isnull=True, entered_for__isnull=False),
                name="companies_enterprise_is_inside_or_outside",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=list(KINDS)), name="companies_enterprise_kind_is_known"
            ),
            *(
                _not_negative(field, "enterprise")
                for field in ("invested_cents", "budget_cents", "inhabitants")
            ),
        ]

    def __str__(self) -> str:
        return self.name if self.company is None else self.company.name


class YearAccounts(models.Model):
    """What an enterprise's accounts of one year say; None is not known."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="accounts")
    year = models.PositiveSmallIntegerField()
    awu = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)  # annual work units
    turnover_cents = models.BigIntegerField(null=True, blank=True)
    balance_sheet_cents = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["enterprise", "year"], name="companies_accounts_once_a_year"),
            models.CheckConstraint(
                condition=Q(year__gte=1900, year__lte=2200), name="companies_accounts_year_is_a_year"
            ),
            *(_not_negative(field, "accounts") for field in ("awu", "turnover_cents", "balance_sheet_cents")),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise}, {self.year}"


class Holding(models.Model):
    """Percent of capital and of votes, 0 to 100; both days are included, None is no limit."""

    owner = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    of = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    capital = models.DecimalField(max_digits=9, decimal_places=6)
    votes = models.DecimalField(max_digits=9, decimal_places=6)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(owner=F("of")), name="companies_nobody_holds_itself"),
            models.CheckConstraint(
                condition=Q(capital__gte=0, capital__lte=100, votes__gte=0, votes__lte=100),
                name="companies_holding_is_a_percentage",
            ),
            _ends_after_it_begins("holding"),
        ]

    def __str__(self) -> str:
        return f"{self.owner}: {self.of}"


class EnterpriseLink(models.Model):
    """What makes two enterprises one group without a majority of votes; an empty market is not known."""

    one = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    by = models.CharField(max_length=18)  # of rules.ties.WAYS
    market = models.CharField(max_length=8, blank=True)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(one=F("other")), name="companies_nobody_is_linked_to_itself"),
            models.CheckConstraint(condition=Q(by__in=list(WAYS)), name="companies_link_is_of_a_known_way"),
            models.CheckConstraint(
                condition=Q(market__in=["", *MARKETS]), name="companies_link_market_is_known"
            ),
            _ends_after_it_begins("link"),
        ]

    def __str__(self) -> str:
        return f"{self.one}: {self.other}"
