"""Make the report of an assessment and keep it: once for the same data."""

import hashlib
import json
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache

from django.db import transaction

from capofila import settings as package
from capofila.assessments import queries as assessments
from capofila.assessments.answers_file import Submission
from capofila.assessments.models import Assessment
from capofila.companies import queries as companies
from capofila.lib import output
from capofila.reports import pages
from capofila.reports.models import Report

EU = ("eu-dma-sme", "eu-dma-pso")
WRITES_REPORTS = (
    "assessments",
    "companies",
    "instruments",
    "lib",
    "reports",
    "roadmap",
)  # rooms whose files show in it


def up_to_date(assessment: Assessment, language: str) -> Report | None:
    """The report that was made from the same data by the same program, if its file is whole."""
    return _standing(assessment, language, _inputs(assessment, language))


def make(assessment: Assessment, language: str, *, at: datetime) -> Report:
    """Compose, render and keep the report; the same data again give the report that is there.

    Nothing is kept when anything fails, and no transaction is open while it renders. Raises what
    composing and rendering raise.
    """
    inputs = _inputs(assessment, language)
    standing = _standing(assessment, language, inputs)
    if standing is not None:
        return standing
    data = _render(assessment, language)
    report = Report(
        company=assessment.company,
        assessment=assessment,
        language=language,
        inputs=inputs,
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        pages=pages.count(data),
        created_at=at,
    )
    report.file.parent.mkdir(parents=True, exist_ok=True)
    output.write(report.file, data)
    try:
        _keep(report)
    except BaseException:
        if not Report.objects.filter(sha256=report.sha256).exists():
            report.file.unlink(missing_ok=True)
        raise
    return report


@transaction.atomic
def _keep(report: Report) -> None:
    before = Report.objects.select_for_update().filter(
        assessment=report.assessment, language=report.language, state=Report.State.READY
    )
    before.update(state=Report.State.SUPERSEDED)
    report.save(force_insert=True)


def _standing(assessment: Assessment, language: str, inputs: str) -> Report | None:
    found = Report.objects.filter(
        assessment=assessment, language=language, inputs=inputs, state=Report.State.READY
    ).first()
    if found is None or not found.file.is_file() or found.file.stat().st_size != found.size:
        return None
    return found


def _render(assessment: Assessment, language: str) -> bytes:
    from capofila.lib.render import pdf  # noqa: PLC0415 (pages that only look at reports do not need it)
    from capofila.reports.compose import compose  # noqa: PLC0415

    submission, eu = _submissions(assessment)
    return pdf.render(compose(submission, companies.facts(assessment.company), language, eu))


def _submissions(assessment: Assessment) -> tuple[Submission, Submission | None]:
    """The assessment, and the company's European one of the same stage where there is one."""
    eu = assessments.newest(assessment.company, EU, assessment.stage)
    own = assessments.submission(assessment, with_evidence=True)
    return own, assessments.submission(eu, with_evidence=True) if eu is not None else None


def _inputs(assessment: Assessment, language: str) -> str:
    """A checksum of all that the report is made from: data, language, and the files of the program."""
    facts = {
        "company": asdict(companies.facts(assessment.company)),
        "submissions": [_facts(said) for said in _submissions(assessment) if said is not None],
        "language": language,
        "program": _program(),
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()


def _facts(submission: Submission) -> dict[str, object]:
    return {
        "instrument": submission.name,
        "profile": submission.profile,
        "stage": submission.stage,
        "day": submission.day,
        "language": submission.language,
        "answers": {
            code: [answer.reason, answer.note, str(answer.value)]
            for code, answer in submission.answers.items()
        },
        "evidence": {
            code: [asdict(shown) for shown in listed] for code, listed in submission.evidence.items()
        },
    }


@lru_cache(maxsize=1)
def _program() -> str:
    """A checksum of the files that decide how a report looks, so that a newer program makes it anew."""
    digest = hashlib.sha256()
    for room in WRITES_REPORTS:
        for file in sorted((package.PACKAGE / room).rglob("*")):
            if file.suffix in {".py", ".yaml", ".typ"} and "tests" not in file.parts:
                digest.update(str(file.relative_to(package.PACKAGE)).encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()
