"""What people do with the contacts of a company: enter one, correct it, keep and withdraw its consent."""

from datetime import date

from django.db import transaction

from capofila.companies.models import Company, Contact
from capofila.journal import actions as journal
from capofila.journal.actions import Actor
from capofila.lib.problems import Problem, gettext_noop


class AddressTaken(Problem):
    """The company has another contact with that e-mail address."""

    status = 409


def _check_address(company: Company, email: str, *, but: Contact | None = None) -> None:
    others = company.contacts.filter(email__iexact=email)
    if but is not None:
        others = others.exclude(pk=but.pk)
    holder = others.first() if email else None
    if holder is not None:
        raise AddressTaken(
            "company.address-taken",
            gettext_noop("{name} has that e-mail address already. Correct that contact instead."),
            name=holder.name,
        )


@transaction.atomic
def add_contact(
    company: Company, *, name: str, role: str = "", email: str = "", phone: str = "",
    consent_on: date | None = None, by: Actor,
) -> Contact:  # fmt: skip
    """Enter a person of the company; `consent_on`: the day they agreed to be written to.

    Raises `AddressTaken`.
    """
    _check_address(company, email)
    contact = Contact.objects.create(company=company, name=name, role=role, email=email, phone=phone)
    if consent_on is not None:
        contact.consents.create(given_on=consent_on)
    journal.record("companies.contact-added", by=by, about=company, contact=contact.pk, consent=consent_on)
    return contact


@transaction.atomic
def change_contact(contact: Contact, *, name: str, role: str, email: str, phone: str, by: Actor) -> None:
    """Correct a person's data. Raises `AddressTaken`."""
    _check_address(contact.company, email, but=contact)
    contact.name, contact.role, contact.email, contact.phone = name, role, email, phone
    contact.save()
    journal.record("companies.contact-changed", by=by, about=contact.company, contact=contact.pk)


@transaction.atomic
def give_consent(contact: Contact, *, on: date, by: Actor) -> None:
    """Keep that the person agreed on that day; one who agreed already keeps the first day."""
    if contact.consents.filter(withdrawn_on__isnull=True).exists():
        return
    contact.consents.create(given_on=on)
    journal.record("companies.consent-given", by=by, about=contact.company, contact=contact.pk, on=on)


@transaction.atomic
def withdraw_consent(contact: Contact, *, on: date, by: Actor) -> None:
    """The person agrees no longer; that they did, and until when, stays."""
    held = contact.consents.filter(withdrawn_on__isnull=True).first()
    if held is None:
        return
    held.withdrawn_on = max(on, held.given_on)
    held.save()
    journal.record("companies.consent-withdrawn", by=by, about=contact.company, contact=contact.pk, on=on)
