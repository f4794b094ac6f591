"""Make two records of one company one. The record that goes stays as a name that leads to the other.

Whatever points to a company, in any room, is found by its foreign key and moved. What the database
never changes, such as a ledger, stays with the record it was written for, and so does the journal:
both are read under all the records of a company (`queries.same_company`).
"""

from collections.abc import Callable
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from capofila.companies import group_actions, group_merging, indexing, relations
from capofila.companies.actions import CORRECTED
from capofila.companies.models import (
    Company,
    Contact,
    Correction,
    Declaration,
    Enterprise,
    Likeness,
    SearchGram,
    Serving,
)
from capofila.journal import actions as journal
from capofila.journal.actions import Actor
from capofila.lib.problems import Problem, gettext_noop

FILLED = tuple(name for name in CORRECTED if name != "name")  # taken over where nothing stands
MOVED_BY_HAND = (Contact, Serving, Declaration, Enterprise, Likeness, SearchGram)
Check = Callable[[Company, Company], None]  # raises a Problem where the later rooms see a conflict


class CannotMerge(Problem):
    """The two records contradict each other in something that a person must decide first."""

    status = 409


def no_more_to_check(kept: Company, gone: Company) -> None:
    """For callers to whom no later room has anything to say."""


@transaction.atomic
def merge(
    kept: Company, gone: Company, *, by: Actor, at: datetime, check: Check = no_more_to_check
) -> Company:
    """Make `gone` part of `kept`; facts that `kept` lacks are taken over.

    Raises `CannotMerge`, and changes nothing.
    """
    rows = Company.objects.select_for_update().in_bulk([kept.pk, gone.pk])
    kept, gone = rows[kept.pk], rows[gone.pk]
    _check(kept, gone)
    check(kept, gone)
    before = {name: getattr(kept, name) for name in FILLED}
    _contacts(kept, gone)
    _servings(kept, gone)
    _declarations(kept, gone)
    own = group_merging.join(kept, gone)
    others = _forget_likenesses(gone)
    _move_the_rest(kept, gone)
    SearchGram.objects.filter(company=gone).delete()
    gone.merged_into = kept
    gone.save()
    taken = _take_over(kept, gone)
    indexing.derive(kept)
    kept.save()
    indexing.index([kept])
    indexing.compare([kept, *others])
    if own is not None:
        group_actions.settle([own.pk], on=at.date())
    entry = journal.record("companies.merged", by=by, about=kept, other=gone.pk, taken=taken)
    journal.record("companies.merged-into", by=by, about=gone, other=kept.pk)
    Correction.objects.bulk_create(
        Correction(
            company=kept, entry=entry.sequence, fact=name, before=_written(before[name]),
            after=_written(getattr(kept, name)), reason=gone.name, at=at,
        )
        for name in taken
    )  # fmt: skip
    return kept


def _written(value: object) -> str:
    return "" if value is None else str(value)


def _check(kept: Company, gone: Company) -> None:
    if kept.pk == gone.pk or kept.merged_into_id is not None or gone.merged_into_id is not None:
        raise CannotMerge(
            "company.merged-already",
            gettext_noop("{name} and {other} are one record already. Nothing was changed."),
            name=kept.name,
            other=gone.name,
        )
    if kept.vat and gone.vat and kept.vat != gone.vat:
        raise CannotMerge(
            "company.two-vat-numbers",
            gettext_noop(
                "{name} has the VAT number {vat}, {other} has {other_vat}: two numbers are two companies. "
                "Correct the wrong one first."
            ),
            name=kept.name,
            vat=kept.vat,
            other=gone.name,
            other_vat=gone.vat,
        )
    if kept.is_demo != gone.is_demo:
        raise CannotMerge(
            "company.merge-demo",
            gettext_noop("One of the two is of the demonstration: it cannot become part of a real company."),
        )


