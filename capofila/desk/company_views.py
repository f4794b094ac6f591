"""The company’s file: facts, who serves it, contacts, statuses, notes, history; and the forms."""

from datetime import date

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from capofila.companies import actions, people, queries, sectors
from capofila.companies.company_file import CompanyFacts
from capofila.companies.models import Company, Contact, Declaration
from capofila.companies.rules.import_row import Person
from capofila.consortium import access
from capofila.consortium.access import Facts, Who, needs, who
from capofila.consortium.models import Partner
from capofila.desk import comparison_page, history
from capofila.desk.company_forms import (
    ContactForm,
    CorrectForm,
    FactsForm,
    NewContactForm,
    NoteForm,
    StatusForm,
    typed,
)
from capofila.desk.company_rights import taken
from capofila.desk.merging import nothing_chosen
from capofila.desk.words import language
from capofila.reports import queries as reports
from capofila.roadmap import queries as roadmaps
from capofila.web.words import in_words


@needs("read", "company")
@require_safe
def company_file(request: HttpRequest, pk: int) -> HttpResponse:
    company, facts, on = _company(request, pk, "read", "company")
    asking = who(request)
    is_member = asking.role != "contact"
    serving = {row.partner_id: row for row in queries.serving(on).filter(company=company)}
    served = [(partner, serving.get(partner.pk)) for partner in Partner.objects.order_by("name")]
    shown = {
        "company": company,
        "facts": _facts(company),
        "absorbed": company.absorbed.order_by("name"),
        "contacts": [
            (contact, next((row for row in contact.consents.all() if row.withdrawn_on is None), None))
            for contact in company.contacts.order_by("name").prefetch_related("consents")
        ],
        "declarations": queries.declarations(company, on),
        "is_member": is_member,
        "partners": [(partner, row) for partner, row in served if row is not None] if is_member else [],
        "to_serve": [
            partner
            for partner, row in served
            if row is None and access.may(asking, "serve", "company", _of(partner))
        ],
        "may_stop": {
            partner.pk
            for partner, row in served
            if row and access.may(asking, "serve", "company", _of(partner))
        },
        "notes": queries.notes(company, asking, on) if is_member else [],
        "history": history.of(company, asking) if is_member else [],
        "handed_over": reports.handed_over_to(company),
        "roadmaps": roadmaps.of_company(company, is_contact=not is_member),
        "may_read_scores": access.may(asking, "read", "score", facts),
        "compared": comparison_page.newest(company),
        "may_change": access.may(asking, "change", "company", facts),
        "may_change_contacts": access.may(asking, "change", "contact", facts),
        "may_note": _may_note(asking, facts),
    }
    return render(request, "desk/company_file.html", shown)


def _of(partner: Partner) -> Facts:
    """Whoever manages a partner says whom it serves; others' companies they cannot even see."""
    return Facts(partners=frozenset({partner.pk}))


def _may_note(asking: Who, facts: Facts) -> bool:
    """A note is one's own partner's, whoever else serves the company."""
    own = Facts(partner=asking.partner) if asking.partner in facts.partners else Facts(partner=-1)
    return asking.partner is not None and access.may(asking, "create", "company-note", own)


def _facts(company: Company) -> list[tuple[str, str]]:
    elsewhere = ("name", "ateco_version", "brought_by", "brought_by_name")
    names = [name for name in actions.CORRECTED if name not in elsewhere]
    shown = {name: history.shown(name, getattr(company, name)) for name in names}
    if company.ateco_code:
        shown["ateco_code"] = f"{company.ateco_code} (Ateco {company.ateco_version})"
    rows = [(str(history.FACTS[name]), text or "–") for name, text in shown.items()]
    size = company.get_size_display() or _("not known")
    if company.size and company.size_is_provisional:
        size = _("%(size)s, provisional: by its own figures, without holdings") % {"size": size}
    brought = ", ".join(filter(None, (company.get_brought_by_display(), company.brought_by_name)))
    sector = sectors.sector_names(language()).get(company.sector, "")
    more = {_("Sector"): sector or _("not known"), _("Brought by"): brought or "–", _("Size"): size}
    return [*rows, *more.items()]


@needs("create", "company")
def add(request: HttpRequest) -> HttpResponse:
    """A company entered by hand, served by the partner of who enters it."""
    asking = who(request)
    form = FactsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        facts = form.facts()
        try:
            partner = get_object_or_404(Partner, pk=asking.partner)
            company = actions.register(
                CompanyFacts(name=str(facts["name"])), at=timezone.now(), by=access.actor(asking),
                partner=partner, more={name: value for name, value in facts.items() if name != "name"},
            )  # fmt: skip
        except actions.VatTaken as refused:
            form.add_error("vat", in_words(taken(refused, asking, facts["vat"])))
        else:
            return redirect("desk:company-file", pk=company.pk)
    return _form(request, form, _("Add a company"), _("Add the company"), None)


@needs("change", "company")
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    company, _facts_of, _on = _company(request, pk, "change", "company")
    asking = who(request)
    form = CorrectForm(request.POST or None, initial=typed(company))
    if request.method == "POST" and form.is_valid():
        facts, reason = form.facts(), form.cleaned_data["reason"]
        try:
            actions.correct(company, facts, reason=reason, by=access.actor(asking), at=timezone.now())
        except actions.VatTaken as refused:
            form.add_error("vat", in_words(taken(refused, asking, facts["vat"])))
        except actions.NothingCorrected as nothing:
            form.add_error(None, in_words(nothing))
        else:
            return redirect("desk:company-file", pk=pk)
    return _form(request, form, _("Correct the facts"), _("Save the correction"), company)


