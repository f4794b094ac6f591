"""What people do with companies: enter one, correct a fact, note, declare, serve, tell two apart."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import models, transaction

from capofila.accounts.models import User
from capofila.companies import indexing
from capofila.companies.company_file import CompanyFacts
from capofila.companies.models import Company, Correction, Declaration, Likeness, Note, SavedOrder, Serving
from capofila.companies.rules import import_row
from capofila.consortium.models import Partner
from capofila.journal import actions as journal
from capofila.journal.actions import Actor
from capofila.lib.problems import Problem, gettext_noop

# What may be corrected on the company's page, in the order of its form.
CORRECTED = (
    "name", "vat", "tax_code", "rea", "ateco_code", "ateco_version", "profile", "employees", "turnover_cents",
    "balance_sheet_cents", "address", "city", "postcode", "province", "website", "brought_by",
    "brought_by_name",
)  # fmt: skip


class VatTaken(Problem):
    """Another company of the registry has that VAT number."""

    status = 409


def check_vat_is_free(vat: str, *, but: Company | None = None) -> None:
    """Raises `VatTaken` when another company has it."""
    others = Company.objects.filter(vat=vat, merged_into__isnull=True)
    if but is not None:
        others = others.exclude(pk=but.pk)
    holder = others.first() if vat else None
    if holder is not None:
        raise VatTaken(
            "company.vat-taken",
            gettext_noop("{name} is in the registry with the VAT number {vat}. Open that company instead."),
            name=holder.name,
            vat=vat,
        )


@transaction.atomic
def register(
    facts: CompanyFacts,
    *,
    at: datetime,
    city: str = "",
    is_demo: bool = False,
    by: Actor | None = None,
    partner: Partner | None = None,
    more: Mapping[str, import_row.Value | None] | None = None,
) -> Company:
    """Enter a company, served by `partner` from that day on; without one, by nobody yet.

    `more`: facts of `CORRECTED`, of which some stand in no company file.
    Raises `VatTaken` when its VAT number stands in the registry already.
    """
    more = {name: _stored(name, value) for name, value in (more or {}).items()}
    check_vat_is_free(str(more.get("vat") or facts.vat or ""))
    version, code = facts.ateco or ("", "")
    company = Company(
        name=facts.name,
        type=facts.type,
        vat=facts.vat or "",
        tax_code=facts.tax_code or "",
        rea=facts.rea or "",
        ateco_version=version,
        ateco_code=code,
        province=facts.province or "",
        city=city,
        profile=facts.profile or "",
        size=facts.size or "",
        size_is_provisional=facts.size_is_provisional,
        employees=facts.employees,
        turnover_cents=facts.turnover_cents,
        balance_sheet_cents=facts.balance_sheet_cents,
        goals=list(facts.goals),
        goals_text=facts.goals_text,
        language=facts.language or "it",
        is_demo=is_demo,
        created_at=at,
    )
    assert set(more) <= set(CORRECTED)
    for name, value in more.items():
        setattr(company, name, value)
    indexing.derive(company)
    company.save(force_insert=True)
    for status, declared_on in facts.statuses.items():
        Declaration.objects.create(company=company, status=status, declared_on=declared_on)
    if partner is not None:
        Serving.objects.create(company=company, partner=partner, since=at.date())
    indexing.index([company], new=True)
    indexing.compare([company])
    if by is not None:
        served = {} if partner is None else {"partner": partner.pk}
        journal.record("companies.registered", by=by, about=company, **served)
    return company


class NothingCorrected(Problem):
    """A correction that changes nothing."""


@transaction.atomic
def correct(
    company: Company, changes: Mapping[str, import_row.Value | None], *, reason: str, by: Actor, at: datetime
) -> list[Correction]:
    """Change facts of a company, with the reason; what stood before is kept with its history.

    Raises `VatTaken`; `NothingCorrected` when every fact is as it stands already.
    """
    company = Company.objects.select_for_update().get(pk=company.pk)
    assert set(changes) <= set(CORRECTED)
    before = {name: getattr(company, name) for name in changes}
    for name, value in changes.items():
        setattr(company, name, _stored(name, value))
    differing = [name for name in CORRECTED if name in changes and getattr(company, name) != before[name]]
    if not differing:
        raise NothingCorrected(
            "company.nothing-corrected",
            gettext_noop("Nothing was changed: every fact of {name} stands already as you wrote it."),
            name=company.name,
        )
    if "vat" in differing:
        check_vat_is_free(company.vat, but=company)
    indexing.derive(company)
    company.save()
    indexing.index([company])
    indexing.compare([company])
    entry = journal.record("companies.corrected", by=by, about=company, changed=differing)
    return Correction.objects.bulk_create(
        Correction(
            company=company,
            entry=entry.sequence,
            fact=name,
            before=_written(before[name]),
            after=_written(getattr(company, name)),
            reason=reason,
            at=at,
        )
        for name in differing
    )


def _stored(name: str, value: import_row.Value | None) -> import_row.Value | None:
    """A fact as its column keeps it: figures that are not known are None, texts are empty."""
    is_text = isinstance(Company._meta.get_field(name), models.CharField)
    return "" if is_text and value is None else value


def _written(value: object) -> str:
    return "" if value is None else str(value)


@transaction.atomic
def set_goals(company: Company, goals: Sequence[str], *, by: Actor) -> None:
    """The goals that the company names, in order; naming the same again changes nothing."""
    held = Company.objects.select_for_update().get(pk=company.pk)
    if list(held.goals) != list(goals):
        held.goals = list(goals)
        held.save(update_fields=["goals"])
        journal.record("companies.goals-named", by=by, about=held, goals=list(goals))
    company.goals = held.goals


@transaction.atomic
def note(
    company: Company, text: str, *, partner: Partner, author: User | None, by: Actor, at: datetime
) -> Note:
    """Keep what a partner noted; only that partner reads it."""
    written = Note.objects.create(
        company=company, partner=partner, author=author, author_name=by.name, text=text, at=at
    )
    journal.record("companies.noted", by=by, about=company, partner=partner.pk)
    return written


@transaction.atomic
def declare(company: Company, status: str, *, on: date | None, by: Actor) -> Declaration:
    """Enter a status the company declared on a day; one that it holds already gets that day."""
    held = company.declarations.filter(status=status, until__isnull=True).first()
    declared = held or Declaration(company=company, status=status)
    declared.declared_on = on
    declared.save()
    journal.record("companies.declared", by=by, about=company, status=status, on=on)
    return declared


@transaction.atomic
def end_declaration(declaration: Declaration, *, on: date, by: Actor) -> None:
    """The company no longer has the status from that day on; the row stays."""
    if declaration.declared_on is not None and on < declaration.declared_on:
        raise Problem(
            "company.ends-too-early",
            gettext_noop("It cannot end on {end}, before it began on {begin}. Enter a later day."),
            end=on,
            begin=declaration.declared_on,
        )
    declaration.until = on
    declaration.save()
    journal.record(
        "companies.declaration-ended", by=by, about=declaration.company, status=declaration.status, on=on
    )


@transaction.atomic
def serve(company: Company, partner: Partner, *, on: date, by: Actor) -> None:
    """A partner serves the company from that day on; it does already: nothing changes."""
    if company.servings.filter(partner=partner, until__isnull=True).exists():
        return
    Serving.objects.create(company=company, partner=partner, since=on)
    journal.record("companies.served", by=by, about=company, partner=partner.pk)


@transaction.atomic
def stop_serving(company: Company, partner: Partner, *, on: date, by: Actor) -> None:
    """The partner no longer serves the company, and no longer sees it, from that day on."""
    held = company.servings.filter(partner=partner, until__isnull=True).first()
    if held is None:
        return
    held.until = max(on, held.since)
    held.save()
    journal.record("companies.no-longer-served", by=by, about=company, partner=partner.pk)


@transaction.atomic
def tell_apart(likeness: Likeness, *, by: Actor, at: datetime) -> None:
    """The two are not one company, and are not proposed again."""
    likeness.told_apart_at = at
    likeness.save()
    journal.record("companies.told-apart", by=by, about=likeness.one, other=likeness.other_id)


def save_order(user: int, order: str) -> None:
    SavedOrder.objects.update_or_create(user_id=user, defaults={"order": order})
