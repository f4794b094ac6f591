"""What people do in an assessment: start it, answer, complete it, open it again."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db import transaction

from capofila.accounts.models import User
from capofila.assessments import queries
from capofila.assessments.answers_file import Submission
from capofila.assessments.models import Assessment, Milestone
from capofila.assessments.receiving import Author, Outcome, closed, receive_checked
from capofila.assessments.rules import scoring
from capofila.assessments.rules.entries import Private, Said
from capofila.companies.models import Company
from capofila.instruments import library
from capofila.journal import actions as journal
from capofila.journal.actions import Actor
from capofila.lib.problems import Problem, Refused, gettext_noop

__all__ = ["Author", "Outcome", "Private", "Said"]  # what callers of this room's actions need


class UnknownProfile(Problem):
    """The instrument has profiles, and this is none of them."""


class UnknownArea(Problem):
    """The instrument has no such area."""


class OpenConflicts(Problem):
    """Two entries hold that do not say the same."""

    status = 409


class TooFewAnswers(Problem):
    """Too little is answered for an overall score, and so for a report."""


class StillOpen(Problem):
    """It takes answers, so what is written from it may change."""

    status = 409


class NoReason(Problem):
    """Something that others rely on is opened again, and nobody said why."""


@transaction.atomic
def start(
    company: Company,
    instrument: str,
    *,
    profile: str,
    on: date,
    at: datetime,
    stage: str = Assessment.Stage.T0,
    consultant: str = "",
    interviewer: User | None = None,
    by: Actor | None = None,
) -> Assessment:
    """Begin an assessment, pinned to the version of `instrument` that its name means today.

    Raises `Problem` for an unknown instrument and `UnknownProfile`; `profile` is empty where the
    instrument has none. Where `by` is given, here and below, the journal says who did it.
    """
    loaded = library.load(instrument)
    if (profile or loaded.profiles) and profile not in loaded.profiles:
        raise UnknownProfile(
            "assessments.unknown-profile",
            gettext_noop("The questionnaire has no wording for “{profile}”. Choose one of: {known}."),
            profile=profile,
            known=", ".join(loaded.profiles),
        )
    assessment = Assessment.objects.create(
        company=company,
        instrument=loaded.code,
        version=loaded.version,
        profile=profile,
        stage=stage,
        day=on,
        consultant=consultant or (str(interviewer) if interviewer is not None else ""),
        interviewer=interviewer,
        created_at=at,
    )
    _mark(assessment, Milestone.Kind.STARTED, by=by, at=at)
    return assessment


@transaction.atomic
def open_to_contact(
    assessment: Assessment, areas: Collection[str], *, by: Actor | None = None, at: datetime
) -> Assessment:
    """Let the company's contact fill in these areas beforehand, and no others; none closes it to them.

    Raises `UnknownArea` and `AssessmentClosed`.
    """
    locked = lock(assessment)
    known = library.load(locked.name).areas
    unknown = [area for area in areas if area not in known]
    if unknown:
        raise unknown_area(unknown[0], known)
    if locked.state == Assessment.State.COMPLETE:
        raise closed(locked)
    locked.prefill_areas = [area for area in known if area in areas]
    locked.save(update_fields=["prefill_areas"])
    _mark(locked, Milestone.Kind.OPENED, by=by, at=at)
    return locked


def unknown_area(area: str, known: Collection[str]) -> UnknownArea:
    return UnknownArea(
        "assessments.unknown-area",
        gettext_noop("The questionnaire has no area “{area}”. Choose among: {known}."),
        area=area,
        known=", ".join(known),
    )


def receive(
    assessment: Assessment, said: Sequence[Said | Private], *, author: Author, at: datetime
) -> Sequence[Outcome]:
    """Add what a page says; all or nothing. Raises `Refused` with every reason not to."""
    with transaction.atomic():
        outcomes = receive_checked(lock(assessment), said, author=author, at=at)
        problems = [problem for outcome in outcomes for problem in outcome.problems]
        if problems:
            raise Refused(problems)
    return outcomes


def check_enough(submission: Submission) -> None:
    """Raise `TooFewAnswers` below the coverage that the questionnaire states."""
    overall = scoring.score(submission.instrument, submission.answers, submission.profile).overall
    if overall.value is None:
        raise TooFewAnswers(
            "assessments.too-few-answers",
            gettext_noop(
                "{answered} of {applicable} questions are answered, too few for a score. "
                "Answer more of them first."
            ),
            answered=overall.answered,
            applicable=overall.applicable,
        )


@transaction.atomic
def complete(assessment: Assessment, *, by: Actor | None = None, at: datetime) -> Assessment:
    """Close an assessment: what is not answered stays so (`queries.unanswered` lists it before).

    Closing a closed one changes nothing. Raises `OpenConflicts`, and `TooFewAnswers`.
    """
    locked = lock(assessment)
    if locked.state == Assessment.State.COMPLETE:
        return locked
    current = queries.current(locked)
    conflicts = [question for question, found in current.items() if found.conflict]
    if conflicts:
        raise OpenConflicts(
            "assessments.open-conflicts",
            gettext_noop("Two answers stand side by side for {count} questions: {questions}. Choose first."),
            count=len(conflicts),
            questions=", ".join(conflicts),
        )
    check_enough(queries.submission(locked, queries.read_current(locked, current)))
    locked.state = Assessment.State.COMPLETE
    locked.save(update_fields=["state"])
    _mark(locked, Milestone.Kind.COMPLETED, by=by, at=at)
    return locked


@transaction.atomic
def reopen(assessment: Assessment, reason: str, *, by: Actor | None = None, at: datetime) -> Assessment:
    """Take answers again, for a reason that stays on record. Opening an open one changes nothing.

    Raises `NoReason`. Reports handed over stay as they are.
    """
    if not reason.strip():
        raise NoReason(
            "assessments.no-reason",
            gettext_noop("Say why the assessment is opened again: the reason stays on record."),
        )
    locked = lock(assessment)
    if locked.state == Assessment.State.DRAFT:
        return locked
    locked.state = Assessment.State.DRAFT
    locked.save(update_fields=["state"])
    _mark(locked, Milestone.Kind.REOPENED, by=by, at=at, reason=reason.strip())
    return locked


@transaction.atomic
def note_handed_over(assessment: Assessment, *, by: Actor, at: datetime) -> Assessment:
    """Note that its report is handed over; the journal's entry is written by who does it.

    Raises `StillOpen` while it takes answers.
    """
    locked = lock(assessment)
    if locked.state == Assessment.State.DRAFT:
        raise StillOpen(
            "assessments.still-open",
            gettext_noop("The assessment of {day} still takes answers. Close it, then hand its report over."),
            day=locked.day.isoformat(),
        )
    _milestone(locked, Milestone.Kind.HANDED_OVER, by=by, at=at)
    return locked


def lock(assessment: Assessment) -> Assessment:
    """The row as it is now; nobody else changes what hangs on it until this transaction ends."""
    rows = Assessment.objects.select_for_update(of=("self",), no_key=True).select_related("company")
    return rows.get(pk=assessment.pk)


def _mark(
    assessment: Assessment, kind: Milestone.Kind, *, by: Actor | None, at: datetime, reason: str = ""
) -> None:
    _milestone(assessment, kind, by=by, at=at, reason=reason)
    if by is not None:
        journal.record(f"assessments.{kind}", by=by, about=assessment)


def _milestone(
    assessment: Assessment, kind: Milestone.Kind, *, by: Actor | None, at: datetime, reason: str = ""
) -> None:
    Milestone.objects.create(
        assessment=assessment,
        kind=kind,
        reason=reason,
        by=by.user if by is not None else None,
        by_name=by.name if by is not None else "",
        at=at,
    )
