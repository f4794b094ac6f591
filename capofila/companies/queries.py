"""Reading companies: one with its facts, those that somebody may see, the registry page by page."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from capofila.companies.company_file import CompanyFacts
from capofila.companies.models import Company, Contact, Declaration, Likeness, Note, SearchGram, Serving
from capofila.companies.rules import search
from capofila.consortium.access import Facts, Who, may, scope

PAGE = 50  # companies on a page of the registry
ORDERS: Mapping[str, tuple[str, ...]] = {
    "name": ("name_key", "id"),
    "place": ("province", "city", "name_key", "id"),
    "newest": ("-created_at", "-id"),
}


def facts(company: Company) -> CompanyFacts:
    """A company as the rules, the report and the file contract know it."""
    return CompanyFacts(
        name=company.name,
        type=company.type,
        vat=company.vat or None,
        tax_code=company.tax_code or None,
        rea=company.rea or None,
        ateco=(company.ateco_version, company.ateco_code) if company.ateco_code else None,
        province=company.province or None,
        profile=company.profile or None,
        size=company.size or None,
        size_is_provisional=company.size_is_provisional,
        employees=company.employees,
        turnover_cents=company.turnover_cents,
        balance_sheet_cents=company.balance_sheet_cents,
        goals=tuple(company.goals),
        goals_text=company.goals_text,
        language=company.language,
    )


# Who may see which


def company_of_user(user: int) -> int | None:
    """The company that a user is a contact of; of one that was merged, the one it went into."""
    found = Contact.objects.filter(user=user).select_related("company").first()
    return None if found is None else (found.company.merged_into_id or found.company_id)


def serving(on: date) -> QuerySet[Serving]:
    """Who serves whom on a day."""
    return Serving.objects.filter(Q(until__isnull=True) | Q(until__gt=on), since__lte=on)


def access_facts(company: Company, on: date) -> Facts:
    """What rights depend on: the company itself and the partners that serve it."""
    partners = serving(on).filter(company=company).values_list("partner", flat=True)
    return Facts(partners=frozenset(partners), company=company.pk)


def visible(who: Who, on: date) -> QuerySet[Company]:
    """The companies somebody may read; those merged into another left out."""
    standing = Company.objects.filter(merged_into__isnull=True)
    reach = scope(who, "read", "company")
    if reach == "all":
        return standing
    if reach == "own" and who.partner is not None:
        return standing.filter(pk__in=serving(on).filter(partner=who.partner).values("company"))
    if reach == "company" and who.company is not None:
        return standing.filter(pk=who.company)
    return standing.none()


# The registry


@dataclass(frozen=True)
class Filters:
    """What the registry is narrowed to; empty where it is not. `typed` is what somebody is looking for."""

    typed: str = ""
    province: str = ""
    size: str = ""
    sector: str = ""
    partner: int | None = None
    stage: str = ""  # the desk says what it is: among

    @property
    def named(self) -> list[str]:
        """The names of those that are set."""
        return [name for name, value in vars(self).items() if value]

    def without(self, name: str) -> "Filters":
        empty: dict[str, Any] = {name: None if name == "partner" else ""}
        return replace(self, **empty)


@dataclass(frozen=True)
class Row:
    """One line of the registry."""

    company: Company
    partners: Sequence[str]

    @property
    def place(self) -> str:
        city, province = self.company.city, self.company.province
        return f"{city} ({province})" if city and province else city or province


@dataclass(frozen=True)
class Registry:
    rows: Sequence[Row]
    count: int
    page: int  # from 1
    pages: int
    is_cut: bool = False  # more are like what was typed; these are the nearest


def registry(
    who: Who, filters: Filters, *, order: str, page: int, on: date, among: Mapping[str, Q] | None = None
) -> Registry:
    """One page of what somebody may see. `among`: stage -> which companies have it, told by the desk."""
    found = narrowed(visible(who, on), filters, on, among or {})
    if filters.typed.strip():
        of_all = scope(who, "read", "company") == "all" and filters.named == ["typed"]
        ids = ranked(None if of_all else found, filters.typed)
        count = len(ids)
        pages, page = _pages(count, page)
        shown = ids[(page - 1) * PAGE : page * PAGE]
        by_id = Company.objects.in_bulk(shown)
        companies = [by_id[pk] for pk in shown]
    else:
        count = found.count()
        pages, page = _pages(count, page)
        companies = list(found.order_by(*ORDERS[order])[(page - 1) * PAGE : page * PAGE])
    is_cut = bool(filters.typed) and count >= search.CANDIDATES
    return Registry(_rows(companies, on), count, page, pages, is_cut)


def narrowed(
    companies: QuerySet[Company], filters: Filters, on: date, among: Mapping[str, Q]
) -> QuerySet[Company]:
    """By everything but what is typed."""
    if filters.province:
        companies = companies.filter(province=filters.province)
    if filters.size:
        companies = companies.filter(size="" if filters.size == "unknown" else filters.size)
    if filters.sector:
        companies = companies.filter(sector="" if filters.sector == "unknown" else filters.sector)
    if filters.partner is not None:
        companies = companies.filter(pk__in=serving(on).filter(partner=filters.partner).values("company"))
    if filters.stage:
        companies = companies.filter(among[filters.stage])
    return companies


def ranked(companies: QuerySet[Company] | None, typed: str) -> list[int]:
    """The nearest first, of equals in the order of their names; at most `search.CANDIDATES`.

    None: of all companies. Those merged into another have no grams.
    """
    asked = search.asked(typed)
    if not asked.grams:
        return []
    sharing = SearchGram.objects.filter(gram__in=asked.grams)
    if companies is not None:
        sharing = sharing.filter(company__in=companies.values("pk"))
    counted = sharing.values("company").annotate(shared=Count("*")).order_by("-shared", "company")
    candidates = [row["company"] for row in counted[: search.CANDIDATES]]
    found = Company.objects.filter(pk__in=candidates).values_list("pk", "name_key", "search_text")
    near = [
        (-nearness, key, pk)
        for pk, key, text in found
        if (nearness := search.nearness(asked, text.split(" "))) is not None
    ]
    return [pk for _, _, pk in sorted(near)]


def beyond(
    who: Who, filters: Filters, *, on: date, among: Mapping[str, Q] | None = None
) -> list[tuple[str, int]]:
    """What an empty page hides: for each filter that is set, how many there are without it; none left out."""
    counts = [
        (name, registry(who, filters.without(name), order="name", page=1, on=on, among=among).count)
        for name in filters.named
    ]
    return [(name, count) for name, count in counts if count]


def _pages(count: int, page: int) -> tuple[int, int]:
    pages = max(1, -(-count // PAGE))
    return pages, min(max(page, 1), pages)


def _rows(companies: Sequence[Company], on: date) -> list[Row]:
    served = partners_of([company.pk for company in companies], on)
    return [Row(company, served.get(company.pk, ())) for company in companies]


def partners_of(companies: Collection[int], on: date) -> dict[int, list[str]]:
    """Company -> the names of the partners that serve it, in alphabetical order."""
    found = defaultdict(list)
    pairs = serving(on).filter(company__in=companies).order_by("partner__name")
    for company, name in pairs.values_list("company", "partner__name"):
        found[company].append(name)
    return dict(found)


def provinces(companies: QuerySet[Company]) -> list[str]:
    found = companies.exclude(province="").order_by("province").values_list("province", flat=True)
    return list(found.distinct())


# One company


def notes(company: Company, who: Who, on: date) -> list[Note]:
    """Of the person's own partner, newest first; of all partners for whoever may read them all."""
    found = company.notes.select_related("partner").order_by("-at", "-pk")
    serves = access_facts(company, on).partners
    return [note for note in found if may(who, "read", "company-note", note_facts(note, serves))]


def note_facts(note: Note, serves: frozenset[int]) -> Facts:
    """A note is its partner's, as long as that partner serves the company."""
    return Facts(partners=serves, partner=note.partner_id if note.partner_id in serves else -1)


def declarations(company: Company, on: date) -> list[Declaration]:
    """What the company declared and holds on the day."""
    found = company.declarations.filter(Q(until__isnull=True) | Q(until__gt=on))
    return list(found.order_by("status", "declared_on"))


def same_company(company: Company) -> list[int]:
    """The company's own number and those of all that were merged into it, at any remove.

    What is never changed, such as an entry of the journal, is read under all of them.
    """
    found, looked_at = [company.pk], 0
    while looked_at < len(found):
        coming = found[looked_at:]
        looked_at = len(found)
        found += Company.objects.filter(merged_into__in=coming).order_by("pk").values_list("pk", flat=True)
    return found


# Duplicates


def likenesses(who: Who, on: date) -> list[Likeness]:
    """Pairs that are probably one company, both of which somebody may see; the surest first."""
    seen = visible(who, on).values("pk")
    found = Likeness.objects.filter(told_apart_at__isnull=True, one__in=seen, other__in=seen)
    return list(found.select_related("one", "other").order_by("why", "-nearness", "pk"))
