"""The groups of two records that become one: what ties to the one that goes ties to the other."""

from django.db.models import Q

from capofila.companies.models import Company, Enterprise, EnterpriseLink, Holding, YearAccounts
from capofila.lib.problems import Problem, gettext_noop


class AccountsDiffer(Problem):
    """Two figures for one year: a person must say which is right."""

    status = 409


def join(kept: Company, gone: Company) -> Enterprise | None:
    """The enterprise of `kept` with all that tied to that of `gone`; None where neither has one.

    Raises `AccountsDiffer`. What would tie it to itself is left out; what both records state stands once.
    """
    Enterprise.objects.filter(entered_for=gone).update(entered_for=kept)
    mine = Enterprise.objects.filter(company=kept).first()
    other = Enterprise.objects.filter(company=gone).first()
    if other is None:
        return mine
    if mine is None:
        other.company = kept
        other.save()
        return other
    _accounts(mine, other)
    _ties(mine, other)
    other.delete()
    return mine


def _accounts(mine: Enterprise, other: Enterprise) -> None:
    held = {row.year: row for row in mine.accounts.all()}
    for row in other.accounts.all():
        if row.year not in held:
            YearAccounts.objects.filter(pk=row.pk).update(enterprise=mine)
        elif _figures(row) != _figures(held[row.year]):
            raise AccountsDiffer(
                "company.two-accounts",
                gettext_noop(
                    "Both {name} and {other} have accounts of {year}, and they differ. "
                    "Correct those of one of them first."
                ),
                name=mine,
                other=other,
                year=row.year,
            )


def _figures(row: YearAccounts) -> tuple[object, ...]:
    return row.awu, row.turnover_cents, row.balance_sheet_cents


def _ties(mine: Enterprise, other: Enterprise) -> None:
    both = (mine, other)
    Holding.objects.filter(owner__in=both, of__in=both).delete()
    EnterpriseLink.objects.filter(one__in=both, other__in=both).delete()
    Holding.objects.filter(owner=other).update(owner=mine)
    Holding.objects.filter(of=other).update(of=mine)
    EnterpriseLink.objects.filter(one=other).update(one=mine)
    EnterpriseLink.objects.filter(other=other).update(other=mine)
    holdings = Holding.objects.filter(Q(owner=mine) | Q(of=mine))
    _once(
        [(row, (row.owner_id, row.of_id, row.capital, row.votes, row.since, row.until)) for row in holdings]
    )
    links = EnterpriseLink.objects.filter(Q(one=mine) | Q(other=mine))
    _once([(row, ({row.one_id, row.other_id}, row.by, row.market, row.since, row.until)) for row in links])


def _once(rows: list[tuple[Holding | EnterpriseLink, tuple[object, ...]]]) -> None:
    """Of those that say the same, the one entered first stays."""
    said: list[tuple[object, ...]] = []
    for row, says in sorted(rows, key=lambda pair: pair[0].pk):
        if says in said:
            row.delete()
        said.append(says)
