"""What the pages of the desk show, read across rooms into small dataclasses."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from django.db.models import QuerySet
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from capofila.assessments import queries as assessments
from capofila.assessments.models import Assessment
from capofila.assessments.rules.answers import Answers
from capofila.assessments.rules.scoring import Score
from capofila.companies import queries as companies
from capofila.companies.models import Company
from capofila.desk import QUESTIONNAIRE, versions
from capofila.lib import charts
from capofila.lib.document import Aside, Block, Paragraph, Run, TextBlock
from capofila.reports import queries as reports
from capofila.reports.actions import EU
from capofila.reports.chapters import summary
from capofila.reports.models import Handover
from capofila.reports.picture import Area, Picture, value
from capofila.reports.rules import steps
from capofila.roadmap.goals import goals

ROWS = 30  # companies on the home page
RAIL = 224.0  # units: width of a chart in a side column
STRIP = 168.0
HALF = 640.0  # half a page, a little reduced so that the longest head stays whole


def picture_of(assessment: Assessment, answers: Answers, language: str) -> Picture:
    """An assessment with all that is computed from it, in the language of the page."""
    submission = assessments.submission(assessment, answers)
    return Picture(companies.facts(assessment.company), submission, "", language)


# The home page


@dataclass(frozen=True)
class CompanyRow:
    company: Company
    assessment: Assessment
    said: int  # questions answered or not applicable, out of
    asked: int


def company_rows(visible: QuerySet[Company], language: str) -> list[CompanyRow]:
    """Those of the visible companies with an assessment by our questionnaire, the newest first."""
    of_ours = Assessment.objects.filter(instrument=QUESTIONNAIRE, company__in=visible)
    found = list(of_ours.select_related("company").order_by("-pk")[:ROWS])
    holding = assessments.holding_in(found)
    rows = []
    for assessment in found:
        picture = picture_of(
            assessment, assessments.read_current(assessment, holding[assessment.pk]), language
        )
        rows.append(
            CompanyRow(assessment.company, assessment, len(picture.submission.answers), len(picture.shown))
        )
    return rows


# The company page


@dataclass(frozen=True)
class TableRow:
    digits: str
    name: str
    values: Sequence[str]
    total: str


@dataclass(frozen=True)
class Step:
    title: str
    area: str
    level: int
    today: str
    target: int
    then: str
    gain: str


@dataclass(frozen=True)
class CompanyPage:
    company: Company
    assessment: Assessment
    facts: Sequence[tuple[str, str]]
    figure: str
    band: str
    coverage: str
    band_scale: SafeString
    headline: str
    lead: Sequence[str]
    counts: Sequence[tuple[int, str]]
    radar: SafeString
    bars: SafeString
    heatmap: SafeString
    heatmap_narrow: SafeString
    heatmap_line: str
    band_key: SafeString
    band_key_narrow: SafeString
    dimensions: Sequence[str]
    table: Sequence[TableRow]
    steps: Sequence[Step]
    european: SafeString
    european_narrow: SafeString
    offers: Sequence[versions.Offer]
    handed_over: Sequence[Handover]


def company_page(company: Company, language: str) -> CompanyPage | None:
    """The company by its newest assessment with our questionnaire; None before it has one."""
    assessment = assessments.newest(company, [QUESTIONNAIRE])
    if assessment is None:
        return None
    picture = picture_of(assessment, assessments.answers(assessment), language)
    european = _european(company, assessment.stage, language)
    weakest = picture.weakest_dimension
    return CompanyPage(
        company=company,
        assessment=assessment,
        facts=_facts(company, assessment, picture, language),
        figure=picture.figure(picture.scores.overall),
        band=picture.band_name(picture.scores.overall),
        coverage=coverage_words(picture.scores.overall, picture),
        band_scale=band_scale(picture, picture.scores.overall),
        headline=summary.headline(picture),
        lead=_lead(picture),
        counts=_counts(picture),
        radar=_radar(picture),
        bars=_bars(picture),
        heatmap=_heatmap(picture, narrow=False),
        heatmap_narrow=_heatmap(picture, narrow=True),
        heatmap_line=_weakest_words(picture) if weakest is not None else "",
        band_key=_band_key(picture, HALF),
        band_key_narrow=_band_key(picture, charts.NARROW),
        dimensions=[picture.dimension_name(code) for code in picture.instrument.dimensions],
        table=_table(picture),
        steps=_steps(picture),
        european=_european_bars(european, narrow=False),
        european_narrow=_european_bars(european, narrow=True),
        offers=versions.offers(assessment),
        handed_over=list(reports.handed_over(assessment)),
    )


def _facts(
    company: Company, assessment: Assessment, picture: Picture, language: str
) -> list[tuple[str, str]]:
    turnover = company.turnover_cents
    rows = [
        (_("VAT number"), company.vat),
        (_("Business register"), company.rea),
        (
            _("Activity code"),
            f"{company.ateco_code} (Ateco {company.ateco_version})" if company.ateco_code else "",
        ),
        (_("Province"), company.province),
        (_("Profile"), picture.words.names.get(assessment.profile, "")),
        (_("Employees"), "" if company.employees is None else str(company.employees)),
        (_("Turnover"), "" if turnover is None else picture.say.euros(turnover)),
        (_("Goals"), picture.say.listed([goals()[code][language] for code in company.goals])),
        (_("In their words"), company.goals_text),
        (_("Interview by"), assessment.consultant),
    ]
    return [(name, fact) for name, fact in rows if fact]


def coverage_words(score: Score, picture: Picture) -> str:
    """How much is answered; where the score is withheld, what it takes to show it."""
    if score.coverage is None:
        return _("No question applies here.")
    if score.value is not None:
        return _("%(answered)d answers out of %(asked)d.") % {
            "answered": score.answered,
            "asked": score.applicable,
        }
    # Said in questions, though the rule is about weight: in our questionnaire all weigh the same.
    needed = ceil(picture.instrument.min_coverage * score.applicable)
    return _("Score not shown: %(answered)d of %(asked)d answers, %(needed)d are needed.") % {
        "answered": score.answered,
        "asked": score.applicable,
        "needed": needed,
    }


def _lead(picture: Picture) -> list[str]:
    """The report's own summary, as plain text."""
    return [_plain(paragraph) for paragraph in _summary(summary.chapter(picture).blocks)]


