"""What people do with a roadmap: make it, settle actions, change its limits, follow it up.

Each change makes the next version (`next_version`). A change that cannot hold is refused with every
conflict, and the version before stands as it was.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import transaction

from capofila.assessments.actions import check_enough, lock
from capofila.assessments.models import Assessment
from capofila.assessments.queries import submission
from capofila.companies import actions as companies
from capofila.journal import actions as journal
from capofila.journal.actions import Actor
from capofila.lib.problems import Problem, gettext_noop
from capofila.roadmap import keeping, library, queries
from capofila.roadmap.goals import goals as known_goals
from capofila.roadmap.grounds import weights_json
from capofila.roadmap.keeping import Chosen
from capofila.roadmap.models import HubWeights, Progress, Roadmap
from capofila.roadmap.next_version import Deed as Deed  # who acts, handed to everything here
from capofila.roadmap.next_version import Next, make_next, standing_version
from capofila.roadmap.own_days import own_days
from capofila.roadmap.rules.priorities import Limits
from capofila.roadmap.rules.raising import known_action
from capofila.roadmap.rules.weights import Weights
from capofila.web.turn import turn

Change = Roadmap.Change
Kept = TypeVar("Kept", int, str)


class NotHandedOver(Problem):
    """The company has no roadmap yet."""

    status = 409


class NothingToUndo(Problem):
    """The first version stands."""

    status = 409


class NoReason(Problem):
    """Something is left out for good, and nobody said why."""


# Make it, and work it out again


def make(assessment: Assessment, deed: Deed) -> Roadmap:
    """The first version: no limit of money, and the days that a firm of its size is taken to have.

    Making it again gives the one that stands. Raises `TooFewAnswers`.
    """
    if (standing := queries.newest(assessment)) is not None:
        return standing
    check_enough(submission(assessment))
    days = own_days(assessment.company.size or None)
    return make_next(assessment, None, Next(Chosen(Limits(None, days)), Change.MADE), deed)


def recompute(assessment: Assessment, deed: Deed) -> Roadmap:
    """Once more from what is known now; all that was settled holds."""
    before = standing_version(assessment)
    return make_next(assessment, before, Next(keeping.chosen_in(before), Change.RECOMPUTED), deed)


def undo(assessment: Assessment, deed: Deed) -> Roadmap:
    """What was chosen before the last change, as a new version; again goes one change further back.

    An undone change of goals names the earlier ones; an action that was begun is not begun.
    """
    before = standing_version(assessment)
    last = _effective(before)
    if last.number == 1:
        raise NothingToUndo("roadmap.nothing-to-undo", gettext_noop("There is no change to undo."))
    to = _effective(_numbered(assessment, last.number - 1))
    coming = Next(keeping.chosen_in(to), Change.UNDONE, about=last.about, restores=to.number)
    if last.change == Change.GOALS:
        coming = replace(coming, **_naming(assessment, to.goals, deed))
    if last.change == Change.BEGUN:
        coming = replace(
            coming, **_saying(assessment, last.about, Progress.State.NOT_BEGUN, deed, deed.at.date())
        )
    return make_next(assessment, before, coming, deed)


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
    return make_next(assessment, before, Next(coming, Change.PINNED, about=action), deed)


def unpin(assessment: Assessment, action: str, deed: Deed) -> Roadmap:
    before, chosen = _settling(assessment, action)
    coming = replace(chosen, pins=_without(chosen.pins, action))
    return make_next(assessment, before, Next(coming, Change.UNPINNED, about=action), deed)


def exclude(assessment: Assessment, action: str, deed: Deed) -> Roadmap:
    """Leave an action out of the plan, and all that needs it first. Raises `Refused`."""
    before, chosen = _settling(assessment, action)
    coming = replace(chosen, excluded=chosen.excluded | {action})
    return make_next(assessment, before, Next(coming, Change.EXCLUDED, about=action), deed)


def include(assessment: Assessment, action: str, deed: Deed) -> Roadmap:
    """The optimiser may plan it again."""
    before, chosen = _settling(assessment, action)
    coming = replace(chosen, excluded=chosen.excluded - {action})
    return make_next(assessment, before, Next(coming, Change.INCLUDED, about=action), deed)


def set_not_relevant(assessment: Assessment, action: str, reason: str, deed: Deed) -> Roadmap:
    """Take an action out for a reason that stays on record; every score stays as it is."""
    if not reason.strip():
        raise NoReason(
            "roadmap.no-reason", gettext_noop("Say why: the reason stays with the action in the roadmap.")
        )
    before, chosen = _settling(assessment, action)
    coming = replace(chosen, not_relevant={**chosen.not_relevant, action: reason.strip()})
    return make_next(assessment, before, Next(coming, Change.NOT_RELEVANT, about=action), deed)


def set_relevant(assessment: Assessment, action: str, deed: Deed) -> Roadmap:
    before, chosen = _settling(assessment, action)
    coming = replace(chosen, not_relevant=_without(chosen.not_relevant, action))
    return make_next(assessment, before, Next(coming, Change.RELEVANT, about=action), deed)


def begin(assessment: Assessment, action: str, deed: Deed, *, on: date) -> Roadmap:
    """An action is at work already: it stands in the first quarter and takes nothing more of the plan."""
    before, chosen = _settling(assessment, action)
    coming = Next(chosen, Change.BEGUN, about=action)
    coming = replace(coming, **_saying(assessment, action, Progress.State.BEGUN, deed, on))
    return make_next(assessment, before, coming, deed)


def _saying(assessment: Assessment, action: str, state: str, deed: Deed, on: date) -> dict[str, Any]:
    """A change of progress that comes with the next version."""

    def write() -> None:
        _say(assessment, action, state, deed, on=on)

    return {"progress": {action: Progress(action=action, state=state)}, "also": write}


def _settling(assessment: Assessment, action: str) -> tuple[Roadmap, Chosen]:
    """The version that stands, and its choices. Raises `Problem` for an action that is not known."""
    known_action(library.load(assessment.name), action)
    before = standing_version(assessment)
    return before, keeping.chosen_in(before)


# Change what it is made within


def set_limits(assessment: Assessment, limits: Limits, deed: Deed) -> Roadmap:
    """Money for all 12 quarters and days for each; None is no limit. Raises `Refused`."""
    before = standing_version(assessment)
    coming = replace(keeping.chosen_in(before), limits=limits)
    return make_next(assessment, before, Next(coming, Change.LIMITS), deed)


def set_goals(assessment: Assessment, goals: Iterable[str], deed: Deed) -> Roadmap:
    """The goals that the company names: a fact of the company, and what relevance is measured by."""
    wanted = set(goals)
    listed = tuple(code for code in known_goals() if code in wanted)
    before = standing_version(assessment)
    coming = Next(keeping.chosen_in(before), Change.GOALS)
    return make_next(assessment, before, replace(coming, **_naming(assessment, listed, deed)), deed)


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


def _without(found: Mapping[str, Kept], code: str) -> dict[str, Kept]:
    return {name: value for name, value in found.items() if name != code}
