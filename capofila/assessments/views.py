"""Pages of an assessment's life: start, invite, interview, complete, reopen; paper and spreadsheet."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from capofila.accounts.models import User
from capofila.assessments import (
    actions,
    evidence,
    page_facts,
    prefill,
    queries,
    receiving,
    screen,
    sheets,
    shown,
)
from capofila.assessments.forms import PAGE, AnswersFileForm, AreaForm, InviteForm, ReopenForm, StartForm
from capofila.assessments.models import Assessment
from capofila.companies import queries as companies
from capofila.companies.models import Company
from capofila.consortium import access
from capofila.consortium.access import needs, who
from capofila.consortium.models import Membership
from capofila.instruments import library
from capofila.lib.problems import Problem, Refused
from capofila.web.fonts import FILES
from capofila.web.words import in_words

REPORTED = "digital-maturity"  # the questionnaire that the report is about
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@needs("create", "assessment")
def start(request: HttpRequest, company: int) -> HttpResponse:
    """Choose questionnaire, profile, stage, day and consultant; then the first area opens."""
    asking, on = who(request), timezone.localdate()
    found = get_object_or_404(companies.visible(asking, on), pk=company)
    access.check(asking, "create", "assessment", companies.access_facts(found, on))
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
            by=access.actor(asking),
        )
        return redirect("assessments:overview", pk=begun.pk)
    facts = {"form": form, "company": found}
    return render(request, "assessments/start.html", facts, status=422 if form.errors else 200)


def _start_form(request: HttpRequest, company: Company) -> StartForm:
    language = _language()
    loaded = {code: library.load(code) for code in sorted({code for code, _ in library.available()})}
    profiles: dict[str, str] = {}
    for code, instrument in loaded.items():
        names = library.words(code, language).names
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
    side = _side(request, facts)
    found = _sheet(request, assessment, facts)
    told = shown.assessment_json(assessment, who(request), facts, at=timezone.now())["questions"]
    flagged = [
        screen.listed(found, question)
        for question in found.shown
        if told.get(question.code, {}).get("flagged")
    ]
    may = {
        name: access.may(who(request), name, "assessment", facts)
        for name in ("invite", "complete", "reopen", "change")
    }
    others = Assessment.objects.filter(company=assessment.company_id).exclude(pk=pk).order_by("day", "pk")
    page: dict[str, Any] = {
        "assessment": assessment,
        "progress": screen.progress(found),
        "flagged": flagged,
        "facts": _device_facts(request) | {"assessment": pk},
        "scripts": _scripts("store", "said", "send", "card", "status", "settle"),
        "side": side,
        "may": may,
        "may_answer": _may_answer(assessment, side),
        "instrument": page_facts.instrument_name(assessment.name, _language()),
        "milestones": assessment.milestones.order_by("at", "pk") if side != "company" else (),
        "others": [(one, page_facts.instrument_name(one.name, _language())) for one in others]
        if side != "company"
        else (),
        "has_report": assessment.instrument == REPORTED,
        "invited": [found.words.name(area, found.profile) for area in assessment.prefill_areas],
    }
    return render(request, "assessments/overview.html", page)


@needs("invite", "assessment")
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a contact of the company answer some areas beforehand, by a link in a mail."""
    assessment, facts = queries.found_for(pk, who(request), on=timezone.localdate())
    access.check(who(request), "invite", "assessment", facts)
    found = screen.sheet(assessment, _language())
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
    page = {
        "assessment": assessment,
        "progress": screen.progress(screen.sheet(assessment, _language())),
        "problems": problems,
        "facts": _device_facts(request) | {"assessment": pk},
        "scripts": _scripts("store", "said", "send", "card", "status", "settle"),
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


# The interview


@needs("read", "answer", to_post=("create", "pre-fill"))
def area(request: HttpRequest, pk: int, area: str) -> HttpResponse:
    """The questions of one area. With scripts each answer is saved alone; without, all with a button."""
    assessment, facts = queries.found_for(pk, who(request), on=timezone.localdate())
    side, now = _side(request, facts), timezone.now()
    found = _sheet(request, assessment, facts)
    earlier = None if side == "company" else screen.previous(assessment)
    before = {} if earlier is None else screen.levels_of(earlier)
    page = screen.area_page(found, area, side=side, before=before, at=now)
    if page is None:
        raise Http404
    if request.method == "POST":
        form = AreaForm(request.POST, cards=page.cards)
        if form.is_valid():
            author = receiving.author(who(request), facts)
            actions.receive(assessment, form.said(pk), author=author, at=now)
            _give(request, pk, page.cards)
            return HttpResponseRedirect(_after(request, pk, page))
        return _area(request, assessment, facts, page, form, earlier, before, status=422)
    form = AreaForm(cards=page.cards, initial={"opened": now.isoformat()})
    return _area(request, assessment, facts, page, form, earlier, before)


def _area(
    request: HttpRequest,
    assessment: Assessment,
    facts: access.Facts,
    page: screen.AreaPage,
    form: AreaForm,
    earlier: Assessment | None,
    before: dict[str, object],
    status: int = 200,
) -> HttpResponse:
    opened = request.GET.getlist("open")
    everything = opened == ["all"]
    side = _side(request, facts)
    typed = request.GET.get("q", "")
    values: dict[str, Any] = {
        "assessment": assessment,
        "page": page,
        "form": form,
        "side": side,
        "may_answer": _may_answer(assessment, side),
        "cards": form.shown([card.code for card in page.cards] if everything else opened),
        "all_open": everything,
        "typed": typed,
        "found": screen.search(page.sheet, typed) if typed else None,
        "scripts": _scripts("store", "said", "send", "card", "status"),
        "interview_scripts": _scripts("conditions", "ticks", "interview", "keys", "search", "offline"),
        "reasons": page_facts.usual_reasons(),
        "facts": _page_facts(request, assessment, facts, page, earlier, before),
    }
    return render(request, "assessments/interview.html", values, status=status)


def _page_facts(
    request: HttpRequest,
    assessment: Assessment,
    facts: access.Facts,
    page: screen.AreaPage,
    earlier: Assessment | None,
    before: dict[str, object],
) -> dict[str, Any]:
    """What the scripts of the page start from."""
    side, pk = _side(request, facts), assessment.pk
    told = shown.assessment_json(assessment, who(request), facts, at=timezone.now())
    areas = {row.code: reverse("assessments:area", args=[pk, row.code]) for row in page.progress.rows}
    return {
        **_device_facts(request),
        "assessment": pk,
        "side": side,
        "area": page.area.code,
        "areas": areas,
        "overview": reverse("assessments:overview", args=[pk]),
        "side_url": areas[page.area.code],
        "now": told["now"],
        "may_answer": _may_answer(assessment, side),
        "questions": page_facts.question_facts(page.sheet),
        "state": told["questions"],
        "before": before,
        "before_name": str(earlier.day.year) if earlier is not None else "",
        "keep": [*areas.values(), reverse("assessments:overview", args=[pk]), reverse("assessments:device")],
        "fonts": [static(name) for name in FILES],
    }


def _device_facts(request: HttpRequest) -> dict[str, Any]:
    asking = who(request)
    return {
        "author": asking.user,
        "author_name": asking.name,
        "language": _language(),
        "words": page_facts.page_words(),
    }


def _scripts(*names: str) -> list[str]:
    return [f"assessments/{name}.js" for name in names]


def _give(request: HttpRequest, pk: int, cards: Any) -> None:
    """Files that came with the form of a page without scripts."""
    for card in cards:
        for file in request.FILES.getlist(f"{card.code}.files"):
            given = evidence.Given(
                id=page_facts.page_id(pk, card.code, file.name or "", request.POST.get("opened", "")),
                question=card.code,
                name=(file.name or "file")[: evidence.LONGEST_NAME],
                data=file.read(),
                device_time=timezone.now(),
                device=PAGE,
            )
            evidence.give(pk, given, who=who(request), at=timezone.now())


def _after(request: HttpRequest, pk: int, page: screen.AreaPage) -> str:
    go = request.POST.get("go", "")
    row = {"back": page.before, "next": page.after, "stay": page.area}.get(go)
    if row is None:
        return reverse("assessments:overview", args=[pk])
    return reverse("assessments:area", args=[pk, row.code])


@needs("read", "assessment")
@require_safe
def device(request: HttpRequest) -> HttpResponse:
    """What is still on this device: read by a script, so that it opens without a network."""
    facts = {
        "facts": _device_facts(request),
        "scripts": _scripts("store", "said", "send", "card", "status", "device"),
    }
    return render(request, "assessments/device.html", facts)


# Paper and spreadsheet


@needs("read", "assessment")
@require_safe
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole questionnaire to print and fill in by hand, with the codes of the screen."""
    assessment, facts = queries.found_for(pk, who(request), on=timezone.localdate())
    found = _sheet(request, assessment, facts)
    cards = [screen.card(found, question, side=None, before={}) for question in found.applicable]
    areas = [
        (found.digits(area), found.words.name(area, found.profile), [
            card for card, question in zip(cards, found.applicable, strict=True) if question.area == area
        ])
        for area in found.areas
    ]  # fmt: skip
    page = {"assessment": assessment, "areas": areas, "instrument": found.words}
    return render(request, "assessments/paper.html", page)


@needs("read", "assessment")
@require_safe
def answers_out(request: HttpRequest, pk: int) -> HttpResponse:
    """The answers as a spreadsheet that `answers_in` takes back."""
    assessment, facts = queries.found_for(pk, who(request), on=timezone.localdate())
    data = sheets.written(_sheet(request, assessment, facts))
    response = HttpResponse(data, content_type=XLSX)
    name = f"{slugify(assessment.company.name)}-{assessment.instrument}-{assessment.stage}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@needs(("create", "pre-fill"), "answer")
def answers_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Take answers from a spreadsheet: all of them, or none and why."""
    assessment, facts = queries.found_for(pk, who(request), on=timezone.localdate())
    author = receiving.author(who(request), facts)
    form = AnswersFileForm(request.POST or None, request.FILES or None)
    problems: list[str] = []
    taken: int | None = None
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            found = _sheet(request, assessment, facts)
            said = sheets.said(found, file.name, file.read(), side=author.side, at=timezone.now())
            actions.receive(assessment, said, author=author, at=timezone.now())
            taken = len(said)
        except (Problem, Refused) as refusal:
            listed = refusal.problems if isinstance(refusal, Refused) else (refusal,)
            problems = [f"{problem.at}: {in_words(problem)}" for problem in listed]
    wrong = bool(problems or form.errors)
    page = {"form": form, "assessment": assessment, "problems": problems, "taken": taken}
    return render(request, "assessments/answers_in.html", page, status=422 if wrong else 200)


# Who asks


def _side(request: HttpRequest, facts: access.Facts) -> str | None:
    """The side of the table somebody answers on; None for those who only read."""
    return shown.side_of(who(request), facts)


def _may_answer(assessment: Assessment, side: str | None) -> bool:
    return side is not None and assessment.state == Assessment.State.DRAFT


def _sheet(request: HttpRequest, assessment: Assessment, facts: access.Facts) -> screen.Sheet:
    """The assessment as this person may see it: a contact the open areas and the company's answers."""
    side = _side(request, facts)
    areas = assessment.prefill_areas if side == "company" else None
    return screen.sheet(assessment, _language(), open_areas=areas, side=side)


def _language() -> str:
    """The language of the page, of those that questionnaires have words in."""
    language = (get_language() or settings.LANGUAGE_CODE).partition("-")[0]
    return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