def _summary(blocks: Sequence[Block]) -> Sequence[Paragraph]:
    for block in blocks:
        if isinstance(block, TextBlock) and block.key == "summary":
            return [inside for inside in block.blocks if isinstance(inside, Paragraph)]
        if isinstance(block, Aside):
            return _summary(block.main)
    return []


def _plain(paragraph: Paragraph) -> str:
    if isinstance(paragraph.text, str):
        return paragraph.text
    return "".join(piece.text if isinstance(piece, Run) else piece for piece in paragraph.text)


def _counts(picture: Picture) -> list[tuple[int, str]]:
    levels = [level for level in map(picture.level, picture.shown) if level is not None]
    high = sum(level >= 4 for level in levels)
    low = sum(level == 1 for level in levels)
    notes = sum(bool(answer.note) for answer in picture.submission.answers.values())
    return [
        (low, ngettext("answer at level 1", "answers at level 1", low)),
        (high, ngettext("answer at level 4 or 5", "answers at level 4 or 5", high)),
        (notes, ngettext("note from the visit, in the report", "notes from the visit, in the report", notes)),
    ]


def _weakest_words(picture: Picture) -> str:
    weakest = picture.weakest_dimension
    if weakest is None:
        return ""
    code, score = weakest
    return _("The weakest is %(dimension)s: %(score)s.") % {
        "dimension": picture.dimension_name(code).lower(),
        "score": picture.figure(score),
    }


def _table(picture: Picture) -> list[TableRow]:
    return [
        TableRow(
            area.digits,
            area.name,
            [picture.figure(picture.scores.cells[area.code, code]) for code in picture.instrument.dimensions],
            picture.figure(area.score),
        )
        for area in picture.areas
    ]