def _take_over(kept: Company, gone: Company) -> list[str]:
    """Facts that `kept` does not have; an activity code comes with its edition."""
    taken = [
        name for name in FILLED if getattr(kept, name) in ("", None) and getattr(gone, name) not in ("", None)
    ]
    if "ateco_code" not in taken and "ateco_version" in taken:
        taken.remove("ateco_version")
    for name in taken:
        setattr(kept, name, getattr(gone, name))
    kept.goals = [*kept.goals, *(goal for goal in gone.goals if goal not in kept.goals)]
    kept.goals_text = "\n\n".join(dict.fromkeys(filter(None, (kept.goals_text, gone.goals_text))))
    if not kept.size and gone.size:
        kept.size, kept.size_is_provisional = gone.size, gone.size_is_provisional
    return taken


def _contacts(kept: Company, gone: Company) -> None:
    """Two contacts with one address become one person, with the consent that was given first."""
    for contact in gone.contacts.all():
        twin = kept.contacts.filter(email__iexact=contact.email).first() if contact.email else None
        if twin is None:
            contact.company = kept
            contact.save()
            continue
        if twin.user_id is not None and contact.user_id is not None:
            raise CannotMerge(
                "company.two-sign-ins",
                gettext_noop("{name} may sign in for both records. Close one of the two accesses first."),
                name=contact.name,
            )
        _consents(twin, contact)
        for field in relations.pointing_to(Contact):
            if relations.is_only_added(field.model):
                continue
            field.model._base_manager.filter(**{field.name: contact}).update(**{field.name: twin})
        user = contact.user
        try:
            contact.delete()
        except ProtectedError:  # what is only added speaks of both
            raise CannotMerge(
                "company.two-contacts",
                gettext_noop("{name} is a contact of both records, with acts of their own in each."),
                name=contact.name,
            ) from None
        twin.role, twin.phone = twin.role or contact.role, twin.phone or contact.phone
        twin.user = twin.user or user
        twin.save()


def _consents(twin: Contact, contact: Contact) -> None:
    held = twin.consents.filter(withdrawn_on__isnull=True).first()
    other = contact.consents.filter(withdrawn_on__isnull=True).first()
    if held is not None and other is not None:
        held.given_on = min(held.given_on, other.given_on)
        held.save()
        other.delete()


def _servings(kept: Company, gone: Company) -> None:
    for serving in gone.servings.all():
        held = kept.servings.filter(partner=serving.partner_id, until__isnull=True).first()
        if held is not None and serving.until is None:
            held.since = min(held.since, serving.since)
            held.save()
            serving.delete()
        else:
            serving.company = kept
            serving.save()


def _declarations(kept: Company, gone: Company) -> None:
    for declared in gone.declarations.all():
        held = kept.declarations.filter(status=declared.status, until__isnull=True).first()
        if held is not None and declared.until is None:
            days: list[date] = [day for day in (held.declared_on, declared.declared_on) if day is not None]
            held.declared_on = min(days, default=None)
            held.save()
            declared.delete()
        else:
            declared.company = kept
            declared.save()


def _forget_likenesses(gone: Company) -> list[Company]:
    """Those that `gone` was like: they are compared anew with what it went into."""
    found = Likeness.objects.filter(one=gone) | Likeness.objects.filter(other=gone)
    ids = {pk for pair in found.values_list("one", "other") for pk in pair} - {gone.pk}
    found.delete()
    return list(Company.objects.filter(pk__in=ids, merged_into__isnull=True))


def _move_the_rest(kept: Company, gone: Company) -> None:
    """All other rows of every room, and the records that were merged into `gone` before."""
    for field in relations.pointing_to(Company):
        if field.model in MOVED_BY_HAND or relations.is_only_added(field.model):
            continue
        try:
            with transaction.atomic():
                field.model._base_manager.filter(**{field.name: gone}).update(**{field.name: kept})
        except IntegrityError:
            raise CannotMerge(
                "company.merge-collides",
                gettext_noop("Both {name} and {other} have their own: {what}. Settle that first."),
                name=kept.name,
                other=gone.name,
                what=relations.name_of(field),
            ) from None
