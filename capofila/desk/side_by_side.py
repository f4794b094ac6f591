"""Two assessments of one company beside each other, each on its own scale: scores, bands, coverage, day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from capofila.assessments import page_facts
from capofila.assessments import queries as assessments
from capofila.assessments.models import Assessment
from capofila.assessments.rules.scoring import Score
from capofila.companies.models import Company
from capofila.desk import QUESTIONNAIRE, queries
from capofila.reports.picture import Picture

PREFERRED = (QUESTIONNAIRE, "eu-dma-sme", "eu-dma-pso")  # from left to right, where nobody chose


@dataclass(frozen=True)
class Row:
    digits: str
    name: str
    figure: str
    band: str
    coverage: str  # answered / applicable


@dataclass(frozen=True)
class Column:
    assessment: Assessment
    name: str
    low: str  # the ends of the scale
    high: str
    figure: str
    band: str
    coverage: str
    band_scale: SafeString
    areas: Sequence[Row]
    dimensions: Sequence[Row]


def all_of(company: Company) -> list[Assessment]:
    """The newest of each questionnaire first, ours before the Commission's."""
    found = Assessment.objects.filter(company=company).select_related("company").order_by("-day", "-pk")
    return sorted(found, key=lambda one: _place(one.instrument))


def _place(instrument: str) -> int:
    return PREFERRED.index(instrument) if instrument in PREFERRED else len(PREFERRED)


def chosen(found: Sequence[Assessment], one: str, other: str) -> list[Assessment]:
    """Those named by number; else the newest of two questionnaires, else the two newest."""
    by_number = {str(each.pk): each for each in found}
    if one in by_number and other in by_number:
        return [by_number[one], by_number[other]]
    newest: dict[str, Assessment] = {}
    for each in found:
        newest.setdefault(each.instrument, each)
    return list(newest.values())[:2] if len(newest) > 1 else list(found)[:2]


def choices(found: Sequence[Assessment], language: str) -> Mapping[str, str]:
    """Number -> what the person chooses by."""
    return {
        str(one.pk): f"{page_facts.instrument_name(one.name, language)}, {one.stage}, {one.day:%d.%m.%Y}"
        for one in found
    }


def column(assessment: Assessment, language: str) -> Column:
    picture = queries.picture_of(assessment, assessments.answers(assessment), language)
    instrument, overall = picture.instrument, picture.scores.overall
    areas = [_row(picture, area.digits, area.name, area.score) for area in picture.areas]
    dimensions = [
        _row(picture, "", picture.dimension_name(code), score)
        for code, score in picture.scores.dimensions.items()
    ]
    return Column(
        assessment=assessment,
        name=page_facts.instrument_name(assessment.name, language),
        low=f"{float(instrument.low):g}",
        high=f"{float(instrument.high):g}",
        figure=picture.figure(overall),
        band=picture.band_name(overall),
        coverage=queries.coverage_words(overall, picture),
        band_scale=queries.band_scale(picture, overall),
        areas=areas,
        dimensions=dimensions,
    )


def _row(picture: Picture, digits: str, name: str, score: Score) -> Row:
    coverage = _("%(answered)d of %(asked)d") % {"answered": score.answered, "asked": score.applicable}
    return Row(digits, name, picture.figure(score), picture.band_name(score), coverage)
