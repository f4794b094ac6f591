"""A hub for tests: valid rows, so that a test says only what matters to it."""

from datetime import UTC, date, datetime

from capofila.accounts.models import User
from capofila.consortium import access, actions
from capofila.consortium.access import Who
from capofila.consortium.models import Hub, Membership, Partner, Role

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LONG_AGO = date(2024, 1, 1)
PASSWORD = "a ladder in the orchard"


def make_lead(name: str = "Officina Digitale") -> Partner:
    """The lead partner, with the hub around it."""
    return actions.found(hub="Polo di prova", lead_partner=name, at=NOON)


def make_partner(name: str = "Rete Artigiana") -> Partner:
    """A partner that does not lead."""
    lead = make_lead()
    return Partner.objects.get_or_create(hub=lead.hub, name=name, defaults={"created_at": NOON})[0]


def make_user(name: str = "Alice", *, password: str | None = None, by_link: bool = False) -> User:
    email = f"{name.lower().replace(' ', '.')}@example.org"
    return User.objects.create_user(email, password, name=name, enters_by_link=by_link)


def make_member(
    name: str = "Alice",
    role: str = Role.CONSULTANT,
    *,
    partner: Partner | None = None,
    password: str | None = None,
    since: date = LONG_AGO,
) -> Membership:
    """Somebody with a role; lead administrators and auditors at the lead partner unless said otherwise."""
    if partner is None:
        partner = make_lead() if role in actions.OF_THE_LEAD else make_partner()
    user = make_user(name, password=password)
    return Membership.objects.create(user=user, partner=partner, role=role, since=since)


def who_is(member: Membership) -> Who:
    return access.who(User.objects.get(pk=member.user_id))


def hub() -> Hub:
    return Hub.objects.get()
