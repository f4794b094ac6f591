"""The people one can be in the demonstration: a hub with two partners, and the invented company's contact.

They have no passwords. Whoever sits at this machine chooses one; from then on every page and every right
is the ordinary one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.db.models import QuerySet

from capofila.accounts.models import User
from capofila.companies import actions as companies
from capofila.companies.models import Company, Contact
from capofila.consortium import access
from capofila.consortium import actions as consortium
from capofila.consortium.models import Membership, Partner
from capofila.journal.actions import Actor, record

FILE = Path(__file__).parent / "demo" / "personas.yaml"


@dataclass(frozen=True)
class Persona:
    user: User
    who: access.Who
    place: str  # the partner or company it belongs to


@cache
def _said() -> dict[str, Any]:
    said: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return said


@transaction.atomic
def found(*, at: datetime) -> dict[str, Partner]:
    """The hub, its partners and their people; what is there already stays as it is. Code -> partner."""
    said = _said()
    first, *others = said["partners"].items()
    lead = consortium.found(hub=said["hub"], lead_partner=first[1], at=at, is_demo=True)
    partners = {first[0]: lead}
    for code, name in others:
        partners[code], _ = Partner.objects.get_or_create(
            hub=lead.hub, name=name, defaults={"created_at": at}
        )
    for person in said["people"]:
        _employ(person, partners[person["partner"]], since=said["since"])
    return partners


def _employ(person: dict[str, str], partner: Partner, *, since: date) -> None:
    if User.objects.filter(email=person["email"]).exists():
        return
    user = User.objects.create_user(person["email"], name=person["name"])
    member = Membership.objects.create(user=user, partner=partner, role=person["role"], since=since)
    actor = Actor(user=user, name=user.name, role=person["role"])
    record("consortium.joined", by=actor, about=member, partner=partner.pk)


def serving(*, at: datetime) -> Partner:
    """The partner that serves the invented companies."""
    return found(at=at)[_said()["serves"]]


@transaction.atomic
def settle(company: Company, partners: dict[str, Partner]) -> None:
    """Give the invented company its partner, and its contact a way in."""
    said = _said()
    companies.serve(company, partners[said["serves"]], on=said["since"], by=consultant())
    contact = said["contact"]
    if not Contact.objects.filter(company=company, email=contact["email"]).exists():
        entering = User.objects.create_user(contact["email"], name=contact["name"], enters_by_link=True)
        Contact.objects.create(company=company, user=entering, **contact)


def consultant() -> Actor:
    """Who entered what the demonstration begins with."""
    person = next(person for person in _said()["people"] if person["role"] == "consultant")
    user = User.objects.get(email=person["email"])
    return Actor(user=user, name=user.name, role=person["role"])


def personas() -> Sequence[Persona]:
    """Everybody one can be, in the order of the file; none where this is no demonstration."""
    found = {user.email: user for user in _users()}
    emails = [person["email"] for person in (*_said()["people"], _said()["contact"])]
    return [_persona(found[email]) for email in emails if email in found]


def visitor() -> User | None:
    """Who a visitor is until they choose: the consultant of the partner that serves the company."""
    consultant = next(person for person in _said()["people"] if person["role"] == "consultant")
    return _users().filter(email=consultant["email"]).first()


def persona(pk: int) -> User | None:
    """One of those people, and never anybody else."""
    return _users().filter(pk=pk).first()


def _users() -> QuerySet[User]:
    emails = [person["email"] for person in (*_said()["people"], _said()["contact"])]
    return User.objects.filter(email__in=emails, is_active=True)


def _persona(user: User) -> Persona:
    who = access.who(user)
    if who.partner is not None:
        return Persona(user, who, Partner.objects.get(pk=who.partner).name)
    company = Company.objects.filter(pk=who.company or 0).first()
    return Persona(user, who, company.name if company is not None else "")
