"""The roadmap of an assessment: its versions, the plans made for them, what became of each action.

Every row is only added. A version is what was chosen; a plan is what was worked out from it, first
quickly, then proven; handing over freezes one with its data. `planning.Roadmap` is the same thing
in memory, with all its figures exact.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from capofila.assessments.models import Assessment
from capofila.journal.append_only import RowsAreOnlyAdded
from capofila.roadmap.rules.shape import QUARTERS


class Done(models.Model):
    """What every row carries: who added it, by name as it was then, and when."""

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    by_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        abstract = True


class Roadmap(Done):
    """One version: what was chosen, after one change to the version before."""

    class Change(models.TextChoices):
        MADE = "made", _("made")
        RECOMPUTED = "recomputed", _("worked out again")
        PINNED = "pinned", _("pinned")
        UNPINNED = "unpinned", _("no longer pinned")
        EXCLUDED = "excluded", _("left out")
        INCLUDED = "included", _("taken in again")
        NOT_RELEVANT = "not-relevant", _("not relevant to the company")
        RELEVANT = "relevant", _("relevant after all")
        BEGUN = "begun", _("begun already")
        LIMITS = "limits", _("money and days changed")
        GOALS = "goals", _("goals changed")
        UNDONE = "undone", _("last change undone")

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()  # counted from 1 within the assessment
    change = models.CharField(max_length=12, choices=Change)
    about = models.CharField(max_length=80, blank=True)  # the action that was changed
    restores = models.PositiveIntegerField(null=True, blank=True)  # number of the version taken up again
    budget_cents = models.BigIntegerField(null=True, blank=True)  # for all quarters; None: no limit
    days_per_quarter = models.PositiveIntegerField(null=True, blank=True)
    goals = models.JSONField(default=list)  # codes, in the company's order
    size = models.CharField(max_length=13, blank=True)  # of the company, as it was
    pins = models.JSONField(default=dict)  # action -> quarter; kept while the action is not called for
    excluded = models.JSONField(default=list)  # actions
    begun = models.JSONField(default=list)  # actions that had begun, or were done, by then
    dropped = models.JSONField(default=list)  # actions given up by then
    not_relevant = models.JSONField(default=dict)  # action -> reason
    weights = models.JSONField(default=dict)  # as `rules.weights` reads them
    library = models.CharField(max_length=20, blank=True)  # its version
    inputs = models.CharField(max_length=64)  # checksum of answers, company, peers and weights
    answers = models.CharField(max_length=64)  # of the answers alone
    written: "Written | None" = None  # its quick plan, for whoever has just made it

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assessment", "number"], name="roadmap_one_version_per_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="roadmap_versions_count_from_one"),
            models.CheckConstraint(
                condition=Q(budget_cents__isnull=True) | Q(budget_cents__gte=0),
                name="roadmap_budget_is_not_negative",
            ),
            RowsAreOnlyAdded(name="roadmap_roadmap", because="a version stays as it was: make another one"),
        ]

    def __str__(self) -> str:
        return f"{self.assessment}, {self.number}"


class RoadmapPlan(models.Model):
    """What was worked out for a version: at once, then proven."""

    class Kind(models.TextChoices):
        PREVIEW = "preview", _("quick")
        PROVEN = "proven", _("proven")

    roadmap = models.ForeignKey(Roadmap, on_delete=models.PROTECT, related_name="plans")
    kind = models.CharField(max_length=7, choices=Kind)
    aborted = models.BooleanField(default=False)  # time ran out: the best plan met until then
    objective = models.FloatField()
    gap = models.FloatField()  # how much better another plan could be at most, as a share
    gain = models.CharField(max_length=400, blank=True)  # of the whole plan, exact; empty where withheld
    score = models.CharField(max_length=400, blank=True)  # overall, as it was
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["roadmap", "kind"], name="roadmap_one_plan_of_a_kind"),
            models.CheckConstraint(condition=Q(kind__in=["preview", "proven"]), name="roadmap_kind_is_known"),
            RowsAreOnlyAdded(name="roadmap_roadmapplan", because="a plan stays as it was worked out"),
        ]

    def __str__(self) -> str:
        return f"{self.roadmap}, {self.kind}"


class RoadmapItem(models.Model):
    """One action that the answers called for, where a plan puts it, and why."""

    plan = models.ForeignKey(RoadmapPlan, on_delete=models.PROTECT, related_name="items")
    action = models.CharField(max_length=80)
    place = models.PositiveIntegerField()  # by priority, from 1
    priority = models.FloatField()  # 0 to 1
    factors = models.JSONField(default=dict)  # gap, relevance, peers, feasibility and gain; exact, as text
    rises = models.JSONField(default=list)  # [question, level, target]
    goals = models.JSONField(default=list)  # of the company's, those it serves
    why = models.JSONField(default=dict)  # language -> the sentence
    quarter = models.PositiveSmallIntegerField(null=True, blank=True)  # in which it starts; None: left out
    quarters = models.PositiveSmallIntegerField()
    cents = models.BigIntegerField()
    days = models.PositiveIntegerField()
    after = models.JSONField(default=list)  # what must end first and stands in this plan
    left_out = models.CharField(max_length=20, blank=True)  # why, as `rules.schedule.Why`
    left_out_for = models.JSONField(default=list)  # the prerequisites left out, where that is why
    pinned = models.BooleanField(default=False)
    begun = models.BooleanField(default=False)
    reason = models.TextField(blank=True)  # why it is not relevant to the company

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "action"], name="roadmap_one_item_per_action"),
            models.CheckConstraint(
                condition=Q(quarter__isnull=True) & ~Q(left_out="")
                | Q(quarter__gte=1, quarter__lte=QUARTERS, left_out=""),
                name="roadmap_item_is_planned_or_left_out",
            ),
            RowsAreOnlyAdded(name="roadmap_roadmapitem", because="a plan stays as it was worked out"),
        ]

    def __str__(self) -> str:
        return f"{self.plan}: {self.action}"


Written = tuple[RoadmapPlan, tuple[RoadmapItem, ...]]  # a plan with its items, by place


class RoadmapHandover(Done):
    """One version in the hands of the company: this plan, with its data, for good."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey(RoadmapPlan, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()  # counted from 1 within the assessment
    data = models.TextField()  # JSON of all that was handed over
    sha256 = models.CharField(max_length=64)  # of those bytes

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assessment", "number"], name="roadmap_one_handover_per_number"),
            RowsAreOnlyAdded(name="roadmap_roadmaphandover", because="what was handed over stays as it was"),
        ]

    def __str__(self) -> str:
        return f"{self.plan}, {self.number}"


class Progress(Done):
    """What became of an action; the newest row counts."""

    class State(models.TextChoices):
        NOT_BEGUN = "not-begun", _("not begun")
        BEGUN = "begun", _("begun")
        DONE = "done", _("done")
        DROPPED = "dropped", _("given up")

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=80)
    state = models.CharField(max_length=9, choices=State)
    on = models.DateField()  # the day it is true from
    note = models.TextField(blank=True)
    by_company = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["assessment", "action"], name="roadmap_progress_of")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["not-begun", "begun", "done", "dropped"]),
                name="roadmap_progress_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="dropped", note=""), name="roadmap_dropped_for_a_reason"
            ),
            RowsAreOnlyAdded(
                name="roadmap_progress",
                because="what became of an action stays on record: add to it",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action}: {self.state}"


class HubWeights(Done):
    """How the hub weighs priorities; the newest row counts, without one those of data/weights.yaml."""

    weights = models.JSONField()

    class Meta:
        verbose_name_plural = "hub weights"
        constraints: ClassVar = [
            RowsAreOnlyAdded(name="roadmap_hubweights", because="weights that were used stay on record"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}"
