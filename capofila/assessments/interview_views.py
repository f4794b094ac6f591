"""The interview: the questions of one area, and what is still on this device."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from capofila.assessments import (
    actions,
    asking,
    cards,
    earlier,
    evidence,
    implying,
    page_facts,
    queries,
    receiving,
    screen,
    shown,
)
from capofila.assessments.forms import PAGE, AreaForm
from capofila.assessments.models import Assessment
from capofila.consortium import access
from capofila.consortium.access import needs, who
from capofila.web.fonts import FILES

INTERVIEW = (
    "conditions", "ticks", "held", "drawn", "implied", "moving", "interview", "keys", "search", "offline"
)  # fmt: skip  # each needs those before it


@needs("read", "answer", to_post=("create", "pre-fill"))
def area(request: HttpRequest, pk: int, area: str) -> HttpResponse:
    """The questions of one area. With scripts each answer is saved alone; without, all with a button."""
    assessment, facts = queries.found_for(pk, who(request), on=timezone.localdate())
    side, now = asking.side_of(request, facts), timezone.now()
    found = asking.sheet(request, assessment, facts)
    before = earlier.of(assessment, asking.language()) if side != "company" else earlier.NOTHING
    page = cards.area_page(found, area, side=side, before=before.levels, at=now)
    if page is None:
        raise Http404
    told = shown.questions_json(assessment, found.holding, who(request), facts)
    known: dict[str, Any] = {
        "cards": page.cards,
        "told": told,
        "before": before.words,
        "privately": side == "consultant",
    }
    known["hints"] = implying.hints(found)
    filled = implying.of(found) if side != "company" else None
    if filled is not None:
        known["implied"] = filled.questions
    if request.method == "POST" and request.POST.get("confirm") in ("area", "all"):
        return _confirm(request, assessment, facts, page, filled)
    if request.method == "POST":
        form = AreaForm(request.POST, **known)
        if form.is_valid():
            author = receiving.author(who(request), facts)
            actions.receive(assessment, form.said(pk), author=author, at=now)
            _give(request, pk, page.cards)
            return HttpResponseRedirect(_after(request, pk, page))
        return _area(request, assessment, side, page, form, told, before, filled, status=422)
    form = AreaForm(initial={"opened": now.isoformat()}, **known)
    return _area(request, assessment, side, page, form, told, before, filled)


def _area(
    request: HttpRequest,
    assessment: Assessment,
    side: str | None,
    page: cards.AreaPage,
    form: AreaForm,
    told: dict[str, Any],
    before: earlier.Earlier,
    filled: implying.Filled | None,
    status: int = 200,
) -> HttpResponse:
    opened = request.GET.getlist("open")
    everything = opened == ["all"]
    typed = request.GET.get("q", "")
    values: dict[str, Any] = {
        "assessment": assessment,
        "page": page,
        "form": form,
        "side": side,
        "may_answer": asking.may_answer(assessment, side),
        "cards": form.shown([card.code for card in page.cards] if everything else opened),
        "all_open": everything,
        "typed": typed,
        "found": screen.search(page.sheet, typed) if typed else None,
        "scripts": asking.scripts("store", "said", "send", "card", "status"),
        "interview_scripts": asking.scripts(*INTERVIEW),
        "flagged": sum(bool(one.get("flagged")) for one in told.values()),
        "reasons": page_facts.usual_reasons(),
        "facts": _page_facts(request, assessment, side, page, told, before) | _implied(filled),
        "filled": filled,
        "confirms": side == "consultant" and asking.may_answer(assessment, side),
    }
    return render(request, "assessments/interview.html", values, status=status)


def _implied(filled: implying.Filled | None) -> dict[str, Any]:
    """What is implied, as the scripts fill it in and confirm it, without a network too."""
    found = filled.questions.values() if filled is not None else ()
    return {
        "implied": {
            one.code: {"value": one.value, "note": one.note, "asks": one.asks, "area": one.area}
            for one in found
        }
    }


def _confirm(
    request: HttpRequest,
    assessment: Assessment,
    facts: access.Facts,
    page: cards.AreaPage,
    filled: implying.Filled | None,
) -> HttpResponse:
    """What is implied becomes what the consultant said: in this area, or in all."""
    access.check(who(request), "create", "answer", facts)
    area, now = page.area.code, timezone.now()
    if filled is not None:
        ready = filled.ready(area if request.POST["confirm"] == "area" else None)
        said = [implying.said(one, page.sheet, at=now, device=PAGE) for one in ready]
        actions.receive(assessment, said, author=receiving.author(who(request), facts), at=now)
    return HttpResponseRedirect(reverse("assessments:area", args=[assessment.pk, area]))


def _page_facts(
    request: HttpRequest,
    assessment: Assessment,
    side: str | None,
    page: cards.AreaPage,
    told: dict[str, Any],
    before: earlier.Earlier,
) -> dict[str, Any]:
    """What the scripts of the page start from."""
    pk = assessment.pk
    areas = {row.code: reverse("assessments:area", args=[pk, row.code]) for row in page.progress.rows}
    return {
        **asking.device_facts(request),
        "assessment": pk,
        "side": side,
        "area": page.area.code,
        "areas": areas,
        "overview": reverse("assessments:overview", args=[pk]),
        "side_url": areas[page.area.code],
        "now": shown.moment(page.rail.at),
        "may_answer": asking.may_answer(assessment, side),
        "questions": page_facts.question_facts(page.sheet),
        "state": told,
        "before": before.levels,
        "before_name": before.name,
        "keep": [*areas.values(), reverse("assessments:overview", args=[pk]), reverse("assessments:device")],
        "fonts": [static(name) for name in FILES],
    }


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


def _after(request: HttpRequest, pk: int, page: cards.AreaPage) -> str:
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
        "facts": asking.device_facts(request),
        "scripts": asking.scripts("store", "said", "send", "card", "status", "device"),
    }
    return render(request, "assessments/device.html", facts)
