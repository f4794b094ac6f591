"""Write into the journal, and blank a person in it."""

import re
import secrets
import uuid
from dataclasses import dataclass

from django.db import models, transaction
from django.utils import timezone

from capofila.accounts.models import User
from capofila.journal import queries
from capofila.journal.chain import About, plain
from capofila.journal.models import Entry, Head, Person

EVENT = re.compile(r"[a-z]+(\.[a-z0-9]+(-[a-z0-9]+)*)+")


@dataclass(frozen=True)
class Actor:
    """Who does something, with name and role as they are at this moment; `user` None: not a user of ours."""

    user: User | None
    name: str
    role: str


def record(event: str, /, *, by: Actor, about: models.Model | About, **facts: object) -> Entry:
    """Add an entry, such as "aid.granted", in the caller's transaction: the deed and its entry, or neither.

    From here to the end of that transaction other writers of the journal wait, so record last. The time
    is the clock's, read here on purpose: nobody dates an entry. Facts are codes, ids, numbers and dates,
    never personal data (`chain.plain`).
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(
            "An entry is recorded in the transaction of what it tells."
        )
    if not EVENT.fullmatch(event):
        raise ValueError(f"{event!r} is no event; name it like room.what-happened.")
    kept = {name: plain(fact) for name, fact in facts.items()}
    what = queries.named(about)
    # On PostgreSQL this row is the lock; on SQLite the transaction is, since it began.
    head = Head.objects.select_for_update().get()
    person = _person(by)
    entry = Entry(
        sequence=head.sequence + 1,
        event=event,
        person=person,
        digest=person.digest,
        about_room=what.room,
        about_kind=what.kind,
        about_id=what.id,
        facts=kept,
        at=timezone.now(),
        previous=head.hash,
    )
    entry.hash = entry.seal()
    entry.save(force_insert=True)
    head.sequence, head.hash = entry.sequence, entry.hash
    head.save(force_update=True)
    return entry


def _person(actor: Actor) -> Person:
    """The row of the actor's name and role; made under the lock, so once."""
    found = Person.objects.filter(user=actor.user, name=actor.name, role=actor.role).exclude(salt="").first()
    return found or Person.objects.create(
        key=uuid.uuid4(),
        user=actor.user,
        name=actor.name,
        role=actor.role,
        salt=secrets.token_hex(16),
    )


@transaction.atomic
def blank(person_key: uuid.UUID, *, by: Actor) -> None:
    """Erase who stands behind a key, for good; entries stay and the chain still verifies.

    That it was done is an entry too. One that is blank already stays so. `queries.person_keys` has all
    the keys of a user; close the account first, or its next deed enters the name anew.
    """
    person = Person.objects.get(key=person_key)
    if not person.salt:
        return
    record("journal.person-blanked", by=by, about=person)
    Person.objects.filter(key=person_key).update(user=None, name="", role="", salt="")
