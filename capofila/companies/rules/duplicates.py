"""When two records are probably one company: the same identifier, or a like name in the same place.

Two VAT numbers that differ are two companies, however alike their names. In words, with examples:
docs/rules/company-duplicates.md
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz, process

from capofila.companies.rules import names

Why = Literal["identifier", "name"]
LIKE = 90  # of 100: names this near are taken for one
SAME = 100


@dataclass(frozen=True)
class Named:
    """A company as far as it can be recognised; text is empty where it is not known.

    `id` is whatever the caller knows it by.
    """

    id: int
    name: str  # names.key
    vat: str = ""
    tax_code: str = ""
    city: str = ""  # names.key
    province: str = ""


@dataclass(frozen=True)
class Alike:
    why: Why
    nearness: int  # 100 is the same


def alike(one: Named, other: Named) -> Alike | None:
    """Why the two are probably one company; None when they are not."""
    if one.vat and other.vat and one.vat != other.vat:
        return None
    if {one.vat, one.tax_code} & {other.vat, other.tax_code} - {""}:
        return Alike("identifier", SAME)
    together = _together(one, other)
    if together is False:
        return None
    nearness = fuzz.ratio(one.name, other.name)
    if nearness < (LIKE if together else SAME):
        return None
    return Alike("name", round(nearness))


def _together(one: Named, other: Named) -> bool | None:
    """Whether both are in one place; None where too little is known of one of them."""
    if one.city and other.city:
        return one.city == other.city and (
            not (one.province and other.province) or one.province == other.province
        )
    if one.province and other.province:
        return one.province == other.province
    return None


class Known:
    """Many companies, in which one looks for those like another without looking at each."""

    def __init__(self, companies: Iterable[Named] = ()) -> None:
        self._by_identifier: dict[str, list[Named]] = {}
        self._by_name: dict[str, list[Named]] = {}
        self._by_city: dict[str, list[Named]] = {}
        self._by_province: dict[str, list[Named]] = {}  # those whose city is not known
        self._of_province: dict[str, list[Named]] = {}  # all of them
        for company in companies:
            self.add(company)

    def add(self, company: Named) -> None:
        for number in {company.vat, company.tax_code} - {""}:
            self._by_identifier.setdefault(number, []).append(company)
        self._by_name.setdefault(company.name, []).append(company)
        if company.city:
            self._by_city.setdefault(company.city, []).append(company)
        if company.province:
            self._of_province.setdefault(company.province, []).append(company)
            if not company.city:
                self._by_province.setdefault(company.province, []).append(company)

    def like(self, company: Named) -> list[tuple[Named, Alike]]:
        """Those like it, the nearest first; itself, by its id, left out."""
        found = {
            other.id: (other, why)
            for other in self._candidates(company)
            if other.id != company.id and (why := alike(company, other)) is not None
        }
        return sorted(found.values(), key=lambda pair: (pair[1].why, -pair[1].nearness, pair[0].id))

    def _candidates(self, company: Named) -> Iterator[Named]:
        for number in {company.vat, company.tax_code} - {""}:
            yield from self._by_identifier.get(number, ())
        yield from self._by_name.get(company.name, ())
        if company.city:
            yield from _like_named(company, self._by_city.get(company.city, ()))
            yield from _like_named(company, self._by_province.get(company.province, ()))
        elif company.province:
            yield from _like_named(company, self._of_province.get(company.province, ()))


def _like_named(company: Named, others: Sequence[Named]) -> Iterator[Named]:
    found = process.extract(
        company.name, [other.name for other in others], scorer=fuzz.ratio, score_cutoff=LIKE, limit=None
    )
    return (others[place] for _, _, place in found)


def named(
    id: int, *, name: str, vat: str = "", tax_code: str = "", city: str = "", province: str = ""
) -> Named:
    """A company as it stands in the registry or in a file."""
    return Named(id, names.key(name), vat, tax_code, names.key(city) if city else "", province)
