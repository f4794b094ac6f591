"""Pages of an assessment's life: start it, see how far it is, invite, complete, open again."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from capofila.accounts.models import User
from capofila.assessments import actions, asking, implying, page_facts, prefill, queries, screen, shown
from capofila.assessments.forms import InviteForm, ReopenForm, StartForm
from capofila.assessments.models import Assessment, Milestone
from capofila.companies import queries as companies
from capofila.companies.models import Company
from capofila.consortium import access
from capofila.consortium.access import needs, who
from capofila.consortium.models import Membership
from capofila.instruments import library
from capofila.lib.problems import Problem
from capofila.web.words import in_words

REPORTED = "digital-maturity"  # the questionnaire that the report is about


@needs("create", "assessment")
def start(request: HttpRequest, company: int) -> HttpResponse:
    """Choose questionnaire, profile, stage, day and consultant; then the first area opens."""
    person, on = who(request), timezone.localdate()
    found = get_object_or_404(companies.visible(person, on), pk=company)
    access.check(person, "create", "assessment", companies.access_facts(found, on))
    form = _start_form(request, found)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        begun = actions.start(
            found,
            typed["instrument"],
            profile=typed["profile"],
            on=typed["on"],
            at=timezone.now(),
            stage=typed["stage"],
            interviewer=User.objects.get(pk=typed["interviewer"]),
            by=access.actor(person),
        )
        return redirect("assessments:overview", pk=begun.pk)
    facts = {"form": form, "company": found}
    return render(request, "assessments/start.html", facts, status=422 if form.errors else 200)


def _start_form(request: HttpRequest, company: Company) -> StartForm:
    language = asking.language()
    loaded = {code: library.load(code) for code in sorted({code for code, _ in library.available()})}
    profiles: dict[str, str] = {}
    for code, instrument in loaded.items():
        names = library.spoken(code, language).names
        profiles |= {profile: names[profile] for profile in instrument.profiles if profile not in profiles}
    people = Membership.objects.filter(until__isnull=True).select_related("user").order_by("user__name")
    if who(request).partner is not None and access.scope(who(request), "create", "assessment") != "all":
        people = people.filter(partner=who(request).partner)
    done = Assessment.objects.filter(company=company).count()
    return StartForm(
        request.POST or None,
        instruments=[(code, page_facts.instrument_name(code, language)) for code in loaded],
        profiles=list(profiles.items()),
        with_profile=[code for code, instrument in loaded.items() if instrument.profiles],
        people=[(str(one.user.pk), str(one.user)) for one in people],
        initial={
            "instrument": "digital-maturity",
            "profile": company.profile,
            "stage": Assessment.Stage.T0 if not done else None,
            "on": timezone.localdate(),
            "interviewer": str(who(request).user),
        },
    )


# How far it is


@needs("read", "assessment")
@require_safe
def overview(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is, what to take up again, and what can be done next."""
    assessment, facts = queries.found_for(pk, who(request), on=timezone.localdate())
    side = asking.side_of(request, facts)
    found = asking.sheet(request, assessment, facts)
    told = shown.questions_json(assessment, found.holding, who(request), facts)
    flagged = [
        screen.listed(found, question)
        for question in found.shown
        if told.get(question.code, {}).get("flagged")
    ]
    may = {
        name: access.may(who(request), name, "assessment", facts)
        for name in ("invite", "complete", "reopen", "change")
    }
    milestones = list(assessment.milestones.order_by("at", "pk"))
    handed_over = [one for one in milestones if one.kind == Milestone.Kind.HANDED_OVER]
    others = Assessment.objects.filter(company=assessment.company_id).exclude(pk=pk).order_by("day", "pk")
    page: dict[str, Any] = {
        "assessment": assessment,
        "progress": screen.progress(found),
        "filled": implying.of(found) if side != "company" else None,
        "flagged": flagged,
        "facts": asking.device_facts(request) | {"assessment": pk},
        "scripts": asking.scripts("store", "said", "send", "card", "status", "settle"),
        "side": side,
        "may": may,
        "may_answer": asking.may_answer(assessment, side),
        "instrument": page_facts.instrument_name(assessment.name, asking.language()),
        "milestones": milestones if side != "company" else (),
        "handed_over": handed_over[-1] if handed_over else None,
        "others": [(one, page_facts.instrument_name(one.name, asking.language())) for one in others]
        if side != "company"
        else (),
        "has_report": assessment.instrument == REPORTED and (side != "company" or bool(handed_over)),
        "invited": [found.words.name(area, found.profile) for area in assessment.prefill_areas],
    }
    return render(request, "assessments/overview.html", page)


@needs("invite", "assessment")
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a contact of the company answer some areas beforehand, by a link in a mail."""
    assessment, facts = queries.found_for(pk, who(request), on=timezone.localdate())
    access.check(who(request), "invite", "assessment", facts)
    found = screen.sheet(assessment, asking.language())
    contacts = list(assessment.company.contacts.exclude(email="").order_by("name"))
    form = InviteForm(
        request.POST or None,
        contacts=[(str(one.pk), f"{one.name}, {one.email}") for one in contacts],
        areas=[(area, found.words.name(area, found.profile)) for area in found.areas],
        initial={
            "contact": str(contacts[0].pk) if contacts else "",
            "areas": assessment.prefill_areas or found.areas,
        },
    )
    if request.method == "POST" and form.is_valid():
        contact = next(one for one in contacts if str(one.pk) == form.cleaned_data["contact"])
        try:
            prefill.invite(
                assessment,
                contact,
                form.cleaned_data["areas"],
                address=request.build_absolute_uri(reverse("accounts:enter", args=["SECRET"])),
                goes_to=reverse("assessments:overview", args=[pk]),
                by=access.actor(who(request)),
                at=timezone.now(),
            )
        except Problem as problem:
            form.add_error(None, in_words(problem))
        else:
            return redirect("assessments:overview", pk=pk)
    page = {"form": form, "assessment": assessment, "contacts": contacts}
    return render(request, "assessments/invite.html", page, status=422 if form.errors else 200)


@needs("complete", "assessment")
def complete(request: HttpRequest, pk: int) -> HttpResponse:
    """Close it: the page lists what stays without an answer, and asks once."""
    assessment, facts = queries.found_for(pk, who(request), on=timezone.localdate())
    access.check(who(request), "complete", "assessment", facts)
    problems: list[str] = []
    if request.method == "POST":
        try:
            actions.complete(assessment, by=access.actor(who(request)), at=timezone.now())
        except Problem as problem:
            problems.append(in_words(problem))
        else:
            return redirect("assessments:overview", pk=pk)
    found = screen.sheet(assessment, asking.language())
    page = {
        "assessment": assessment,
        "progress": screen.progress(found),
        "filled": implying.of(found),
        "problems": problems,
        "facts": asking.device_facts(request) | {"assessment": pk},
        "scripts": asking.scripts("store", "said", "send", "card", "status", "settle"),
    }
    return render(request, "assessments/complete.html", page, status=409 if problems else 200)


@needs("reopen", "assessment")
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    assessment, facts = queries.found_for(pk, who(request), on=timezone.localdate())
    access.check(who(request), "reopen", "assessment", facts)
    form = ReopenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        by = access.actor(who(request))
        actions.reopen(assessment, form.cleaned_data["reason"], by=by, at=timezone.now())
        return redirect("assessments:overview", pk=pk)
    page = {"form": form, "assessment": assessment}
    return render(request, "assessments/reopen.html", page, status=422 if form.errors else 200)
