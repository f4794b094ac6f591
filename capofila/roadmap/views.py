"""Pages of the roadmap: the plan with what changes it, one action, the goals, versions, the hub's weights."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from capofila.assessments import asking
from capofila.assessments import queries as assessments
from capofila.assessments.models import Assessment
from capofila.companies.models import Contact
from capofila.consortium import access
from capofila.consortium.access import needs, who
from capofila.lib.problems import Problem, Refused
from capofila.roadmap import action_page, actions, goal_page, handing_over, library, page, queries, rows
from capofila.roadmap.forms import (
    GoalsForm,
    HandOverForm,
    LimitsForm,
    ProgressForm,
    SettleForm,
    WeightsForm,
)
from capofila.roadmap.goals import goals
from capofila.roadmap.grounds import weights_now
from capofila.roadmap.handing_over import Letter
from capofila.roadmap.models import HubWeights, Roadmap
from capofila.roadmap.named import said_with_names
from capofila.roadmap.next_version import Deed
from capofila.roadmap.queries import Standing
from capofila.roadmap.rules.shape import QUARTERS
from capofila.roadmap.versions import version_rows

PART = "X-Part"  # a script asks for the part of the page that a change can touch


def _found(request: HttpRequest, pk: int, action: str, thing: str) -> tuple[Assessment, access.Facts]:
    """An assessment whose roadmap somebody may read, or change; 404 where it can have none."""
    assessment, facts = assessments.found_for(pk, who(request), on=timezone.localdate())
    access.check(who(request), action, thing, facts)
    if not queries.has_actions(assessment):
        raise Http404
    return assessment, facts


# The roadmap


@needs("read", "roadmap")
@require_safe
def roadmap(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan by quarter, the map, the list; with what changes them for those who may."""
    assessment, facts = _found(request, pk, "read", "roadmap")
    return _shown(request, assessment, facts)


def _shown(
    request: HttpRequest,
    assessment: Assessment,
    facts: access.Facts,
    *,
    made: Roadmap | None = None,
    problems: list[str] | None = None,
    typed: QueryDict | None = None,
    status: int = 200,
) -> HttpResponse:
    """`made`: the version that was just made, where one was."""
    found = queries.shown_to(who(request), assessment) if made is None else queries.of_version(made)
    told = _facts(request, assessment, facts, found)
    if found is None:
        later = {**told, "problems": problems or []}
        return render(request, "roadmap/none.html", later, status=status)
    shown = _page(request, assessment, found)
    if told["may_change"]:
        told |= _changing(request, assessment, found, shown, typed)
    told |= {"page": shown, "problems": problems or [], "is_part": PART in request.headers}
    template = "roadmap/_roadmap.html" if told["is_part"] else "roadmap/roadmap.html"
    return render(request, template, told, status=status)


def _page(request: HttpRequest, assessment: Assessment, found: Standing) -> page.Page:
    sort = request.GET.get("sort", "")
    return page.Page(
        found,
        asking.language(),
        queries.progress(assessment),
        sort=sort if sort in rows.SORTS else "quarter",
        show_all=request.GET.get("show") == "all",
    )


def _facts(
    request: HttpRequest, assessment: Assessment, facts: access.Facts, found: Standing | None
) -> dict[str, Any]:
    is_contact = who(request).role == "contact"
    return {
        "assessment": assessment,
        "found": found,
        "of_company": is_contact,
        "may_change": access.may(who(request), "change", "roadmap", facts),
        "may_hand_over": access.may(who(request), "hand-over", "roadmap", facts),
        "may_follow": access.may(who(request), "create", "progress", facts),
        "may_weigh": access.scope(who(request), "weigh", "roadmap") is not None,
        "outdated": found is not None and not is_contact and queries.is_outdated(found.roadmap),
        "handed_over": None if is_contact else queries.handovers(assessment).first(),
    }


def _changing(
    request: HttpRequest, assessment: Assessment, found: Standing, shown: page.Page, typed: QueryDict | None
) -> dict[str, Any]:
    """Forms, as they stand or as they were typed."""
    row = found.roadmap
    names = goals()
    chosen = request.GET.get("settle") or request.POST.get("action", "")
    settled = shown.by_code.get(chosen) or (shown.planned[0] if shown.planned else None)
    way = "" if typed is None else typed.get("do", "")
    budget = None if row.budget_cents is None else row.budget_cents // 100
    limits = {"budget": budget, "days": row.days_per_quarter}
    return {
        "limits": LimitsForm(typed if way == "limits" else None, initial=limits),
        "goals": GoalsForm(
            typed if way == "goals" else None,
            goals=[(code, said[shown.language]) for code, said in names.items()],
            initial={"goals": row.goals},
        ),
        "settled": settled,
        "pinned_to": None if settled is None else row.pins.get(settled.code),
        "quarters": range(1, QUARTERS + 1),
        "may_undo": row.number > 1,
    }


