"""What is stored: one row for each content, however often it was given."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from capofila.journal.append_only import RowsAreOnlyAdded


class Stored(models.Model):
    """Bytes on disk, in the data folder under `files/`, named after their SHA-256."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    type = models.CharField(max_length=100)  # of media, by content
    size = models.PositiveBigIntegerField()  # bytes
    stored_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(size__gt=0), name="files_stored_is_not_empty"),
            RowsAreOnlyAdded(name="files_stored", because="a stored file is neither changed nor removed"),
        ]

    def __str__(self) -> str:
        return self.sha256
