"""Read the journal: the history of one thing, the keys of a person, and whether all of it is whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import models
from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast

from capofila.accounts.models import User
from capofila.journal.chain import BEGINNING, About
from capofila.journal.models import Entry, Head, Person
from capofila.lib.problems import Problem, gettext_noop

AT_ONCE = 1000  # entries read together


@dataclass(frozen=True)
class Line:
    """One entry as a page shows it; name and role are None of a person who was erased."""

    event: str
    name: str | None
    role: str | None
    facts: dict[str, object]
    at: datetime


@dataclass(frozen=True)
class Noted:
    """Number and hash of an entry, as somebody noted them outside the database."""

    sequence: int
    hash: str


@dataclass(frozen=True)
class Verdict:
    entries: int
    last: Noted | None
    problems: tuple[Problem, ...]  # in the order of the journal


def named(about: models.Model | About) -> About:
    if isinstance(about, About):
        return about
    return About(about._meta.app_label, about._meta.model_name or "", str(about.pk))


def history(about: models.Model | About) -> list[Line]:
    """What was done with one thing, newest first."""
    what = named(about)
    entries = Entry.objects.filter(about_room=what.room, about_kind=what.kind, about_id=what.id)
    return [
        Line(entry.event, entry.person.name or None, entry.person.role or None, entry.facts, entry.at)
        for entry in entries.select_related("person").order_by("-sequence")
    ]


def person_keys(user: User) -> list[UUID]:
    """The keys under which the journal knows a user, one for each name and role; blanked ones not."""
    return list(Person.objects.filter(user=user).values_list("key", flat=True))


def verify(noted: Noted | None = None) -> Verdict:
    """Look at every entry. What is written meanwhile does not disturb, nor is it all looked at.

    A chain shows what was changed, but not by whom it was written: somebody who owns the database can
    write all of it anew. Only `noted`, kept elsewhere, shows that.
    """
    end = Head.objects.first()
    problems = [] if end else [_problem("journal.end-unknown", "The note of the last entry is gone.")]
    persons = _Persons()
    count, before = 0, Entry(sequence=0, hash=BEGINNING)
    for entry in _entries():
        count += 1
        problems += _place(entry, before)
        if isinstance(entry, Unreadable):
            problems.append(_changed(entry.sequence))
        else:
            problems += [*_content(entry), *persons.problems(entry)]
        for mark, known in ((noted, "journal.not-as-noted"), (end, "journal.end-replaced")):
            if mark is not None and mark.sequence == entry.sequence and mark.hash != entry.hash:
                ...
        before = entry
    return Verdict(count, None, tuple(problems))
