"""What people do with a roadmap: make it, settle actions, change its limits, follow it up.

Each change makes the next version with a quick plan, and queues the proven one. A change that
cannot hold is refused with every conflict, and the version before stands as it was.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import transaction

from capofila.assessments.actions import check_enough
from capofila.assessments.models import Assessment
from capofila.assessments.queries import submission
from capofila.companies import actions as companies
from capofila.journal import actions as journal
from capofila.journal.actions import Actor
from capofila.lib.problems import Problem, gettext_noop
from capofila.roadmap import keeping, library, planning, proving, queries
from capofila.roadmap.goals import goals as known_goals
from capofila.roadmap.grounds import Grounds, grounds, weights_json
from capofila.roadmap.keeping import Chosen, Followed
from capofila.roadmap.models import HubWeights, Progress, Roadmap, RoadmapPlan
from capofila.roadmap.own_days import own_days
from capofila.roadmap.rules.priorities import Limits
from capofila.roadmap.rules.raising import known_action
from capofila.roadmap.rules.weights import Weights
from capofila.web.turn import turn

Change = Roadmap.Change
Kept = TypeVar("Kept", int, str)


class NotMade(Problem):
    """There is no roadmap yet."""

    status = 409


class ChangedMeanwhile(Problem):
    """Somebody else made a version while this page was open."""

    status = 409


class NotHandedOver(Problem):
    """The company has no roadmap yet."""

    status = 409


class NothingToUndo(Problem):
    """The first version stands."""

    status = 409


class NoReason(Problem):
    """Something is left out for good, and nobody said why."""


@dataclass(frozen=True)
class Deed:
    """Who changes a roadmap, and when. `seen`: the version the person looked at; None: whichever stands."""

    by: Actor
    at: datetime
    seen: int | None = None


@dataclass(frozen=True)
class _Next:
    """The version to come."""

    chosen: Chosen
    change: str
    about: str = ""
    restores: int | None = None
    progress: Mapping[str, Progress] = field(default_factory=dict)  # what is about to be said of actions
    goals: tuple[str, ...] | None = None  # None: as they stand
    also: Callable[[], object] | None = None  # written with it


# Make it, and work it out again


def make(assessment: Assessment, deed: Deed) -> Roadmap:
    """The first version: no limit of money, and the days that a firm of its size is taken to have.

    Making it again gives the one that stands. Raises `TooFewAnswers`.
    """
    if (standing := queries.newest(assessment)) is not None:
        return standing
    check_enough(submission(assessment))
    days = own_days(assessment.company.size or None)
    return _next(assessment, None, _Next(Chosen(Limits(None, days)), Change.MADE), deed)


def recompute(assessment: Assessment, deed: Deed) -> Roadmap:
    """Once more from what is known now; all that was settled holds."""
    before = _before(assessment)
    return _next(assessment, before, _Next(keeping.chosen_in(before), Change.RECOMPUTED), deed)


def undo(assessment: Assessment, deed: Deed) -> Roadmap:
    """What was chosen before the last change, as a new version; again goes one change further back.

    An undone change of goals names the earlier ones; an action that was begun is not begun.
    """
    before = _before(assessment)
    last = _effective(before)
    if last.number == 1:
        raise NothingToUndo("roadmap.nothing-to-undo", gettext_noop("There is no change to undo."))
    to = _effective(_numbered(assessment, last.number - 1))
    coming = _Next(keeping.chosen_in(to), Change.UNDONE, about=last.about, restores=to.number)
    if last.change == Change.GOALS:
        coming = replace(coming, **_naming(assessment, to.goals, deed))
    if last.change == Change.BEGUN:
        coming = replace(
            coming, **_saying(assessment, last.about, Progress.State.NOT_BEGUN, deed, deed.at.date())
        )
    return _next(assessment, before, coming, deed)


def _effective(row: Roadmap) -> Roadmap:
    """The version that is meant by one that restores it."""
    return row if row.restores is None else _numbered(row.assessment, row.restores)


def _numbered(assessment: Assessment, number: int) -> Roadmap:
    return Roadmap.objects.get(assessment=assessment, number=number)


# Settle single actions


def pin(assessment: Assessment, action: str, quarter: int, deed: Deed) -> Roadmap:
    """Let an action start in a quarter, 1 to 12. Raises `Refused` with every conflict."""
    before, chosen = _settling(assessment, action)
    coming = replace(chosen, pins={**chosen.pins, action: quarter})
    return _next(assessment, before, _Next(coming, Change.PINNED, about=action), deed)


def unpin(assessment: Assessment, action: str, deed: Deed) -> Roadmap:
    before, chosen = _settling(assessment, action)
    coming = replace(chosen, pins=_without(chosen.pins, action))
    return _next(assessment, before, _Next(coming, Change.UNPINNED, about=action), deed)


def exclude(assessment: Assessment, action: str, deed: Deed) -> Roadmap:
    """Leave an action out of the plan, and all that needs it first. Raises `Refused`."""
    before, chosen = _settling(assessment, action)
    coming = replace(chosen, excluded=chosen.excluded | {action})
    return _next(assessment, before, _Next(coming, Change.EXCLUDED, about=action), deed)


def include(assessment: Assessment, action: str, deed: Deed) -> Roadmap:
    """The optimiser may plan it again."""
    before, chosen = _settling(assessment, action)
    coming = replace(chosen, excluded=chosen.excluded - {action})
    return _next(assessment, before, _Next(coming, Change.INCLUDED, about=action), deed)


def set_not_relevant(assessment: Assessment, action: str, reason: str, deed: Deed) -> Roadmap:
    """Take an action out for a reason that stays on record; every score stays as it is."""
    if not reason.strip():
        raise NoReason(
            "roadmap.no-reason", gettext_noop("Say why: the reason stays with the action in the roadmap.")
        )
    before, chosen = _settling(assessment, action)
    coming = replace(chosen, not_relevant={**chosen.not_relevant, action: reason.strip()})
    return _next(assessment, before, _Next(coming, Change.NOT_RELEVANT, about=action), deed)


def set_relevant(assessment: Assessment, action: str, deed: Deed) -> Roadmap:
    before, chosen = _settling(assessment, action)
    coming = replace(chosen, not_relevant=_without(chosen.not_relevant, action))
    return _next(assessment, before, _Next(coming, Change.RELEVANT, about=action), deed)


def begin(assessment: Assessment, action: str, deed: Deed, *, on: date) -> Roadmap:
    """An action is at work already: it stands in the first quarter and takes nothing more of the plan."""
    before, chosen = _settling(assessment, action)
    coming = _Next(chosen, Change.BEGUN, about=action)
    coming = replace(coming, **_saying(assessment, action, Progress.State.BEGUN, deed, on))
    return _next(assessment, before, coming, deed)


def _saying(assessment: Assessment, action: str, state: str, deed: Deed, on: date) -> dict[str, Any]:
    """A change of progress that comes with the next version."""

    def write() -> None:
        _say(assessment, action, state, deed, on=on)

    return {"progress": {action: Progress(action=action, state=state)}, "also": write}


def _settling(assessment: Assessment, action: str) -> tuple[Roadmap, Chosen]:
    """The version that stands, and its choices. Raises `Problem` for an action that is not known."""
    known_action(library.load(assessment.name), action)
    before = _before(assessment)
    return before, keeping.chosen_in(before)


# Change what it is made within


def set_limits(assessment: Assessment, limits: Limits, deed: Deed) -> Roadmap:
    """Money for all 12 quarters and days for each; None is no limit. Raises `Refused`."""
    before = _before(assessment)
    coming = replace(keeping.chosen_in(before), limits=limits)
    return _next(assessment, before, _Next(coming, Change.LIMITS), deed)


def set_goals(assessment: Assessment, goals: Iterable[str], deed: Deed) -> Roadmap:
    """The goals that the company names: a fact of the company, and what relevance is measured by."""
    wanted = set(goals)
    listed = tuple(code for code in known_goals() if code in wanted)
    before = _before(assessment)
    coming = _Next(keeping.chosen_in(before), Change.GOALS)
    return _next(assessment, before, replace(coming, **_naming(assessment, listed, deed)), deed)


def _naming(assessment: Assessment, goals: Iterable[str], deed: Deed) -> dict[str, Any]:
    """A change of goals that comes with the next version."""
    listed = tuple(goals)

    def write() -> None:
        companies.set_goals(assessment.company, listed, by=deed.by)

    return {"goals": listed, "also": write}


def set_weights(weights: Weights, *, by: Actor, at: datetime) -> HubWeights:
    """How the hub weighs from now on; roadmaps that stand are as they are until worked out again."""
    with turn(), transaction.atomic():
        row = HubWeights.objects.create(weights=weights_json(weights), by=by.user, by_name=by.name, at=at)
        journal.record("roadmap.weighed", by=by, about=row, weights=weights_json(weights))
    return row


# Follow it up


def record_progress(
    assessment: Assessment,
    action: str,
    state: str,
    *,
    on: date,
    note: str = "",
    by_company: bool = False,
    by: Actor,
    at: datetime,
) -> Progress:
    """Say what became of an action; what was said before stays. The same again changes nothing.

    The company says it of actions of the version it has. Raises `NoReason`, `NotHandedOver`, and
    `Problem` for an action that is not known.
    """
    known_action(library.load(assessment.name), action)
    if state == Progress.State.DROPPED and not note.strip():
        raise NoReason("roadmap.dropped-why", gettext_noop("Say why the action was dropped."))
    if by_company:
        found = queries.handed_over(assessment)
        if found is None or action not in {item.action for item in found.items}:
            raise NotHandedOver(
                "roadmap.not-handed-over",
                gettext_noop("This action is not in the roadmap that was handed over to you."),
            )
    with turn(), transaction.atomic():
        lock(assessment)
        last = queries.history(assessment, action).first()
        if last is not None and (last.state, last.on, last.note) == (state, on, note.strip()):
            return last
        row = _say(assessment, action, state, Deed(by, at), on=on, note=note.strip(), by_company=by_company)
        journal.record("roadmap.progress", by=by, about=assessment, action=action, state=state, on=on)
    return row


def _say(
    assessment: Assessment,
    action: str,
    state: str,
    deed: Deed,
    *,
    on: date,
    note: str = "",
    by_company: bool = False,
) -> Progress:
    return Progress.objects.create(
        assessment=assessment,
        action=action,
        state=state,
        on=on,
        note=note,
        by_company=by_company,
        by=deed.by.user,
        by_name=deed.by.name,
        at=deed.at,
    )


# The next version


def _next(assessment: Assessment, before: Roadmap | None, coming: _Next, deed: Deed) -> Roadmap:
    """Plan quickly, write, queue the proof. The plan is made before anything is locked."""
    if before is not None:
        check_seen(before, deed.seen)
    followed = queries.followed({**queries.progress(assessment), **coming.progress})
    base = grounds(assessment, coming.goals)
    wanted = keeping.choices(coming.chosen, base, followed, coming.about)
    made = planning.preview(base.basis, wanted, _known_gains(before, base))
    with turn(), transaction.atomic():
        lock(assessment)
        standing = queries.newest(assessment)
        if (standing and standing.number) != (before and before.number):
            raise _changed_meanwhile()
        if coming.also is not None:
            coming.also()
        row = _write(assessment, before, coming, base, followed, made, deed)
        keeping.write_plan(row, made, RoadmapPlan.Kind.PREVIEW, at=deed.at)
        proving.queue(row)
        journal.record(
            f"roadmap.{coming.change}", by=deed.by, about=assessment, version=row.number, action=coming.about
        )
    return row


def _write(
    assessment: Assessment,
    before: Roadmap | None,
    coming: _Next,
    base: Grounds,
    followed: Followed,
    made: planning.Roadmap,
    deed: Deed,
) -> Roadmap:
    chosen = coming.chosen
    return Roadmap.objects.create(
        assessment=assessment,
        number=1 if before is None else before.number + 1,
        change=coming.change,
        about=coming.about,
        restores=coming.restores,
        budget_cents=chosen.limits.budget_cents,
        days_per_quarter=chosen.limits.days_per_quarter,
        goals=list(base.basis.firm.goals),
        size=base.basis.firm.size or "",
        pins=dict(chosen.pins),
        excluded=sorted(chosen.excluded),
        begun=sorted(followed.begun),
        dropped=sorted(followed.dropped),
        not_relevant=dict(chosen.not_relevant),
        weights=weights_json(base.weights),
        library=made.library.version,
        inputs=base.sha256,
        answers=base.answers_sha256,
        by=deed.by.user,
        by_name=deed.by.name,
        at=deed.at,
    )


def _known_gains(before: Roadmap | None, base: Grounds) -> planning.Gains:
    """What each action adds hangs on the answers alone: taken from a version with the same ones."""
    if before is None or before.answers != base.answers_sha256:
        return {}
    return keeping.gains_in(queries.of_version(before).items)


def _before(assessment: Assessment) -> Roadmap:
    found = queries.newest(assessment)
    if found is None:
        raise not_made()
    return found


def not_made() -> NotMade:
    return NotMade("roadmap.not-made", gettext_noop("There is no roadmap yet. Make it first."))


def _changed_meanwhile() -> ChangedMeanwhile:
    return ChangedMeanwhile(
        "roadmap.changed-meanwhile",
        gettext_noop("Somebody changed the roadmap while this page was open. Look at it, then try again."),
    )


def check_seen(standing: Roadmap, seen: int | None) -> None:
    if seen is not None and seen != standing.number:
        raise _changed_meanwhile()


def lock(assessment: Assessment) -> None:
    Assessment.objects.select_for_update(of=("self",), no_key=True).get(pk=assessment.pk)


def _without(found: Mapping[str, Kept], code: str) -> dict[str, Kept]:
    return {name: value for name, value in found.items() if name != code}
