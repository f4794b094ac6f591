"""An assessment and the log of its answers."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from capofila.assessments.benchmark_models import (
    BenchmarkBatch,
    BenchmarkBatchEnd,
    BenchmarkFreeze,
    BenchmarkGroup,
    BenchmarkMember,
)
from capofila.companies.models import Company
from capofila.consortium.models import Partner
from capofila.files.models import Stored
from capofila.journal.append_only import RowsAreOnlyAdded

__all__ = [
    "AnswerEntry",
    "Assessment",
    "BenchmarkBatch",
    "BenchmarkBatchEnd",
    "BenchmarkFreeze",
    "BenchmarkGroup",
    "BenchmarkMember",
    "Evidence",
    "EvidenceDate",
    "EvidenceRemoval",
    "Milestone",
    "PrivateEntry",
]


class Assessment(models.Model):
    """One company answers one version of one instrument, pinned when it starts."""

    class Stage(models.TextChoices):
        T0 = "T0", _("first assessment")
        T1 = "T1", _("second assessment")
        T2 = "T2", _("third assessment")

    class State(models.TextChoices):
        DRAFT = "draft", _("in progress")
        COMPLETE = "complete", _("closed")

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    instrument = models.CharField(max_length=60)
    version = models.CharField(max_length=20)
    profile = models.CharField(max_length=40, blank=True)
    stage = models.CharField(max_length=2, choices=Stage, default=Stage.T0)
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    day = models.DateField()
    consultant = models.CharField(max_length=200, blank=True)  # by name, as the report prints it
    interviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    prefill_areas = models.JSONField(default=list, blank=True)  # codes of the areas open to the contact
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(stage__in=["T0", "T1", "T2"]), name="assessments_stage_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "complete"]), name="assessments_state_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instrument}@{self.version} {self.stage}"

    @property
    def name(self) -> str:
        """The instrument, as `instruments.library` finds it."""
        return f"{self.instrument}@{self.version}"


class Milestone(models.Model):
    """Something happened to an assessment as a whole: the dated part of its life, with the reason."""

    class Kind(models.TextChoices):
        STARTED = "started", _("started")
        OPENED = "opened", _("opened to the company")
        COMPLETED = "completed", _("completed")
        REOPENED = "reopened", _("reopened")
        HANDED_OVER = "handed", _("report handed over")

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="milestones")
    kind = models.CharField(max_length=9, choices=Kind)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    by_name = models.CharField(max_length=200, blank=True)  # as it was at that time
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=["started", "opened", "completed", "reopened", "handed"]),
                name="assessments_milestone_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(kind="reopened", reason=""), name="assessments_reopened_for_a_reason"
            ),
            RowsAreOnlyAdded(
                name="assessments_milestone", because="what happened to an assessment stays on record"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment}: {self.kind}"


class FromDevice(models.Model):
    """What every row that comes from a device carries. `id` is the device's, so that sent twice is one.

    `device_time` is the device's clock, `clock_offset_ms` how far the server's is ahead of it, as the
    device told: both are shown, neither decides anything. `author_name` is as it was at that time.
    """

    id = models.UUIDField(primary_key=True)
    question = models.CharField(max_length=80)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    author_name = models.CharField(max_length=200, blank=True)
    device = models.CharField(max_length=100, blank=True)
    device_time = models.DateTimeField()
    clock_offset_ms = models.BigIntegerField(null=True, blank=True)
    received_at = models.DateTimeField()

    class Meta:
        abstract = True


class AnswerEntry(FromDevice):
    """One thing somebody said about one question. Rows are only added: triggers refuse the rest.

    `replaces` holds ids and no foreign keys: entries come in any order, and the one that is replaced
    may still be on another device.
    """

    class State(models.TextChoices):
        ANSWERED = "answered", _("answered")
        NOT_APPLICABLE = "not_applicable", _("not applicable")
        CLEARED = "cleared", _("taken back")

    class Role(models.TextChoices):
        CONSULTANT = "consultant", _("consultant")
        COMPANY = "company", _("company")

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="entries")
    state = models.CharField(max_length=14, choices=State)
    value = models.JSONField(null=True)  # as in an answers file; None unless answered
    reason = models.TextField(blank=True)
    note = models.TextField(blank=True)
    why = models.TextField(blank=True)  # a consultant's reason for differing from the company
    role = models.CharField(max_length=10, choices=Role)
    replaces = models.JSONField(default=list, blank=True)  # ids as text, in order

    class Meta:
        indexes: ClassVar = [models.Index(fields=["assessment", "question"], name="assessments_by_question")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="answered", value__isnull=False, reason="")
                | Q(~Q(reason=""), state="not_applicable", value__isnull=True)
                | Q(state="cleared", value__isnull=True, reason=""),
                name="assessments_entry_has_value_or_reason",
            ),
            models.CheckConstraint(
                condition=Q(role__in=["consultant", "company"]), name="assessments_role_is_known"
            ),
            RowsAreOnlyAdded(
                name="assessments_answerentry",
                because="an answer that was given is neither changed nor removed: add one that replaces it",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.state}"


class PrivateEntry(FromDevice):
    """A private note, of the consultants of one partner, or the flag of a question. Rows are only added."""

    class Kind(models.TextChoices):
        NOTE = "private-note", _("private note")
        FLAG = "flag", _("flag")

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="private_entries")
    kind = models.CharField(max_length=12, choices=Kind)
    text = models.TextField(blank=True)
    flagged = models.BooleanField(default=False)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    replaces = models.JSONField(default=list, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["assessment", "question"], name="assessments_private_of")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind="private-note", flagged=False) | Q(kind="flag", text=""),
                name="assessments_private_is_note_or_flag",
            ),
            RowsAreOnlyAdded(
                name="assessments_privateentry",
                because="a private note or flag is neither changed nor removed: add one that replaces it",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.kind}"


class Evidence(FromDevice):
    """A photo or document that somebody gave for an answer; when it came never changes.

    `effective_on` is the day the paper is from, as it was given; `day` knows what was said since.
    `sent_sha256` is of the bytes as they were sent, by which the same piece sent twice is known; `stored`
    has a picture without its metadata.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="evidence")
    name = models.CharField(max_length=200)
    effective_on = models.DateField(null=True, blank=True)
    role = models.CharField(max_length=10, choices=AnswerEntry.Role)
    stored = models.ForeignKey(Stored, on_delete=models.PROTECT, related_name="+")
    sent_sha256 = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["assessment", "question"], name="assessments_evidence_of")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(name=""), name="assessments_evidence_has_a_name"),
            models.CheckConstraint(
                condition=Q(role__in=["consultant", "company"]), name="assessments_evidence_has_a_side"
            ),
            RowsAreOnlyAdded(
                name="assessments_evidence",
                because="evidence that was given is neither changed nor removed: enter its removal",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def day(self) -> date | None:
        """The day it is from: as somebody said last, else as it was given."""
        said = max(self.dates.all(), key=lambda one: (one.at, one.pk), default=None)
        return self.effective_on if said is None else said.effective_on


class EvidenceRemoval(models.Model):
    """A piece of evidence no longer counts and can no longer be opened; its row stays."""

    evidence = models.OneToOneField(Evidence, on_delete=models.PROTECT, related_name="removal")
    reason = models.TextField(blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    by_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            RowsAreOnlyAdded(
                name="assessments_evidenceremoval", because="the removal of evidence stays on record"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evidence}"


class EvidenceDate(models.Model):
    """The day a piece of evidence is from, as somebody said after it was given; the newest one counts."""

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="dates")
    effective_on = models.DateField(null=True, blank=True)  # None: it is from no particular day
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    by_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            RowsAreOnlyAdded(
                name="assessments_evidencedate", because="what was said of a day stays: say another day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evidence}, {self.effective_on}"
