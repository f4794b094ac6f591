"""Make the report of an assessment and keep it: once for the same data."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import lru_cache
from importlib import import_module

from django.db import transaction

from capofila import settings as package
from capofila.assessments import benchmark, screen
from capofila.assessments import queries as assessments
from capofila.assessments.answers_file import Submission
from capofila.assessments.comparing import compared
from capofila.assessments.models import Assessment
from capofila.companies import queries as companies
from capofila.companies.company_file import CompanyFacts
from capofila.lib import output
from capofila.lib.document import Document
from capofila.lib.problems import Problem, Refused
from capofila.reports import pages, peers, text_edits
from capofila.reports.models import Copy, Report
from capofila.reports.peers import Peers
from capofila.roadmap import queries as roadmaps
from capofila.roadmap.as_json import as_json
from capofila.roadmap.planning import Roadmap

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
    return _standing(assessment, language, _inputs(_parts(assessment, language), language))


def make(assessment: Assessment, language: str, *, at: datetime) -> Report:
    """Compose, render and keep the report in all its forms; the same data again give the one that is there.

    Nothing is kept when anything fails, and no transaction is open while it renders. Raises what
    composing and rendering raise.
    """
    parts = _parts(assessment, language)
    inputs = _inputs(parts, language)
    standing = _standing(assessment, language, inputs)
    if standing is not None:
        return standing
    made = _render(parts, language)
    data = made["pdf"]
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
    copies = [
        Copy(report=report, form=form, sha256=hashlib.sha256(made[form]).hexdigest(), size=len(made[form]))
        for form in Copy.Form.values
        if form in made
    ]
    files: list[tuple[Report | Copy, bytes]] = [(report, data)]
    files += [(copy, made[copy.form]) for copy in copies]
    try:
        for kept, bytes_ in files:
            kept.file.parent.mkdir(parents=True, exist_ok=True)
            output.write(kept.file, bytes_)
        _keep(report, copies)
    except BaseException:
        _remove([report, *copies])
        raise
    return report


@transaction.atomic
def _keep(report: Report, copies: Iterable[Copy]) -> None:
    before = Report.objects.select_for_update().filter(
        assessment=report.assessment, language=report.language, state=Report.State.READY
    )
    before.update(state=Report.State.SUPERSEDED)
    report.save(force_insert=True)
    for copy in copies:
        copy.save(force_insert=True)


def _remove(files: Iterable[Report | Copy]) -> None:
    """The files that no row of ours names."""
    for one in files:
        if not type(one).objects.filter(sha256=one.sha256).exists():
            one.file.unlink(missing_ok=True)


def _standing(assessment: Assessment, language: str, inputs: str) -> Report | None:
    found = Report.objects.filter(
        assessment=assessment, language=language, inputs=inputs, state=Report.State.READY
    ).first()
    if found is None or not _is_whole(found):
        return None
    whole = all(_is_whole(copy) for copy in Copy.objects.filter(report=found))
    return found if whole else None


def _is_whole(kept: Report | Copy) -> bool:
    return kept.file.is_file() and kept.file.stat().st_size == kept.size


@dataclass(frozen=True)
class _Parts:
    """All that a report is written from."""

    company: CompanyFacts
    own: Submission
    eu: Submission | None  # the company's European one of the same stage
    before: Submission | None  # that of the stage before
    roadmap: Roadmap | None  # the one that is kept
    peers: Peers | None
    texts: Mapping[str, str]  # key of a text -> what a consultant wrote in its place, in the markup


def _parts(assessment: Assessment, language: str) -> _Parts:
    eu = assessments.newest(assessment.company, EU, assessment.stage)
    own = assessments.submission(assessment, with_evidence=True)
    return _Parts(
        companies.facts(assessment.company),
        own,
        assessments.submission(eu, with_evidence=True) if eu is not None else None,
        _before(assessment, own),
        roadmaps.kept(assessment),
        peers.beside(benchmark.compared(assessment)),
        text_edits.written(assessment, language),
    )


def _before(assessment: Assessment, own: Submission) -> Submission | None:
    """The assessment of the stage before, where it is complete and can be compared with this one."""
    found = screen.previous(assessment)
    if found is None:
        return None
    before = assessments.submission(found)
    try:
        compared(before, own)
    except (Problem, Refused):  # no crosswalk between their versions
        return None
    return before


def generated(assessment: Assessment, language: str) -> Document:
    """The report as it is without anything that a consultant wrote. Raises what composing raises."""
    return _composed(replace(_parts(assessment, language), texts={}), language)


def _render(parts: _Parts, language: str) -> dict[str, bytes]:
    """The report in each form, by the ending of its file."""
    document = _composed(parts, language)
    return {
        form: import_module(f"capofila.lib.render.{form}").render(document)
        for form in ("pdf", *Copy.Form.values)
    }


def _composed(parts: _Parts, language: str) -> Document:
    from capofila.reports.compose import compose  # noqa: PLC0415 (pages that only look do not need it)

    return compose(
        parts.own,
        parts.company,
        language,
        parts.eu,
        roadmap=parts.roadmap,
        peers=parts.peers,
        before=parts.before,
        overrides=text_edits.as_blocks(parts.texts),
    )


def _inputs(parts: _Parts, language: str) -> str:
    """A checksum of all that the report is made from: data, language, and the files of the program."""
    said = (parts.own, parts.eu, parts.before)
    facts = {
        "company": asdict(parts.company),
        "submissions": [None if one is None else _facts(one) for one in said],
        "roadmap": None if parts.roadmap is None else as_json(parts.roadmap, language),
        "peers": None if parts.peers is None else asdict(parts.peers),
        "texts": dict(parts.texts),
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