@needs("create", "company-note")
def add_note(request: HttpRequest, pk: int) -> HttpResponse:
    company, facts, _on = _company(request, pk, "read", "company")
    asking = who(request)
    if not _may_note(asking, facts):
        raise access.Denied(403)
    by = access.actor(asking)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.note(
            company, form.cleaned_data["text"], partner=get_object_or_404(Partner, pk=asking.partner),
            author=by.user, by=by, at=timezone.now(),
        )  # fmt: skip
        return redirect("desk:company-file", pk=pk)
    return _form(request, form, _("Write a note"), _("Keep the note"), company)


# Contacts


@needs("create", "contact")
def add_contact(request: HttpRequest, pk: int) -> HttpResponse:
    company, _facts_of, _on = _company(request, pk, "create", "contact")
    form = NewContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = _person(form)
        try:
            people.add_contact(
                company, name=said.name, role=said.role, email=said.email, phone=said.phone,
                consent_on=said.consent_on, by=access.actor(who(request)),
            )  # fmt: skip
        except people.AddressTaken as taken:
            form.add_error("contact_email", in_words(taken))
        else:
            return redirect("desk:company-file", pk=pk)
    return _form(request, form, _("Add a contact"), _("Add the contact"), company)


@needs("change", "contact")
def change_contact(request: HttpRequest, pk: int, contact: int) -> HttpResponse:
    company, _facts_of, _on = _company(request, pk, "change", "contact")
    found = get_object_or_404(Contact, pk=contact, company=company)
    names = ("name", "role", "email", "phone")
    form = ContactForm(
        request.POST or None, initial={f"contact_{name}": getattr(found, name) for name in names}
    )
    if request.method == "POST" and form.is_valid():
        said = _person(form)
        try:
            people.change_contact(
                found, name=said.name, role=said.role, email=said.email, phone=said.phone,
                by=access.actor(who(request)),
            )  # fmt: skip
        except people.AddressTaken as taken:
            form.add_error("contact_email", in_words(taken))
        else:
            return redirect("desk:company-file", pk=pk)
    return _form(request, form, _("Correct the contact"), _("Save the correction"), company)


def _person(form: ContactForm) -> Person:
    assert form.said.person is not None
    return form.said.person


@needs("change", "contact")
@require_POST
def consent(request: HttpRequest, pk: int, contact: int) -> HttpResponse:
    """Given or withdrawn today; one of an earlier day comes with the contact or a list."""
    company, _facts_of, on = _company(request, pk, "change", "contact")
    found, by = get_object_or_404(Contact, pk=contact, company=company), access.actor(who(request))
    change = people.give_consent if request.POST.get("go") == "give" else people.withdraw_consent
    change(found, on=on, by=by)
    return redirect("desk:company-file", pk=pk)


# Statuses and partners


@needs("change", "company")
def declare(request: HttpRequest, pk: int) -> HttpResponse:
    company, _facts_of, _on = _company(request, pk, "change", "company")
    form = StatusForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        status, day = form.cleaned_data["status"], form.cleaned_data["declared_on"]
        actions.declare(company, status, on=day, by=access.actor(who(request)))
        return redirect("desk:company-file", pk=pk)
    return _form(request, form, _("Declare a status"), _("Keep the status"), company)


@needs("change", "company")
@require_POST
def end_status(request: HttpRequest, pk: int, status: int) -> HttpResponse:
    company, _facts_of, on = _company(request, pk, "change", "company")
    found = get_object_or_404(Declaration, pk=status, company=company, until=None)
    actions.end_declaration(found, on=on, by=access.actor(who(request)))
    return redirect("desk:company-file", pk=pk)


@needs("serve", "company")
@require_POST
def serve(request: HttpRequest, pk: int) -> HttpResponse:
    """A partner begins or ends to serve the company; who manages the partner says so."""
    company, _facts_of, on = _company(request, pk, "read", "company")
    number = request.POST.get("partner", "")
    partner = Partner.objects.filter(pk=int(number) if number.isdecimal() and len(number) < 10 else 0).first()
    if partner is None:
        raise nothing_chosen()
    access.check(who(request), "serve", "company", _of(partner))
    change = actions.serve if request.POST.get("go") == "serve" else actions.stop_serving
    change(company, partner, on=on, by=access.actor(who(request)))
    if not queries.visible(who(request), on).filter(pk=pk).exists():
        return redirect("desk:registry")
    return redirect("desk:company-file", pk=pk)


def _company(request: HttpRequest, pk: int, action: str, thing: str) -> tuple[Company, Facts, date]:
    """The company, if the person may know it and do that with it; one that was merged leads nowhere."""
    on = timezone.localdate()
    company = get_object_or_404(Company, pk=pk, merged_into=None)
    facts = queries.access_facts(company, on)
    if not access.may(who(request), "read", "company", facts):
        raise Http404
    access.check(who(request), action, thing, facts)
    return company, facts, on


def _form(
    request: HttpRequest, form: forms.Form, title: str, button: str, company: Company | None
) -> HttpResponse:
    shown = {"form": form, "title": title, "button": button, "company": company}
    return render(request, "desk/company_form.html", shown, status=422 if form.errors else 200)
