"""The journal: entries, the persons they speak of, and the end of the chain."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from capofila.accounts.models import User
from capofila.journal import chain
from capofila.journal.append_only import RowsAreOnlyAdded
from capofila.journal.chain import About


class Person(models.Model):
    """Somebody under one name and in one role; a new name or role is a new row.

    The only table of the journal that may be blanked: then name, role, salt and user are empty, and only
    the random key remains. `user` is for finding the rows of a person; one who has some is erased (they
    are blanked) before the user is deleted.
    """

    key = models.UUIDField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=254, blank=True)
    role = models.CharField(max_length=60, blank=True)
    salt = models.CharField(max_length=32, blank=True)  # 16 random bytes in hexadecimal

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "name", "role"], name="journal_one_person_per_name_and_role"
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=True, name="", role="", salt="")
                | (~Q(name="") & ~Q(role="") & ~Q(salt="")),
                name="journal_person_is_whole_or_blank",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.role}" if self.salt else str(self.key)

    @property
    def digest(self) -> str:
        """What entries keep of the person; not to be had of one that was blanked."""
        return chain.digest(salt=self.salt, name=self.name, role=self.role)


class Entry(models.Model):
    """One thing that was done. Numbers run from 1 without a gap, in the order of the chain."""

    sequence = models.BigIntegerField(primary_key=True)
    event = models.CharField(max_length=100)  # room.what-happened
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)  # of the person's name and role, salted
    about_room = models.CharField(max_length=40)
    about_kind = models.CharField(max_length=60)
    about_id = models.CharField(max_length=100)
    facts = models.JSONField()
    at = models.DateTimeField()
    previous = models.CharField(max_length=64)  # the hash of the entry before
    hash = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["about_room", "about_kind", "about_id"], name="journal_by_what_it_is_about")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(sequence__gt=0), name="journal_numbers_start_at_one"),
            models.UniqueConstraint(fields=["previous"], name="journal_does_not_fork"),
            RowsAreOnlyAdded(
                name="journal_entry",
                because="the journal is neither changed nor shortened: rows are only added",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.event}"

    @property
    def about(self) -> About:
        return About(self.about_room, self.about_kind, self.about_id)

    def seal(self) -> str:
        """The hash that belongs to what the row says now."""
        return chain.seal(
            previous=self.previous,
            event=self.event,
            person=self.person_id,
            digest=self.digest,
            about=self.about,
            facts=self.facts,
            at=self.at,
        )


class Head(models.Model):
    """The one row that knows the newest entry: writers lock it, and an end cut off does not go unnoticed."""

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    sequence = models.BigIntegerField(default=0)  # 0 before the first entry
    hash = models.CharField(max_length=64, default=chain.BEGINNING)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(id=1), name="journal_has_one_head")]

    def __str__(self) -> str:
        return f"{self.sequence} {self.hash}"
