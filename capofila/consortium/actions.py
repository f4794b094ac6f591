"""What people do in the consortium: found the hub, add partners, invite, accept, change a role, leave."""

import secrets
from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext, override

from capofila.accounts import mail
from capofila.accounts.actions import digest
from capofila.accounts.models import User
from capofila.consortium import access
from capofila.consortium.access import Who
from capofila.consortium.models import Hub, Invitation, Membership, Partner, Role
from capofila.journal.actions import Actor, record
from capofila.lib.problems import Problem, gettext_noop

INVITATION_LASTS = timedelta(days=14)
INSTALLER = Actor(user=None, name="capofila", role="installer")  # whoever runs commands on the server
# Role -> the roles that it may give and take. Only lead administrators make others, and auditors.
GIVES: dict[str, frozenset[str]] = {
    Role.LEAD_ADMINISTRATOR: frozenset(Role.values),
    Role.PARTNER_MANAGER: frozenset({Role.PARTNER_MANAGER, Role.CONSULTANT}),
}
OF_THE_LEAD = frozenset({Role.LEAD_ADMINISTRATOR, Role.AUDITOR})  # roles that stand at the lead partner


class RoleNotYours(Problem):
    status = 403


class OnlyAtTheLead(Problem):
    """A role that sees all partners belongs to the lead partner."""


class AlreadyMember(Problem):
    status = 409


class LastAdministrator(Problem):
    status = 409


class InvitationSpent(Problem):
    status = 410


class PartnerExists(Problem):
    status = 409


@transaction.atomic
def found(*, hub: str, lead_partner: str, at: datetime, is_demo: bool = False) -> Partner:
    """The hub and its lead partner; what is there already stays as it is."""
    found, _ = Hub.objects.get_or_create(
        pk=Hub.ONLY, defaults={"name": hub, "created_at": at, "is_demo": is_demo}
    )
    lead = Partner.objects.filter(hub=found, is_lead=True).first()
    if lead is None:
        lead = Partner.objects.create(hub=found, name=lead_partner, is_lead=True, created_at=at)
        record("consortium.hub-founded", by=INSTALLER, about=found, lead_partner=lead.pk)
    return lead


@transaction.atomic
def ask_second_factor(hub: Hub, roles: Collection[str], *, by: Who) -> None:
    """From now on people in these roles, and in no others, must have a second factor."""
    chosen = sorted(set(roles) & set(Role.values))
    if chosen == hub.second_factor_roles:
        return
    Hub.objects.filter(pk=hub.pk).update(second_factor_roles=chosen)
    record(
        "consortium.second-factor-asked",
        by=access.actor(by),
        about=hub,
        before=list(hub.second_factor_roles),
        after=chosen,
    )
    hub.second_factor_roles = chosen


@transaction.atomic
def add_partner(hub: Hub, *, name: str, by: Who, at: datetime) -> Partner:
    _check_name_is_free(hub, name)
    partner = Partner.objects.create(hub=hub, name=name, created_at=at)
    record("consortium.partner-added", by=access.actor(by), about=partner)
    return partner


@transaction.atomic
def rename_partner(partner: Partner, *, name: str, by: Who) -> None:
    if name == partner.name:
        return
    _check_name_is_free(partner.hub, name)
    before, partner.name = partner.name, name
    partner.save(update_fields=["name"])
    record("consortium.partner-renamed", by=access.actor(by), about=partner, before=before, after=name)


def _check_name_is_free(hub: Hub, name: str) -> None:
    if Partner.objects.filter(hub=hub, name=name).exists():
        raise PartnerExists(
            "consortium.partner-exists",
            gettext_noop("There is a partner called {name} already. Choose another name."),
            name=name,
        )


# People come in


@transaction.atomic
def invite(
    partner: Partner,
    *,
    role: str,
    email: str,
    name: str,
    language: str,
    by: Who | None,
    address: str,
    at: datetime,
) -> Invitation:
    """Offer a role by e-mail; an earlier offer to the same address at this partner is withdrawn.

    `address` is the full address of the page that accepts, with SECRET in the secret's place; `by` None:
    a command on the server. Whether the address is known elsewhere in the hub is not looked at, so that
    nobody learns it.
    """
    _check_role(role, partner, by)
    email = email.strip().lower()
    today = at.date()
    current = Membership.objects.filter(_current(today), partner=partner, user__email__iexact=email)
    if current.exists():
        raise AlreadyMember(
            "consortium.already-member",
            gettext_noop("{email} works for {partner} already. Change the role on the partner's page."),
            email=email,
            partner=partner.name,
        )
    pending(partner, at).filter(email=email).update(withdrawn_at=at)
    secret = secrets.token_urlsafe(32)
    actor = INSTALLER if by is None else access.actor(by)
    invitation = Invitation.objects.create(
        partner=partner,
        role=role,
        email=email,
        name=name,
        language=language,
        digest=digest(secret),
        invited_by=actor.user,
        created_at=at,
        expires_at=at + INVITATION_LASTS,
    )
    with override(language):
        role_name = gettext(str(Role(role).label))
    mail.write(
        "consortium/mail/invitation",
        to=email,
        language=language,
        at=at,
        name=name,
        inviter=actor.name,
        partner=partner.name,
        hub=partner.hub.name,
        role=role_name,
        address=address.replace("SECRET", secret),
        days=INVITATION_LASTS.days,
    )
    record("consortium.invited", by=actor, about=invitation, partner=partner.pk, role=role)
    return invitation