@needs("read", "roadmap", to_post=("change",))
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """One change; then the page again. What cannot hold is said there, and the plan stands as it was."""
    if request.method != "POST":
        _found(request, pk, "read", "roadmap")
        return redirect("roadmap:roadmap", pk=pk)
    assessment, facts = _found(request, pk, "change", "roadmap")
    problems: list[str] = []
    made = None
    try:
        made = _changed(request, assessment, problems)
    except (Problem, Refused) as refused:
        problems = said_with_names(refused, assessment, asking.language())
    if made is None:
        return _shown(request, assessment, facts, problems=problems, typed=request.POST, status=422)
    if request.headers.get(PART):
        return _shown(request, assessment, facts, made=made)
    settled = request.POST.get("action", "")
    return redirect(reverse("roadmap:roadmap", args=[pk]) + (f"?settle={settled}#settle" if settled else ""))


def _changed(request: HttpRequest, assessment: Assessment, problems: list[str]) -> Roadmap | None:
    """Do what was asked; None, and what is wrong with the form among `problems`, where it cannot be done."""
    sent, way = request.POST, request.POST.get("do", "make")
    by = access.actor(who(request))
    seen = sent.get("seen", "")
    deed = Deed(by, timezone.now(), int(seen) if seen.isdecimal() and len(seen) < 9 else None)
    if way in PLAIN:
        return PLAIN[way](assessment, deed)
    form = _form(sent, way)
    if not form.is_valid():
        problems += _errors(form)
        return None
    if isinstance(form, LimitsForm):
        return actions.set_limits(assessment, form.limits(), deed)
    if isinstance(form, GoalsForm):
        return actions.set_goals(assessment, form.cleaned_data["goals"], deed)
    return _settle(way, sent.get("action", ""), form.cleaned_data, assessment, deed)


PLAIN: dict[str, Callable[[Assessment, Deed], Roadmap]] = {
    "make": actions.make,
    "recompute": actions.recompute,
    "undo": actions.undo,
}


def _form(sent: QueryDict, way: str) -> LimitsForm | GoalsForm | SettleForm:
    if way == "limits":
        return LimitsForm(sent)
    return GoalsForm(sent, goals=[(code, code) for code in goals()]) if way == "goals" else SettleForm(sent)


def _settle(way: str, action: str, typed: dict[str, Any], assessment: Assessment, deed: Deed) -> Roadmap:
    if way == "pin":
        return actions.pin(assessment, action, typed["quarter"] or 0, deed)
    if way == "not-relevant":
        return actions.set_not_relevant(assessment, action, typed["reason"], deed)
    if way == "begin":
        return actions.begin(assessment, action, deed, on=timezone.localdate())
    if way in SETTLING:
        return SETTLING[way](assessment, action, deed)
    raise Http404


SETTLING: dict[str, Callable[[Assessment, str, Deed], Roadmap]] = {
    "unpin": actions.unpin,
    "exclude": actions.exclude,
    "include": actions.include,
    "relevant": actions.set_relevant,
}


def _errors(form: Any) -> list[str]:
    return [
        f"{form.fields[name].label or name}: {error}"
        for name, errors in form.errors.items()
        for error in errors
    ]


# One action


