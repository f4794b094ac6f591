"""The group of a company and its size class: the page, its rows entered and corrected, and the file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from capofila.companies import group_actions, group_queries, queries
from capofila.companies.group_actions import Row
from capofila.companies.group_queries import Known
from capofila.companies.models import Company, Enterprise, EnterpriseLink, Holding, YearAccounts
from capofila.consortium import access
from capofila.consortium.access import Facts, Who, needs, who
from capofila.desk import demo
from capofila.desk.group_forms import (
    AccountsForm,
    EnterpriseForm,
    GroupForm,
    HoldingForm,
    LinkForm,
    NewEnterpriseForm,
)
from capofila.desk.group_page import group_page
from capofila.lib.problems import Problem
from capofila.web.words import in_words

View = Callable[..., HttpResponse]


@needs("read", "company")
@require_safe
def group(request: HttpRequest, pk: int) -> HttpResponse:
    """The class on a day, with everything that leads to it."""
    company, facts = company_for(request, pk, "read")
    may_change = access.may(who(request), "change", "company", facts)
    asked, mistake = day_of(request)
    try:
        page = group_page(company, who(request), asked, may_change=may_change)
    except Problem as problem:  # a day before the first rules
        mistake = in_words(problem)
        page = group_page(company, who(request), today(), may_change=may_change)
    shown = {
        "company": company, "page": page, "asked": request.GET.get("on") or str(page.day),
        "mistake": mistake, "may_change": may_change,
    }  # fmt: skip
    return render(request, "desk/group.html", shown, status=422 if mistake else 200)


def today() -> date:
    """The demonstration has its own, so that the dates in it make sense."""
    return demo.TODAY if settings.CAPOFILA_DEMO else timezone.localdate()


def day_of(request: HttpRequest) -> tuple[date, str]:
    typed = request.GET.get("on", "")
    if not typed:
        return today(), ""
    try:
        return date.fromisoformat(typed), ""
    except ValueError:
        return today(), _("Write the day as year-month-day, such as 2026-03-01.")


def company_for(request: HttpRequest, pk: int, action: str) -> tuple[Company, Facts]:
    """The company, if the person may know it and do that with it; one that was merged leads nowhere."""
    company = get_object_or_404(Company, pk=pk, merged_into=None)
    facts = queries.access_facts(company, timezone.localdate())
    if not access.may(who(request), "read", "company", facts):
        raise Http404
    access.check(who(request), action, "company", facts)
    return company, facts


# Rows


@dataclass(frozen=True)
class Thing:
    model: type[Row]
    form: type[GroupForm]
    add: Any  # headings, in the language of the page
    correct: Any


THINGS: Mapping[str, Thing] = {
    "enterprise": Thing(
        Enterprise, EnterpriseForm, gettext_lazy("Add an enterprise"), gettext_lazy("Correct an enterprise")
    ),
    "accounts": Thing(
        YearAccounts, AccountsForm, gettext_lazy("Add accounts of a year"), gettext_lazy("Correct accounts")
    ),
    "holding": Thing(
        Holding, HoldingForm, gettext_lazy("Add a holding"), gettext_lazy("Correct or end a holding")
    ),
    "link": Thing(
        EnterpriseLink, LinkForm, gettext_lazy("Add a link"), gettext_lazy("Correct or end a link")
    ),
}
ENDS = ("enterprise", "owner", "of", "one", "other")


@needs("change", "company")
def add_enterprise(request: HttpRequest, pk: int) -> HttpResponse:
    """One outside the registry, or a company of it, with what it holds or who holds it."""
    company, _facts = company_for(request, pk, "change")
    form = NewEnterpriseForm(request.POST or None, members=[], correcting=False, company=company.name)
    if request.method == "POST" and form.is_valid():
        try:
            _enter_enterprise(form, company, who(request))
        except Problem as problem:
            form.add_error("vat" if problem.code == "group.no-such-company" else None, in_words(problem))
        else:
            return redirect("desk:group", pk=pk)
    return _form(request, form, company, THINGS["enterprise"].add, _("Add the enterprise"))


def _enter_enterprise(form: NewEnterpriseForm, company: Company, asking: Who) -> None:
    said = form.cleaned_data
    group_actions.enter_enterprise(
        company,
        member=_of_registry(said["vat"], company, asking) if said["vat"] else None,
        facts={name: said[name] for name in group_actions.FACTS["enterprise"]},
        relation=said["relation"],
        shares={name: said[name] for name in ("capital", "votes", "since")},
        by=access.actor(asking), at=timezone.now(), on=today(),
    )  # fmt: skip


def _of_registry(vat: str, company: Company, asking: Who) -> Company:
    """A company that the person may change: tying two of them together changes the class of both."""
    on = timezone.localdate()
    wanted = "".join(vat.split()).upper().removeprefix("IT")
    found = queries.visible(asking, on).filter(vat=wanted).exclude(pk=company.pk).first()
    if found is None or not access.may(asking, "change", "company", queries.access_facts(found, on)):
        raise group_actions.no_such_company(vat)
    return found


def _adding(thing: str) -> View:
    @needs("change", "company")
    def add(request: HttpRequest, pk: int) -> HttpResponse:
        company, _facts = company_for(request, pk, "change")
        known, kind = group_queries.known(company), THINGS[thing]
        form = kind.form(
            request.POST or None, members=_members(known, who(request), thing), correcting=False,
            initial=_first(request, thing, known),
        )  # fmt: skip

        def enter() -> None:
            ends = {name: _end(known, form.cleaned_data[name]) for name in ENDS if name in form.fields}
            group_actions.enter(kind.model(**form.facts(), **ends), company=company, **_by(request))

        if request.method == "POST" and form.is_valid() and _done(form, enter):
            return redirect("desk:group", pk=pk)
        return _form(request, form, company, kind.add, _("Add it"))

    return add


def _changing(thing: str) -> View:
    @needs("change", "company")
    def change(request: HttpRequest, pk: int, **numbers: int) -> HttpResponse:
        company, _facts = company_for(request, pk, "change")
        known, kind = group_queries.known(company), THINGS[thing]
        row = _row(known, thing, numbers[thing])
        _check_owner(row, company, who(request))
        form = kind.form(
            request.POST or None, members=_all(known), correcting=True, initial=_initial(row, thing, known)
        )

        def act() -> None:
            facts: dict[str, Any] = {
                "reason": form.cleaned_data["reason"], "company": company, **_by(request)
            }  # fmt: skip
            if request.POST.get("go") == "remove":
                group_actions.remove(row, **facts)
            else:
                group_actions.change(row, form.facts(), **facts)

        if request.method == "POST" and form.is_valid() and _done(form, act):
            return redirect("desk:group", pk=pk)
        is_own = isinstance(row, Enterprise) and row.company_id is not None
        return _form(request, form, company, kind.correct, _("Save the correction"), may_remove=not is_own)

    return change


add_accounts, change_accounts = _adding("accounts"), _changing("accounts")
add_holding, change_holding = _adding("holding"), _changing("holding")
add_link, change_link = _adding("link"), _changing("link")
change_enterprise = _changing("enterprise")


def _by(request: HttpRequest) -> dict[str, Any]:
    return {"by": access.actor(who(request)), "at": timezone.now(), "on": today()}


def _done(form: GroupForm, act: Callable[[], object]) -> bool:
    """Whether it was done; a refusal stands in the form, and nothing is kept of what came before it."""
    try:
        with transaction.atomic():
            act()
    except Problem as problem:
        form.add_error(None, in_words(problem))
        return False
    return True


OWN = "own"  # stands in a form for the company itself, which may have no row yet


def _all(known: Known) -> list[tuple[str, str]]:
    others = [each for each in known.enterprises if each is not known.own]
    return [(OWN, known.subject), *((str(each.pk), known.names[each.pk]) for each in others)]


def _end(known: Known, chosen: str) -> Enterprise:
    if chosen == OWN:
        return group_actions.own_enterprise(known.company)
    return next(each for each in known.enterprises if str(each.pk) == chosen)


def _members(known: Known, asking: Who, thing: str) -> list[tuple[str, str]]:
    """Those that the row may be about: of accounts, only those whose figures the person may change."""
    if thing != "accounts":
        return _all(known)
    left_out = {
        str(each.pk)
        for each in known.enterprises
        if each.kind == "person" or not _is_ours(each, known.company, asking)
    }
    return [(number, name) for number, name in _all(known) if number not in left_out]


def _is_ours(enterprise: Enterprise, company: Company, asking: Who) -> bool:
    if enterprise.company is None or enterprise.company == company:
        return True
    facts = queries.access_facts(enterprise.company, timezone.localdate())
    return access.may(asking, "change", "company", facts)


def _check_owner(row: Row, company: Company, asking: Who) -> None:
    """Kind and figures of another company of the registry are for who may change that one."""
    of = row if isinstance(row, Enterprise) else getattr(row, "enterprise", None)
    if of is not None and of.company is not None and of.company != company:
        facts = queries.access_facts(of.company, timezone.localdate())
        access.check(asking, "change", "company", facts)


def _row(known: Known, thing: str, number: int) -> Row:
    rows: Mapping[str, list[Row]] = {
        "enterprise": list(known.enterprises),
        "accounts": [row for years in known.accounts.values() for row in years],
        "holding": list(known.holdings),
        "link": list(known.links),
    }
    found = next((row for row in rows[thing] if row.pk == number), None)
    if found is None:
        raise Http404
    return found


def _first(request: HttpRequest, thing: str, known: Known) -> dict[str, Any]:
    """What a new row most likely says: the company itself, and for its accounts what its facts say."""
    asked = request.GET.get("enterprise", "")
    chosen = asked if asked in dict(_all(known)) else OWN
    if thing != "accounts":
        return {"of": chosen, "one": chosen}
    is_first = chosen == OWN and (known.own is None or not known.accounts.get(known.own.pk))
    company = known.company
    stated = {
        "awu": company.employees,
        "turnover_cents": company.turnover_cents,
        "balance_sheet_cents": company.balance_sheet_cents,
    }
    return {"enterprise": chosen, "year": today().year - 1, **(stated if is_first else {})}


def _initial(row: Row, thing: str, known: Known) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in group_actions.FACTS[thing]}
    own = known.own
    return {
        name: (OWN if value == own else str(value.pk)) if isinstance(value, Enterprise) else value
        for name, value in values.items()
    }


def _form(
    request: HttpRequest, form: GroupForm, company: Company, title: Any, button: str, *,
    may_remove: bool = False,
) -> HttpResponse:  # fmt: skip
    shown = {
        "form": form, "title": title, "button": button, "company": company, "may_remove": may_remove,
        "back": reverse("desk:group", args=[company.pk]),
    }  # fmt: skip
    return render(request, "desk/group_form.html", shown, status=422 if form.errors else 200)
