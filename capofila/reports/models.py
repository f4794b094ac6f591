"""A report that was made: what it was made from, and the bytes, kept in files by their checksum."""

import hashlib
from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from capofila.assessments.models import Assessment
from capofila.companies.models import Company
from capofila.journal.append_only import RowsAreOnlyAdded


class Kept:
    """A version of a report, with a file for each of its forms."""

    @property
    def checksums(self) -> dict[str, str]:
        """Ending -> checksum of each form it has, and of what it was made from ("json")."""
        raise NotImplementedError

    @property
    def is_whole(self) -> bool:
        """Whether every file is there with the bytes that were written."""
        return not self.broken()

    def broken(self) -> dict[str, str]:
        """Form -> what is wrong with its file: "missing" or "changed"."""
        found = {form: _wrong(file_of(sha256, form), sha256) for form, sha256 in self.checksums.items()}
        return {form: why for form, why in found.items() if why}

    def file_in(self, form: str) -> Path | None:
        """None for a form that it has not, or whose file is gone or has other bytes than it had."""
        sha256 = self.checksums.get(form)
        file = None if sha256 is None else file_of(sha256, form)
        return file if file is not None and not _wrong(file, file.stem) else None


class Report(Kept, models.Model):
    class State(models.TextChoices):
        READY = "ready", _("ready")
        SUPERSEDED = "superseded", _("replaced by a newer one")

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=5)
    inputs = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    pages = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.READY)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["ready", "superseded"]), name="reports_state_is_known"
            ),
            models.CheckConstraint(condition=Q(size__gt=0, pages__gt=0), name="reports_report_is_not_empty"),
            models.UniqueConstraint(
                fields=["assessment", "language"],
                condition=Q(state="ready"),
                name="reports_one_ready_report_per_language",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company}, {self.language}"

    @property
    def file(self) -> Path:
        return file_of(self.sha256)

    @property
    def checksums(self) -> dict[str, str]:
        copies = {copy.form: copy.sha256 for copy in self.copies.all()}
        return {"pdf": self.sha256, **copies, "json": self.inputs}


class Copy(models.Model):
    """The same report in another form, made in one go with it."""

    class Form(models.TextChoices):
        WORD = "docx", "Word"
        HTML = "html", "HTML"

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="copies")
    form = models.CharField(max_length=4, choices=Form)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(form__in=["docx", "html"]), name="reports_form_is_known"),
            models.CheckConstraint(condition=Q(size__gt=0), name="reports_copy_is_not_empty"),
            models.UniqueConstraint(fields=["report", "form"], name="reports_one_copy_in_each_form"),
        ]

    def __str__(self) -> str:
        return f"{self.report}, {self.form}"

    @property
    def file(self) -> Path:
        return file_of(self.sha256, self.form)


class TextEdit(models.Model):
    """What somebody wrote in place of one text of the report, in one language; the newest counts.

    `text` is in the small markup of `rules/markup.py`, None for back to the report's own text;
    `generated` is that own text as it was then; `number` counts the edits of one text from 1.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=5)
    key = models.CharField(max_length=120)
    number = models.PositiveIntegerField()
    text = models.TextField(null=True, blank=True)
    generated = models.TextField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(number__gte=1), name="reports_edit_is_counted_from_one"),
            models.UniqueConstraint(
                fields=["assessment", "language", "key", "number"], name="reports_one_edit_for_each_number"
            ),
            RowsAreOnlyAdded(name="reports_textedit", because="what was written stays on record"),
        ]

    def __str__(self) -> str:
        return f"{self.key}, {self.language}, {self.number}"


class Handover(Kept, models.Model):
    """One version of a report in the hands of the company, in one language: these bytes, for good.

    `number` counts the versions handed over of one assessment, from 1; in two languages at once it is
    the same. PDF, Word, HTML and what they were made from are named by their own checksums here, so that
    nothing made later changes what was handed over. Empty: handed over before that form was frozen.
    """

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    language = models.CharField(max_length=5)
    sha256 = models.CharField(max_length=64)
    docx = models.CharField(max_length=64, blank=True)
    html = models.CharField(max_length=64, blank=True)
    inputs = models.CharField(max_length=64, blank=True)
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    to_name = models.CharField(max_length=200)  # names as they were at that time
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(number__gte=1), name="reports_handover_is_counted_from_one"),
            models.UniqueConstraint(
                fields=["assessment", "number", "language"], name="reports_one_handover_in_each_language"
            ),
            RowsAreOnlyAdded(name="reports_handover", because="what was handed over stays as it was"),
        ]

    def __str__(self) -> str:
        return f"{self.report}, {self.number}"

    @property
    def file(self) -> Path:
        return file_of(self.sha256)

    @property
    def checksums(self) -> dict[str, str]:
        found = {"pdf": self.sha256, "docx": self.docx, "html": self.html, "json": self.inputs}
        return {form: sha256 for form, sha256 in found.items() if sha256}


def file_of(sha256: str, ending: str = "pdf") -> Path:
    """Where the bytes with that checksum are kept."""
    return Path(settings.CAPOFILA_DATA) / "reports" / sha256[:2] / f"{sha256}.{ending}"


def _wrong(file: Path, sha256: str) -> str:
    """Empty where the file has the bytes of that checksum."""
    if not file.is_file():
        return "missing"
    with file.open("rb") as stream:
        return "" if hashlib.file_digest(stream, "sha256").hexdigest() == sha256 else "changed"
