"""Alice of the lead partner, a company that things happen to, and what she does with it."""

from django.db import transaction

from capofila.accounts.models import User
from capofila.journal import actions
from capofila.journal.actions import Actor
from capofila.journal.chain import About
from capofila.journal.models import Entry

ROSSI = About("companies", "company", "1")


def make_actor(name: str = "Alice", role: str = "consultant") -> Actor:
    email = f"{name.lower()}@example.org"
    user = User.objects.filter(email=email).first() or User.objects.create_user(email, name=name)
    return Actor(user, name, role)


def make_entry(
    event: str = "companies.corrected", by: Actor | None = None, about: About = ROSSI, **facts: object
) -> Entry:
    with transaction.atomic():
        return actions.record(event, by=by or make_actor(), about=about, **facts)


def make_entries(count: int) -> list[Entry]:
    return [
        make_entry(about=About("companies", "company", str(number)), number=number)
        for number in range(1, count + 1)
    ]
