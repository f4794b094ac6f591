"""Make the report of an assessment and keep it: once for the same data."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from capofila.assessments.models import Assessment
from capofila.lib import output
from capofila.lib.document import Document
from capofila.reports import frozen, pages, parts
from capofila.reports.gathering import EU, gathered, in_languages
from capofila.reports.models import Copy, Report, file_of
from capofila.reports.parts import Parts

__all__ = ["EU", "Look", "generated", "looks", "make", "up_to_date"]
INPUTS = "json"  # ending of the file of what a report was made from


@dataclass(frozen=True)
class Look:
    """What a report would be made from now, and the one that was, if there is one."""

    inputs: Mapping[str, Any]  # as they would be read back from what is frozen
    report: Report | None


def looks(assessment: Assessment, languages: Iterable[str]) -> dict[str, Look]:
    """In each of the languages, in their order."""
    found = {}
    for language, parts_ in in_languages(assessment, languages).items():
        inputs = frozen.written(parts_)
        found[language] = Look(json.loads(inputs), _standing(assessment, language, _checksum(inputs)))
    return found


def up_to_date(assessment: Assessment, language: str) -> Report | None:
    """The report that was made from the same data by the same program, if its files are whole."""
    return looks(assessment, [language])[language].report


def make(assessment: Assessment, language: str, *, at: datetime) -> Report:
    """Compose, render and keep the report in all its forms, with what it is made from.

    The same data again give the one that is there. Files come first, each under its checksum, and
    the rows last, at once: nothing is kept when anything fails, a killed process leaves at most a file
    that no row names, and no transaction is open while it renders. Raises what composing and
    rendering raise.
    """
    found = gathered(assessment, language)
    inputs = frozen.written(found)
    standing = _standing(assessment, language, _checksum(inputs))
    if standing is not None:
        return standing
    made = _render(found)
    data = made["pdf"]
    report = Report(
        company=assessment.company,
        assessment=assessment,
        language=language,
        inputs=_checksum(inputs),
        sha256=_checksum(data),
        size=len(data),
        pages=pages.count(data),
        created_at=at,
    )
    copies = [
        Copy(report=report, form=form, sha256=_checksum(made[form]), size=len(made[form]))
        for form in Copy.Form.values
        if form in made
    ]
    try:
        for form, bytes_ in {**made, INPUTS: inputs}.items():
            _write(form, bytes_)
        _keep(report, copies)
    except BaseException:
        _remove(report, copies)
        raise
    return report


def _write(form: str, data: bytes) -> None:
    file = file_of(_checksum(data), form)
    file.parent.mkdir(parents=True, exist_ok=True)
    output.write(file, data)


@transaction.atomic
def _keep(report: Report, copies: Iterable[Copy]) -> None:
    before = Report.objects.select_for_update().filter(
        assessment=report.assessment, language=report.language, state=Report.State.READY
    )
    before.update(state=Report.State.SUPERSEDED)
    report.save(force_insert=True)
    for copy in copies:
        copy.save(force_insert=True)


def _remove(report: Report, copies: Iterable[Copy]) -> None:
    """The files that no row names."""
    if not Report.objects.filter(sha256=report.sha256).exists():
        report.file.unlink(missing_ok=True)
    if not Report.objects.filter(inputs=report.inputs).exists():
        file_of(report.inputs, INPUTS).unlink(missing_ok=True)
    for copy in copies:
        if not Copy.objects.filter(sha256=copy.sha256).exists():
            copy.file.unlink(missing_ok=True)


def _standing(assessment: Assessment, language: str, inputs: str) -> Report | None:
    found = Report.objects.filter(
        assessment=assessment, language=language, inputs=inputs, state=Report.State.READY
    ).first()
    return found if found is not None and found.is_whole else None


def generated(assessment: Assessment, language: str) -> Document:
    """The report as it is without anything that a consultant wrote. Raises what composing raises."""
    return parts.document(replace(gathered(assessment, language), texts={}))


def _render(found: Parts) -> dict[str, bytes]:
    """The report in each form, by the ending of its file."""
    return parts.rendered(found)


def _checksum(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
