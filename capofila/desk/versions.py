"""A report in its languages: what pages offer, which versions can be handed over, in which words."""

from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from capofila.assessments.models import Assessment
from capofila.reports import background
from capofila.reports import queries as reports
from capofila.reports.actions import up_to_date
from capofila.reports.models import Report


@dataclass(frozen=True)
class Offer:
    """The report in one language, as pages offer it."""

    language: str
    name: str
    report: Report | None
    being_made: bool
    is_old: bool = False  # something changed since it was made; only where somebody looked


def offers(assessment: Assessment, *, look: bool = False) -> list[Offer]:
    """`look`: whether each is still what the answers give, which takes reading them all."""
    ready = reports.ready(assessment)
    return [
        Offer(
            language,
            name,
            ready.get(language),
            background.is_being_made(assessment, language),
            look and language in ready and up_to_date(assessment, language) is None,
        )
        for language, name in settings.LANGUAGES
    ]


def of(assessment: Assessment) -> list[Report]:
    """Those made from the answers as they are, the one in the company's language first."""
    found = (up_to_date(assessment, language) for language in dict(settings.LANGUAGES))
    known = [report for report in found if report is not None]
    return sorted(known, key=lambda report: report.language != assessment.company.language)


def words(report: Report) -> str:
    pages = ngettext("%(count)s page", "%(count)s pages", report.pages) % {"count": report.pages}
    made = date_format(timezone.localtime(report.created_at), "j.n.Y H:i")
    return _("%(language)s, %(pages)s, made on %(made)s") % {
        "language": dict(settings.LANGUAGES)[report.language],
        "pages": pages,
        "made": made,
    }
