"""An assessment and the log of its answers."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from capofila.companies.models import Company


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
    consultant = models.CharField(max_length=200, blank=True)
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


class AnswerEntry(models.Model):
    """One thing somebody said about one question. Rows are only added: triggers refuse the rest.

    `id` comes from the device, so that an entry sent twice is one entry. `replaces` is no foreign
    key: entries come in any order, and the one it replaces may still be on another device.
    """

    class State(models.TextChoices):
        ANSWERED = "answered", _("answered")
        NOT_APPLICABLE = "not_applicable", _("not applicable")
        CLEARED = "cleared", _("taken back")

    class Role(models.TextChoices):
        CONSULTANT = "consultant", _("consultant")
        COMPANY = "company", _("company")

    id = models.UUIDField(primary_key=True)
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="entries")
    question = models.CharField(max_length=80)
    state = models.CharField(max_length=14, choices=State)
    value = models.JSONField(null=True)  # as in an answers file; None unless answered
    reason = models.TextField(blank=True)
    note = models.TextField(blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    author_name = models.CharField(max_length=200, blank=True)  # as it was at that time
    role = models.CharField(max_length=10, choices=Role)
    device = models.CharField(max_length=100, blank=True)
    replaces = models.UUIDField(null=True, blank=True)
    device_time = models.DateTimeField()
    received_at = models.DateTimeField()

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
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(replaces=models.F("id")),
                name="assessments_entry_replaces_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.state}"