def _steps(picture: Picture) -> list[Step]:
    first = steps.spread(picture.steps, summary.FIRST, per_area=1)
    found = []
    for step in first:
        words = picture.question(step.question.code)
        found.append(
            Step(
                title=words.label,
                area=picture.area_name(step.question.area),
                level=step.level,
                today=words.levels[step.level - 1],
                target=step.target,
                then=words.levels[step.target - 1],
                gain=picture.gain(step.area_gain),
            )
        )
    return found


def _european(company: Company, stage: str, language: str) -> Picture | None:
    found = assessments.newest(company, EU, stage)
    return None if found is None else picture_of(found, assessments.answers(found), language)


# Charts


def band_scale(picture: Picture, score: Score, width: float = RAIL) -> SafeString:
    if picture.bands is None:
        return SafeString()
    alt = _("Score %(score)s on a scale from %(low)s to %(high)s.") % {
        "score": picture.figure(score),
        "low": f"{float(picture.instrument.low):g}",
        "high": f"{float(picture.instrument.high):g}",
    }
    return _svg(charts.band_scale(value(score), picture.bands, alt=alt, locale=picture.locale, width=width))


def _radar(picture: Picture) -> SafeString:
    axes = [
        charts.Axis(area.digits, picture.area_short(area.code), value(area.score)) for area in picture.areas
    ]
    return _svg(
        charts.radar(axes, alt=_scores_alt(picture), locale=picture.locale, scale=picture.radar_scale)
    )


def _bars(picture: Picture) -> SafeString:
    rows = [charts.BarRow(area.digits, area.name, value(area.score)) for area in picture.areas]
    return _svg(
        charts.bars(rows, alt=_scores_alt(picture), locale=picture.locale, scale=picture.scale, narrow=True)
    )


def _scores_alt(picture: Picture) -> str:
    return _("Scores by area: %(scores)s.") % {"scores": picture.score_list()}


def _heatmap(picture: Picture, *, narrow: bool) -> SafeString:
    if picture.bands is None or not picture.instrument.dimensions:
        return SafeString()
    names = picture.words.short if narrow else picture.dimension_name
    chart = charts.heatmap(
        [_heat_row(picture, area, narrow=narrow) for area in picture.areas],
        [names(code) for code in picture.instrument.dimensions],
        bands=picture.bands,
        alt=_("Scores by area and dimension. %(line)s") % {"line": _weakest_words(picture)},
        locale=picture.locale,
        total_name="" if narrow else _("area"),
        foot=None if narrow else _heat_foot(picture),
        width=HALF,
        narrow=narrow,
    )
    return _svg(chart)


def _heat_row(picture: Picture, area: Area, *, narrow: bool) -> charts.HeatRow:
    scores = [picture.scores.cells[area.code, code] for code in picture.instrument.dimensions]
    return charts.HeatRow(
        area.digits,
        picture.area_short(area.code) if narrow else area.name,
        [value(score) for score in scores],
        value(area.score),
        [f"{score.answered}/{score.applicable}" for score in scores],
    )


def _heat_foot(picture: Picture) -> charts.HeatRow:
    scores = [picture.scores.dimensions[code] for code in picture.instrument.dimensions]
    return charts.HeatRow(
        "",
        _("All areas"),
        [value(score) for score in scores],
        value(picture.scores.overall),
        [f"{score.answered}/{score.applicable}" for score in scores],
    )


def _band_key(picture: Picture, width: float) -> SafeString:
    if picture.bands is None:
        return SafeString()
    names = [picture.words.names[band.code] for band in picture.instrument.bands.bands]
    return _svg(charts.band_key(names, picture.bands, locale=picture.locale, width=width))


def _european_bars(picture: Picture | None, *, narrow: bool) -> SafeString:
    if picture is None:
        return SafeString()
    rows = [charts.BarRow("", area.name, value(area.score)) for area in picture.areas]
    return _svg(
        charts.bars(
            rows,
            alt=_scores_alt(picture),
            locale=picture.locale,
            scale=charts.PERCENT,
            ordered=False,
            width=HALF,
            narrow=narrow,
        )
    )


def _svg(chart: charts.Chart) -> SafeString:
    """A chart as it stands in a page; `lib.charts` escapes every text in it."""
    return mark_safe(chart.svg)
