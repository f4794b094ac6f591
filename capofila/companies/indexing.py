"""What is computed from a company's facts and kept beside them: its order, sector, search, likenesses.

Whoever writes a company calls `derive` before saving and `index` after it.
"""

from collections.abc import Iterable, Mapping, Sequence

from django.db import connection, transaction
from django.db.models import Q

from capofila.companies import sectors
from capofila.companies.models import Company, Likeness, SearchGram
from capofila.companies.rules import duplicates, names, search, size
from capofila.companies.size_data import size_rules

DERIVED = ("sector", "name_key", "search_text", "size", "size_is_provisional")
AT_ONCE = 2_000  # rows written together


def derive(company: Company) -> None:
    """Fill in what follows from the facts; the caller saves."""
    company.sector = sectors.sector_of(company.ateco_code)
    company.name_key = " ".join(names.telling(company.name))[:100]
    company.search_text = search.text(
        company.name, company.vat, company.tax_code, company.city, company.province
    )
    if not company.size or company.size_is_provisional:
        company.size = _own_size(company)
        company.size_is_provisional = bool(company.size)


def _own_size(company: Company) -> str:
    """The class by its own figures, without holdings; empty where they do not say."""
    if company.employees is None or (company.turnover_cents is None and company.balance_sheet_cents is None):
        return ""
    return size.size_class(
        size_rules().ceilings,
        staff=company.employees,
        turnover=company.turnover_cents,
        balance_sheet=company.balance_sheet_cents,
    )


@transaction.atomic
def index(companies: Sequence[Company], *, new: bool = False) -> None:
    """Make the companies findable. Of likenesses, see `compare`."""
    for place in range(0, 0 if new else len(companies), AT_ONCE):
        ids = [company.pk for company in companies[place : place + AT_ONCE]]
        SearchGram.objects.filter(company__in=ids).delete()
    rows = [
        (company.pk, gram)
        for company in companies
        for gram in sorted(search.grams(company.search_text.split(" ")))
    ]
    if rows:
        table = connection.ops.quote_name(SearchGram._meta.db_table)
        with connection.cursor() as cursor:  # half a million models would take most of a long import's time
            cursor.executemany(f"INSERT INTO {table} (company_id, gram) VALUES (%s, %s)", rows)


def named(company: Company) -> duplicates.Named:
    return duplicates.named(
        company.pk,
        name=company.name,
        vat=company.vat,
        tax_code=company.tax_code,
        city=company.city,
        province=company.province,
    )


def compare(companies: Sequence[Company]) -> None:
    """Keep with which others each of them is probably one; pairs told apart stay so.

    Only those are looked at that share an identifier, the place, or the whole name.
    """
    known = duplicates.Known(_near(companies))
    pairs = {}
    for company in companies:
        for other, why in known.like(named(company)):
            pairs[min(company.pk, other.id), max(company.pk, other.id)] = why
    _keep([company.pk for company in companies], pairs)


@transaction.atomic
def _keep(ids: Sequence[int], pairs: Mapping[tuple[int, int], duplicates.Alike]) -> None:
    for place in range(0, len(ids), AT_ONCE):
        part = ids[place : place + AT_ONCE]
        held = Likeness.objects.filter(Q(one__in=part) | Q(other__in=part))
        held.filter(told_apart_at__isnull=True).delete()
    apart = set(Likeness.objects.filter(told_apart_at__isnull=False).values_list("one", "other"))
    Likeness.objects.bulk_create(
        (
            Likeness(one_id=one, other_id=other, why=why.why, nearness=why.nearness)
            for (one, other), why in sorted(pairs.items())
            if (one, other) not in apart
        ),
        batch_size=AT_ONCE,
    )


def _near(companies: Sequence[Company]) -> Iterable[duplicates.Named]:
    """Those that could be like one of them, and they themselves; of many companies, all."""
    standing = Company.objects.filter(merged_into__isnull=True)
    if len(companies) <= 20:
        numbers = {number for company in companies for number in (company.vat, company.tax_code) if number}
        standing = standing.filter(
            Q(vat__in=numbers)
            | Q(tax_code__in=numbers)
            | Q(name_key__in=[company.name_key for company in companies])
            | Q(city__in={company.city for company in companies if company.city})
            | Q(province__in={company.province for company in companies if company.province})
        )
    keys = ("pk", "name", "vat", "tax_code", "city", "province")
    for pk, name, vat, tax_code, city, province in standing.values_list(*keys):
        yield duplicates.named(pk, name=name, vat=vat, tax_code=tax_code, city=city, province=province)
