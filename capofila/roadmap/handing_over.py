"""Hand a roadmap over to the company: one version with its proven plan, for good."""

import hashlib
from datetime import datetime

from django.db import transaction

from capofila.assessments.models import Assessment
from capofila.journal import actions as journal
from capofila.journal.actions import Actor
from capofila.lib.problems import Problem, gettext_noop
from capofila.roadmap import actions, queries
from capofila.roadmap.models import RoadmapHandover, RoadmapPlan
from capofila.web.turn import turn


class StillWorking(Problem):
    """The proven plan of the version is not there yet."""

    status = 409


def hand_over(assessment: Assessment, *, version: int, by: Actor, at: datetime) -> RoadmapHandover:
    """Give the company the version that stands, for good; the same version again changes nothing.

    Raises `NotMade`, `ChangedMeanwhile`, `StillWorking`.
    """
    with turn(), transaction.atomic():
        actions.lock(assessment)
        found = queries.standing(assessment)
        if found is None:
            raise actions.not_made()
        actions.check_seen(found.roadmap, version)
        if found.plan.kind == RoadmapPlan.Kind.PREVIEW:
            raise StillWorking(
                "roadmap.still-working",
                gettext_noop("The best plan is still being worked out. Hand it over in a moment."),
            )
        last = queries.handovers(assessment).first()
        if last is not None and last.plan_id == found.plan.pk:
            return last
        data = queries.as_data(found)
        handover = RoadmapHandover.objects.create(
            assessment=assessment,
            plan=found.plan,
            number=1 if last is None else last.number + 1,
            data=data,
            sha256=hashlib.sha256(data.encode()).hexdigest(),
            by=by.user,
            by_name=by.name,
            at=at,
        )
        journal.record(
            "roadmap.handed-over",
            by=by,
            about=assessment,
            version=version,
            number=handover.number,
            sha256=handover.sha256,
        )
    return handover
