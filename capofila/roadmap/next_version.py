"""The next version of a roadmap: planned quickly, written, and its proof queued.

Every change comes through here. A version is made from the one that somebody looked at; where another
was made meanwhile, it is refused.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from capofila.assessments import actions as assessments
from capofila.assessments.models import Assessment
from capofila.journal import actions as journal
from capofila.journal.actions import Actor
from capofila.lib.problems import Problem, gettext_noop
from capofila.roadmap import keeping, planning, proving, queries
from capofila.roadmap.grounds import Grounds, grounds, weights_json
from capofila.roadmap.keeping import Chosen, Followed
from capofila.roadmap.models import Progress, Roadmap, RoadmapPlan
from capofila.web.turn import turn


class NotMade(Problem):
    """There is no roadmap yet."""

    status = 409


class ChangedMeanwhile(Problem):
    """Somebody else made a version while this page was open."""

    status = 409


@dataclass(frozen=True)
class Deed:
    """Who changes a roadmap, and when. `seen`: the version the person looked at; None: whichever stands."""

    by: Actor
    at: datetime
    seen: int | None = None


@dataclass(frozen=True)
class Next:
    """The version to come."""

    chosen: Chosen
    change: str
    about: str = ""
    restores: int | None = None
    progress: Mapping[str, Progress] = field(default_factory=dict)  # what is about to be said of actions
    goals: tuple[str, ...] | None = None  # None: as they stand
    also: Callable[[], object] | None = None  # written with it


def make_next(assessment: Assessment, before: Roadmap | None, coming: Next, deed: Deed) -> Roadmap:
    """Plan quickly, write, queue the proof. The plan is made before anything is locked."""
    if before is not None:
        check_seen(before, deed.seen)
    followed = queries.followed({**queries.progress(assessment), **coming.progress})
    base = grounds(assessment, coming.goals)
    wanted = keeping.choices(coming.chosen, base, followed, coming.about)
    made = planning.preview(base.basis, wanted, _known_gains(before, base))
    with turn(), transaction.atomic():
        assessments.lock(assessment)
        standing = queries.newest(assessment)
        if (standing and standing.number) != (before and before.number):
            raise _changed_meanwhile()
        if coming.also is not None:
            coming.also()
        row = _write(assessment, before, coming, base, followed, made, deed)
        row.written = keeping.write_plan(row, made, RoadmapPlan.Kind.PREVIEW, at=deed.at)
        proving.queue(row)
        journal.record(
            f"roadmap.{coming.change}", by=deed.by, about=assessment, version=row.number, action=coming.about
        )
    return row


def _write(
    assessment: Assessment,
    before: Roadmap | None,
    coming: Next,
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
    return queries.gains(before)


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


def standing_version(assessment: Assessment) -> Roadmap:
    found = queries.newest(assessment)
    if found is None:
        raise not_made()
    return found