@needs("read", "roadmap")
@require_safe
def action(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """What to do, why, how to know it worked; what became of it."""
    assessment, facts = _found(request, pk, "read", "roadmap")
    return _action(request, assessment, facts, action, None)


@needs("read", "progress", to_post=("create",))
def progress(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Say what became of an action."""
    if request.method != "POST":
        _found(request, pk, "read", "progress")
        return redirect("roadmap:action", pk=pk, action=action)
    assessment, facts = _found(request, pk, "create", "progress")
    form = ProgressForm(request.POST)
    if form.is_valid():
        try:
            actions.record_progress(
                assessment,
                action,
                form.cleaned_data["state"],
                on=form.cleaned_data["on"],
                note=form.cleaned_data["note"],
                by_company=who(request).role == "contact",
                by=access.actor(who(request)),
                at=timezone.now(),
            )
        except Problem as problem:
            form.add_error(None, said_with_names(problem, assessment, asking.language())[0])
        else:
            return redirect(reverse("roadmap:action", args=[pk, action]) + "#progress")
    return _action(request, assessment, facts, action, form)


def _action(
    request: HttpRequest, assessment: Assessment, facts: access.Facts, code: str, form: ProgressForm | None
) -> HttpResponse:
    if code not in library.load(assessment.name).by_code:
        raise Http404
    status = 200 if form is None else 422
    found = queries.shown_to(who(request), assessment)
    told = _facts(request, assessment, facts, found)
    if found is None and told["of_company"]:
        return render(request, "roadmap/none.html", told, status=status)
    history = list(queries.history(assessment, code))
    last = history[0].state if history else "not-begun"
    row = None if found is None else _page(request, assessment, found).by_code.get(code)
    told |= {
        "shown": action_page.action_page(assessment, code, asking.language()),
        "row": row,
        "history": history,
        "form": form or ProgressForm(initial={"state": last, "on": timezone.localdate()}),
        "may_follow": told["may_follow"] and (row is not None or not told["of_company"]),
    }
    return render(request, "roadmap/action.html", told, status=status)


# Goals


@needs("read", "roadmap")
@require_safe
def goals_page(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the answers are from what each goal asks; never a promise of a certificate."""
    assessment, facts = _found(request, pk, "read", "roadmap")
    found = queries.shown_to(who(request), assessment)
    told = _facts(request, assessment, facts, found)
    if found is None and told["of_company"]:
        return render(request, "roadmap/none.html", told)
    told["goals"] = goal_page.goals_of(assessment, asking.language(), found)
    return render(request, "roadmap/goals.html", told)


# Versions


@needs("read", "roadmap")
@require_safe
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """Every version with what changed; for the company, those it was given."""
    assessment, facts = _found(request, pk, "read", "roadmap")
    told = _facts(request, assessment, facts, None)
    given = list(queries.handovers(assessment))
    told["given"] = given
    told["rows"] = [] if told["of_company"] else version_rows(assessment, asking.language(), given)
    return render(request, "roadmap/versions.html", told)


@needs("read", "roadmap")
@require_safe
def version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One version as it was made; the company sees those it was given, as they were then."""
    assessment, facts = _found(request, pk, "read", "roadmap")
    told = _facts(request, assessment, facts, None)
    found = queries.version_for(assessment, number, is_contact=told["of_company"])
    if found is None:
        return render(request, "roadmap/none.html", told)
    told |= {"page": _page(request, assessment, found), "found": found, "earlier": True, "may_change": False}
    told |= {"may_hand_over": False, "problems": []}
    return render(request, "roadmap/roadmap.html", told)


@needs("hand-over", "roadmap")
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Asked once, since the company is written to: this version stays as it is."""
    assessment, facts = _found(request, pk, "hand-over", "roadmap")
    found = queries.standing(assessment)
    contacts = {str(one.pk): one for one in assessment.company.contacts.exclude(email="").order_by("name")}
    asked: dict[str, Any] = {
        "contacts": [(key, f"{one.name}, {one.email}") for key, one in contacts.items()],
        "initial": {"version": found.roadmap.number if found is not None else None},
    }
    form = HandOverForm(request.POST or None, **asked)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        chosen = contacts.get(form.cleaned_data.get("contact", ""))
        try:
            handing_over.hand_over(
                assessment,
                version=form.cleaned_data["version"],
                letter=None if chosen is None else _letter(request, chosen, pk),
                by=access.actor(who(request)),
                at=timezone.now(),
            )
        except Problem as problem:
            problems = said_with_names(problem, assessment, asking.language())
            form = HandOverForm(**asked)  # about the version that stands now
        else:
            return redirect("roadmap:roadmap", pk=pk)
    told = _facts(request, assessment, facts, found)
    told |= {"page": None if found is None else _page(request, assessment, found), "problems": problems}
    given = queries.handovers(assessment).first()
    is_given = given is not None and found is not None and given.plan_id == found.plan.pk
    told |= {"form": form, "contacts": contacts, "given": given if is_given else None}
    status = 409 if problems else 422 if form.errors else 200
    return render(request, "roadmap/hand_over.html", told, status=status)


def _letter(request: HttpRequest, to: Contact, pk: int) -> Letter:
    address = request.build_absolute_uri(reverse("accounts:enter", args=["SECRET"]))
    return Letter(to, address, reverse("roadmap:roadmap", args=[pk]))


# The hub's weights


@needs("weigh", "roadmap")
def weights(request: HttpRequest) -> HttpResponse:
    """How priorities are weighed at this hub, from now on."""
    access.check(who(request), "weigh", "roadmap")
    form = WeightsForm(request.POST or None, weights=weights_now())
    if request.method == "POST" and form.is_valid():
        actions.set_weights(form.weights(), by=access.actor(who(request)), at=timezone.now())
        return redirect("roadmap:weights")
    told = {"form": form, "history": HubWeights.objects.order_by("-pk")[:20]}
    return render(request, "roadmap/weights.html", told, status=422 if form.errors else 200)
