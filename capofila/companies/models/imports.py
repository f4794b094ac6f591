"""Lists of companies that were looked at, entered or taken back."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from capofila.companies.models.company import Company
from capofila.consortium.models import Partner


class ImportRun(models.Model):
    """A list of companies that was looked at, entered or taken back.

    The file's bytes are kept until it is entered or dropped, and no longer: they name people.
    """

    class State(models.TextChoices):
        LOOKING = "looking", _("being looked at")
        REFUSED = "refused", _("cannot be read")
        CHECKED = "checked", _("looked at, nothing entered")
        ENTERING = "entering", _("being entered")
        DONE = "done", _("entered")
        UNDOING = "undoing", _("being undone")
        UNDONE = "undone", _("undone")
        DROPPED = "dropped", _("dropped")

    IN_THE_BACKGROUND = (State.LOOKING, State.ENTERING, State.UNDOING)

    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    data = models.BinaryField(blank=True, default=b"")
    strict = models.BooleanField(default=False)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField(max_length=8, choices=State, default=State.CHECKED)
    verdicts = models.JSONField(default=list)  # one per row; without people once it is done
    problems = models.JSONField(default=list)  # why the last thing asked of it was refused
    rows_new = models.PositiveIntegerField(default=0)
    rows_update = models.PositiveIntegerField(default=0)
    rows_duplicate = models.PositiveIntegerField(default=0)
    rows_refused = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)  # by what runs in the background, of
    rows_total = models.PositiveIntegerField(default=0)  # so many; 0 while nobody has counted them
    is_findable = models.BooleanField(default=True)  # by typing: entered ones are, a little after
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["looking", "checked", "entering"]) | Q(data=b""),
                name="companies_import_keeps_no_file",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "looking", "refused", "checked", "entering", "done", "undoing", "undone", "dropped",
                    ]
                ),
                name="companies_import_state_is_known",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_running(self) -> bool:
        return self.state in self.IN_THE_BACKGROUND


class ImportedRow(models.Model):
    """What a row of an import did to a company: it entered it, or changed it from this to that."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    company = models.ForeignKey(
        Company, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )  # empty once it was taken back
    is_new = models.BooleanField()
    done = models.JSONField(default=dict)  # what to undo: facts before and after, ids of rows that were added

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "line"], name="companies_one_row_per_line"),
        ]

    def __str__(self) -> str:
        return f"{self.run}, {self.line}"
