"""Who could enter the benchmark on a day: the newest completed assessment of each company, with its scores.

A hub that is a demonstration counts demonstration companies, any other hub none of them.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from capofila.assessments import queries
from capofila.assessments.models import Assessment, Milestone
from capofila.assessments.rules import scoring
from capofila.assessments.rules.cohorts import Path
from capofila.companies.models import Company, Enterprise, EnterpriseLink, Holding, Serving
from capofila.consortium.models import Hub
from capofila.instruments import library
from capofila.instruments.rules.shape import Bands

OVERALL = "overall"
CHUNK = 400  # assessments whose answers are read at once
Values = Mapping[str, int | None]
Score = Callable[[Sequence[Assessment]], Mapping[int, Values]]


@dataclass(frozen=True)
class Eligible:
    assessment: Assessment
    completed_on: date

    @property
    def path(self) -> Path:
        return path_of(self.assessment.company)


def path_of(company: Company) -> Path:
    """The smallest group of a company; what is not known of it is empty, and a group of its own."""
    return (company.sector, company.size, company.province)


def is_demonstration() -> bool:
    return Hub.objects.filter(is_demo=True).exists()


def counted(instrument: str, *, is_demo: bool) -> QuerySet[Assessment]:
    """The completed assessments that may ever be counted in a hub of that kind."""
    return Assessment.objects.filter(
        instrument=instrument,
        state=Assessment.State.COMPLETE,
        company__is_demo=is_demo,
        company__merged_into__isnull=True,
    )


def eligible(instrument: str, on: date, *, is_demo: bool) -> list[Eligible]:
    """Of each company the newest that was completed by the end of the day."""
    rows = counted(instrument, is_demo=is_demo).filter(day__lte=on)
    ended = Max("milestones__at", filter=Q(milestones__kind=Milestone.Kind.COMPLETED))
    found: dict[int, Eligible] = {}
    for row in rows.annotate(ended=ended).select_related("company").order_by("day", "pk"):
        completed_on = row.day if row.ended is None else timezone.localdate(row.ended)
        if completed_on <= on:
            found[row.company_id] = Eligible(row, completed_on)
    return list(found.values())


# Their scores


def scores(assessments: Sequence[Assessment]) -> dict[int, Values]:
    """Assessment -> its areas and the overall score in hundredths, as they are printed; None: not scored."""
    found: dict[int, Values] = {}
    for start in range(0, len(assessments), CHUNK):
        chunk = assessments[start : start + CHUNK]
        holding = queries.holding_in(chunk)
        for each in chunk:
            instrument = library.load(each.name)
            read = queries.read_current(each, holding[each.pk])
            found[each.pk] = in_hundredths(
                instrument.bands, scoring.score(instrument, read, each.profile or None)
            )
    return found


def in_hundredths(bands: Bands, scored: scoring.Scores) -> dict[str, int | None]:
    """The overall and each area; None where it is withheld or nothing applies."""
    listed = {OVERALL: scored.overall, **scored.areas}
    return {
        measure: None if score.value is None else int(scoring.displayed(score.value, bands) * 100)
        for measure, score in listed.items()
    }


# Who belongs together, and who knows whom


def undertakings(on: date) -> dict[int, int]:
    """Company -> the lowest number of the companies tied to it that day; those tied to none are absent.

    Tied is who holds more than half of votes or capital, and every link: rather too many than too few.
    """
    held = Q(until__isnull=True) | Q(until__gt=on)
    begun = Q(since__isnull=True) | Q(since__lte=on)
    most = Holding.objects.filter(Q(votes__gt=50) | Q(capital__gt=50))
    pairs = [*most.filter(held, begun).values_list("owner", "of")]
    pairs += EnterpriseLink.objects.filter(held, begun).values_list("one", "other")
    parent: dict[int, int] = {}

    def root(one: int) -> int:
        while parent.setdefault(one, one) != one:
            one = parent[one]
        return one

    for one, other in pairs:
        parent[root(one)] = root(other)
    together: dict[int, list[int]] = defaultdict(list)
    tied = Enterprise.objects.filter(pk__in=list(parent), company__isnull=False)
    for enterprise, company in tied.values_list("pk", "company"):
        together[root(enterprise)].append(company)
    return {company: min(companies) for companies in together.values() for company in companies}


def known_to(companies: Collection[int], on: date) -> dict[int, frozenset[int]]:
    """Company -> the partners that serve it or ever did: their people have read its scores."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = Serving.objects.filter(since__lte=on).values_list("company", "partner")
    wanted = set(companies)
    for company, partner in rows:
        if company in wanted:
            found[company].add(partner)
    return {company: frozenset(partners) for company, partners in found.items()}
