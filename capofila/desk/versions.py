"""A report in its languages: what pages offer, which versions can be handed over, in which words."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from capofila.assessments.models import Assessment
from capofila.reports import actions as making
from capofila.reports import background
from capofila.reports import queries as reports
from capofila.reports.actions import Look
from capofila.reports.frozen import FORMAT
from capofila.reports.models import Handover, Report, file_of
from capofila.reports.queries import InLanguage
from capofila.reports.rules.changes import Changes, between


@dataclass(frozen=True)
class Offer:
    """The report in one language, as pages offer it."""

    language: str
    name: str
    report: Report | None
    being_made: bool
    is_old: bool = False  # something changed since it was made; only where somebody looked


@dataclass(frozen=True)
class Given:
    """One language of a version in the company's hands, as the page tells it."""

    place: InLanguage
    name: str  # of the language
    changed: str = ""  # what is different now, as a list in words
    is_compared: bool = False  # with what there is now, as the newest is where somebody looked

    @property
    def handover(self) -> Handover:
        return self.place.handover

    @property
    def has_inputs(self) -> bool:
        """Versions handed over before these were frozen have none."""
        sha256 = self.handover.checksums.get("json")
        return sha256 is not None and file_of(sha256, "json").is_file()


@dataclass(frozen=True)
class GivenVersion:
    version: reports.Version
    languages: Sequence[Given]


Looks = Mapping[str, Look]  # language -> what a report in it would be made from now


def looks(assessment: Assessment) -> dict[str, Look]:
    """How everything stands now; takes reading all answers for each language."""
    return making.looks(assessment, dict(settings.LANGUAGES))


def offers(assessment: Assessment, now: Looks | None = None) -> list[Offer]:
    """`now`: to say whether each is still what the answers give."""
    ready = reports.ready(assessment)
    return [
        Offer(
            language,
            name,
            ready.get(language),
            background.is_being_made(assessment, language),
            now is not None and language in ready and now[language].report is None,
        )
        for language, name in settings.LANGUAGES
    ]


def given(assessment: Assessment, now: Looks | None = None) -> list[GivenVersion]:
    """What was handed over, newest first. `now`: to say what has changed since."""
    return [
        GivenVersion(version, [_given(place, now) for place in version.languages])
        for version in reports.versions(assessment)
    ]


def _given(place: InLanguage, now: Looks | None) -> Given:
    language = place.handover.language
    name = str(dict(settings.LANGUAGES).get(language, language))
    then = None if now is None or place.superseded_by is not None else _frozen(place.handover)
    if now is None or then is None:
        return Given(place, name)
    return Given(place, name, said(between(then, now[language].inputs)), is_compared=True)


def texts_in(handover: Handover | None) -> Mapping[str, str | None] | None:
    """What a consultant had written in a version, by key; None where that is not known."""
    then = None if handover is None else _frozen(handover)
    return None if then is None else then["texts"]


def _frozen(handover: Handover) -> dict[str, Any] | None:
    """What the version was made from; None where that was not frozen, not as we do now, or is damaged."""
    file = handover.file_in("json")
    found: dict[str, Any] = {} if file is None else json.loads(file.read_bytes())
    return found if found.get("format") == FORMAT else None


def said(changes: Changes) -> str:
    """What changed, such as "3 answers, the roadmap"."""
    answers, texts = len(changes.answers), len(changes.texts)
    listed = [
        (answers, ngettext("%(count)s answer", "%(count)s answers", answers) % {"count": answers}),
        (texts, ngettext("%(count)s written text", "%(count)s written texts", texts) % {"count": texts}),
        (changes.evidence, _("photos or documents")),
        (changes.company, _("facts of the company")),
        (changes.roadmap, _("the roadmap")),
        (changes.benchmark, _("the comparison with others")),
        (changes.before, _("the earlier assessment")),
        (changes.others, _("the facts of an assessment")),
        (changes.program, _("the program, its questions or its sentences")),
    ]
    return ", ".join(words_ for is_so, words_ in listed if is_so)


def of(assessment: Assessment) -> list[Report]:
    """Those made from the answers as they are, the one in the company's language first."""
    known = [now.report for now in looks(assessment).values() if now.report is not None]
    return sorted(known, key=lambda report: report.language != assessment.company.language)


def words(report: Report) -> str:
    pages = ngettext("%(count)s page", "%(count)s pages", report.pages) % {"count": report.pages}
    made = date_format(timezone.localtime(report.created_at), "j.n.Y H:i")
    return _("%(language)s, %(pages)s, made on %(made)s") % {
        "language": dict(settings.LANGUAGES)[report.language],
        "pages": pages,
        "made": made,
    }
