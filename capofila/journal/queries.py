"""Read the journal: the history of one thing, and the keys of a person. Whether all is whole: `verify.py`."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import models

from capofila.accounts.models import User
from capofila.journal.chain import About
from capofila.journal.models import Entry, Person


@dataclass(frozen=True)
class Line:
    """One entry as a page shows it; name and role are None of a person who was erased."""

    event: str
    name: str | None
    role: str | None
    facts: dict[str, object]
    at: datetime
    sequence: int  # the entry's number


def named(about: models.Model | About) -> About:
    """What a row of any room is called in the journal."""
    if isinstance(about, About):
        return about
    return About(about._meta.app_label, about._meta.model_name or "", str(about.pk))


def history(about: models.Model | About) -> list[Line]:
    """What was done with one thing, newest first."""
    what = named(about)
    entries = Entry.objects.filter(about_room=what.room, about_kind=what.kind, about_id=what.id)
    return [
        Line(
            entry.event,
            entry.person.name or None,
            entry.person.role or None,
            entry.facts,
            entry.at,
            entry.sequence,
        )
        for entry in entries.select_related("person").order_by("-sequence")
    ]


def person_keys(user: User) -> list[UUID]:
    """The keys under which the journal knows a user, one for each name and role; not those blanked."""
    return list(Person.objects.filter(user=user).values_list("key", flat=True))
