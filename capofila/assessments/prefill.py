"""A contact of the company answers beforehand: areas are opened, a mail with a link goes out."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from capofila.accounts import actions as accounts
from capofila.accounts import mail
from capofila.accounts.models import User
from capofila.assessments import actions
from capofila.assessments.models import Assessment
from capofila.companies.models import Contact
from capofila.journal.actions import Actor
from capofila.lib.problems import Problem, gettext_noop


class AddressTaken(Problem):
    """Somebody who signs in otherwise has the contact's address."""

    status = 409


class NoAreas(Problem):
    """Nothing was chosen for the contact to answer."""


@transaction.atomic
def invite(
    assessment: Assessment,
    contact: Contact,
    areas: Collection[str],
    *,
    address: str,
    goes_to: str,
    by: Actor,
    at: datetime,
) -> None:
    """Open areas to the contact and send the link; `address` has SECRET in the secret's place.

    Raises `NoAreas`, `AddressTaken`, and what `actions.open_to_contact` raises.
    """
    if not areas:
        raise NoAreas(
            "assessments.no-areas",
            gettext_noop("Nothing was sent: no area is chosen. Choose at least one."),
        )
    user = user_of(contact)
    actions.open_to_contact(assessment, areas, by=by, at=at)
    secret = accounts.make_link(user, at=at, goes_to=goes_to)
    mail.write(
        "assessments/mail/prefill",
        to=user.email,
        language=user.language,
        at=at,
        name=contact.name,
        company=assessment.company.name,
        inviter=by.name,
        areas=len(areas),
        address=address.replace("SECRET", secret),
        days=accounts.LINK_LASTS.days,
    )


def user_of(contact: Contact) -> User:
    """Who the contact is when signed in; made at the first invitation. Raises `AddressTaken`."""
    if contact.user is not None:
        return User.objects.get(pk=contact.user.pk)
    if User.objects.filter(email__iexact=contact.email).exists():
        raise AddressTaken(
            "assessments.address-taken",
            gettext_noop(
                "Nothing was sent: {email} belongs to somebody who signs in with a password, or to another "
                "company’s contact. Give the contact an address of their own."
            ),
            email=contact.email,
        )
    user = User.objects.create_user(
        contact.email, name=contact.name, language=contact.company.language, enters_by_link=True
    )
    Contact.objects.filter(pk=contact.pk).update(user=user)
    return user