@transaction.atomic
def withdraw(invitation: Invitation, *, by: Who, at: datetime) -> None:
    """Take an offer back, unless it was accepted."""
    changed = Invitation.objects.filter(
        pk=invitation.pk, accepted_at__isnull=True, withdrawn_at__isnull=True
    ).update(withdrawn_at=at)
    if changed:
        record("consortium.invitation-withdrawn", by=access.actor(by), about=invitation)


def invited(secret: str, *, at: datetime) -> Invitation:
    """The invitation behind a link. Raises `InvitationSpent` for one that no longer holds, or never was."""
    found = (
        Invitation.objects.filter(
            digest=digest(secret), accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=at
        )
        .select_related("partner__hub")
        .first()
    )
    if found is None:
        raise InvitationSpent(
            "consortium.invitation-spent",
            gettext_noop(
                "This invitation was accepted or withdrawn, or is too old. Ask who invited you for a new one."
            ),
        )
    return found


@transaction.atomic
def accept(secret: str, *, password: str, name: str, at: datetime) -> User:
    """Take up the role. Raises `InvitationSpent`, or `AlreadyMember` when one has a role already.

    Somebody who has a password keeps it, and `password` is not looked at: the link proves the address,
    and signing in still needs what it needed before.
    """
    invitation = invited(secret, at=at)
    user = User.objects.select_for_update().filter(email__iexact=invitation.email).first()
    if user is None:
        user = User.objects.create_user(invitation.email, password, name=name, language=invitation.language)
    elif user.enters_by_link or not user.has_usable_password():
        user.enters_by_link = False  # a link would pass by the second factor
        user.set_password(password)
        user.save(update_fields=["enters_by_link", "password"])
    if Membership.objects.filter(_current(at.date()), user=user).exists():
        raise AlreadyMember(
            "consortium.has-a-role",
            gettext_noop("You have a role at a partner already. Leave it first, then open this link again."),
        )
    accepted = Invitation.objects.filter(
        pk=invitation.pk, accepted_at__isnull=True, withdrawn_at__isnull=True
    ).update(accepted_at=at, accepted_by=user)
    if not accepted:  # somebody was quicker
        return accept(secret, password=password, name=name, at=at)
    membership = Membership.objects.create(
        user=user, partner=invitation.partner, role=invitation.role, since=at.date()
    )
    record(
        "consortium.joined",
        by=Actor(user=user, name=str(user), role=invitation.role),
        about=membership,
        partner=invitation.partner_id,
        invitation=invitation.pk,
    )
    return user


# People change and go


@transaction.atomic
def change_role(membership: Membership, *, role: str, by: Who, on: date) -> Membership:
    """The old row ends, a new one begins the same day."""
    _lock(membership.partner.hub)
    _check_role(membership.role, membership.partner, by)
    _check_role(role, membership.partner, by)
    if role == membership.role:
        return membership
    _check_not_the_last(membership, on)
    _end(membership, on)
    changed = Membership.objects.create(user=membership.user, partner=membership.partner, role=role, since=on)
    record(
        "consortium.role-changed",
        by=access.actor(by),
        about=changed,
        before=membership.role,
        after=role,
        partner=membership.partner_id,
    )
    return changed


@transaction.atomic
def end(membership: Membership, *, by: Who, on: date) -> None:
    """Somebody's work for the partner ends today; from this moment nothing opens to them."""
    _lock(membership.partner.hub)
    _check_role(membership.role, membership.partner, by)
    _check_not_the_last(membership, on)
    _end(membership, on)
    record(
        "consortium.membership-ended", by=access.actor(by), about=membership, partner=membership.partner_id
    )


@transaction.atomic
def leave(membership: Membership, *, by: Who, on: date) -> None:
    _lock(membership.partner.hub)
    _check_not_the_last(membership, on)
    actor = access.actor(by)
    _end(membership, on)
    record("consortium.left", by=actor, about=membership, partner=membership.partner_id)


def pending(partner: Partner, at: datetime) -> QuerySet[Invitation]:
    """Offers that still can be accepted."""
    return Invitation.objects.filter(
        partner=partner, accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=at
    )


def _current(on: date) -> Q:
    return Q(until__isnull=True) | Q(until__gt=on)


def _lock(hub: Hub) -> None:
    """One change of people at a time, so that the last administrator stays."""
    Hub.objects.select_for_update().get(pk=hub.pk)


def _end(membership: Membership, on: date) -> None:
    membership.until = on
    membership.save(update_fields=["until"])


def _check_role(role: str, partner: Partner, by: Who | None) -> None:
    if by is not None and role not in GIVES.get(by.role, frozenset()):
        raise RoleNotYours(
            "consortium.role-not-yours",
            gettext_noop("This role is given and taken by a lead administrator. Ask one of them."),
        )
    if role in OF_THE_LEAD and not partner.is_lead:
        raise OnlyAtTheLead(
            "consortium.only-at-the-lead",
            gettext_noop("Lead administrators and auditors belong to the lead partner. Invite them there."),
        )


def _check_not_the_last(membership: Membership, on: date) -> None:
    if membership.role != Role.LEAD_ADMINISTRATOR:
        return
    others = Membership.objects.filter(
        _current(on), partner__hub=membership.partner.hub, role=Role.LEAD_ADMINISTRATOR
    ).exclude(pk=membership.pk)
    if not others.exists():
        raise LastAdministrator(
            "consortium.last-administrator",
            gettext_noop("This is the only lead administrator. Make somebody else one first."),
        )
