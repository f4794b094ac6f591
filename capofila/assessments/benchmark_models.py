"""What the benchmark keeps: who entered when and with which values, and the figures of groups by date.

No names. Rows are only added: what was published once is never published otherwise. Values are hundredths
of the instrument's scale. Who may enter, and with whom: rules/cohorts.py
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from capofila.companies.models import Company
from capofila.journal.append_only import RowsAreOnlyAdded

STAYS = "what was published stays as it was published"


class BenchmarkFreeze(models.Model):
    """The comparison of one instrument as it stood at the end of a quarter."""

    instrument = models.CharField(max_length=60)
    on = models.DateField()
    is_demo = models.BooleanField(default=False)  # of a demonstration hub: never read by a real one
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["instrument", "on", "is_demo"], name="assessments_one_freeze_a_quarter"
            ),
            RowsAreOnlyAdded(name="assessments_benchmarkfreeze", because=STAYS),
        ]

    def __str__(self) -> str:
        return f"{self.instrument}, {self.on}"


class BenchmarkBatch(models.Model):
    """Companies that entered together; they are counted in the group `key` and in every larger one."""

    freeze = models.ForeignKey(BenchmarkFreeze, on_delete=models.PROTECT, related_name="batches")
    key = models.CharField(max_length=60, blank=True)  # "manufacturing/small/BG"; "" all; "?" not known
    left_out = models.JSONField(default=dict)  # measure -> why the batch brings nothing to it

    class Meta:
        constraints: ClassVar = [RowsAreOnlyAdded(name="assessments_benchmarkbatch", because=STAYS)]

    def __str__(self) -> str:
        return f"{self.freeze}, {self.key or 'all'}"


class BenchmarkBatchEnd(models.Model):
    """A batch left, as a whole."""

    batch = models.OneToOneField(BenchmarkBatch, on_delete=models.PROTECT, related_name="end")
    freeze = models.ForeignKey(BenchmarkFreeze, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [RowsAreOnlyAdded(name="assessments_benchmarkbatchend", because=STAYS)]

    def __str__(self) -> str:
        return f"{self.batch}"


class BenchmarkMember(models.Model):
    """One company in a batch, as it was that day. An assessment enters once in its life."""

    batch = models.ForeignKey(BenchmarkBatch, on_delete=models.PROTECT, related_name="members")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    assessment = models.OneToOneField("assessments.Assessment", on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=2)
    unit = models.BigIntegerField()  # its undertaking: the lowest number of the companies linked with it
    key = models.CharField(max_length=60)  # of its own smallest group, which may be smaller than the batch's
    values = models.JSONField()  # measure -> hundredths, or null

    class Meta:
        constraints: ClassVar = [RowsAreOnlyAdded(name="assessments_benchmarkmember", because=STAYS)]

    def __str__(self) -> str:
        return f"{self.batch}, {self.stage}"


class BenchmarkGroup(models.Model):
    """What is known of a group since a freeze: its figures, or why there are none. The newest row holds."""

    freeze = models.ForeignKey(BenchmarkFreeze, on_delete=models.PROTECT, related_name="groups")
    key = models.CharField(max_length=60, blank=True)
    cohort = models.CharField(max_length=80, blank=True)  # the id that is printed; empty: not published
    why = models.CharField(max_length=10, blank=True)
    companies = models.PositiveIntegerField()
    content = models.CharField(max_length=64)  # checksum of the batches in it
    figures = models.JSONField(default=dict)  # measure -> {"units", "counts": {hundredths: companies}}

    class Meta:
        indexes: ClassVar = [models.Index(fields=["key", "freeze"], name="assessments_group_by_key")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["freeze", "key"], name="assessments_one_group_a_freeze"),
            models.CheckConstraint(
                condition=Q(~Q(cohort=""), why="") | Q(~Q(why=""), cohort="", companies=0),
                name="assessments_group_is_published_or_says_why",
            ),
            RowsAreOnlyAdded(name="assessments_benchmarkgroup", because=STAYS),
        ]

    def __str__(self) -> str:
        return self.cohort or f"{self.freeze}, {self.key or 'all'}"
