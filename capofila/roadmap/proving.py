"""The proven plan of a version, worked out by the worker so that no page waits for it."""

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django_tasks import task

from capofila.lib.problems import Problem, Refused
from capofila.roadmap import keeping, planning
from capofila.roadmap.grounds import grounds
from capofila.roadmap.models import Roadmap, RoadmapPlan
from capofila.web.turn import turn


def queue(row: Roadmap) -> None:
    prove.enqueue(row.pk)


def queue_unproven() -> int:
    """Put into the queue what an interrupted worker left: the newest versions without a proven plan."""
    found = list(_newest().exclude(plans__kind=RoadmapPlan.Kind.PROVEN).values_list("pk", flat=True))
    for pk in found:
        prove.enqueue(pk)
    return len(found)


def _newest() -> QuerySet[Roadmap]:
    later = Roadmap.objects.filter(assessment=OuterRef("assessment"), number__gt=OuterRef("number"))
    return Roadmap.objects.exclude(Exists(later))


@task()
def prove(pk: int) -> None:
    """Work out the best plan of a version; nothing where a newer one stands or it is there already."""
    row = _newest().filter(pk=pk).select_related("assessment__company").first()
    if row is None or row.plans.filter(kind=RoadmapPlan.Kind.PROVEN).exists():
        return
    found = grounds(row.assessment)
    preview = row.plans.get(kind=RoadmapPlan.Kind.PREVIEW)
    if found.sha256 != row.inputs:
        return  # answers, company or weights have changed: the page says so, and makes a new version
    wanted = keeping.choices(keeping.chosen_in(row), found, keeping.followed_in(row))
    try:
        made = planning.make(found.basis, wanted, keeping.gains_in(preview.items.all()))
    except (Problem, Refused):
        return  # the page has said why when this version was asked for
    try:
        with turn(), transaction.atomic():
            keeping.write_plan(row, made, RoadmapPlan.Kind.PROVEN, at=timezone.now())
    except IntegrityError:
        return  # another worker was first
