"""The questionnaire on paper, and as a spreadsheet that goes out and comes back."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from capofila.assessments import actions, asking, cards, implying, queries, receiving, sheets
from capofila.assessments.forms import AnswersFileForm
from capofila.consortium.access import needs, who
from capofila.lib.problems import Problem, Refused
from capofila.web.words import in_words

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@needs("read", "assessment")
@require_safe
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole questionnaire to print and fill in by hand, with the codes of the screen."""
    assessment, facts = queries.found_for(pk, who(request), on=timezone.localdate())
    found = asking.sheet(request, assessment, facts)
    drawn = [cards.card(found, question, side=None, before={}) for question in found.applicable]
    areas = [
        (found.digits(area), found.words.name(area, found.profile), [
            card for card, question in zip(drawn, found.applicable, strict=True) if question.area == area
        ])
        for area in found.areas
    ]  # fmt: skip
    page = {"assessment": assessment, "areas": areas, "instrument": found.words}
    return render(request, "assessments/paper.html", page)


@needs("read", "assessment")
@require_safe
def answers_out(request: HttpRequest, pk: int) -> HttpResponse:
    """The answers as a spreadsheet that `answers_in` takes back; what is implied on a sheet of its own."""
    assessment, facts = queries.found_for(pk, who(request), on=timezone.localdate())
    found = asking.sheet(request, assessment, facts)
    is_company = asking.side_of(request, facts) == "company" or who(request).role == "contact"
    data = sheets.written(found, None if is_company else implying.of(found))
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
            found = asking.sheet(request, assessment, facts)
            said = sheets.said(found, file.name, file.read(), side=author.side, at=timezone.now())
            actions.receive(assessment, said, author=author, at=timezone.now())
            taken = len(said)
        except (Problem, Refused) as refusal:
            listed = refusal.problems if isinstance(refusal, Refused) else (refusal,)
            problems = [_placed(problem, file.name) for problem in listed]
    wrong = bool(problems or form.errors)
    page = {"form": form, "assessment": assessment, "problems": problems, "taken": taken}
    return render(request, "assessments/answers_in.html", page, status=422 if wrong else 200)


def _placed(problem: Problem, name: str) -> str:
    """A refusal with its place, the file called as the person called it."""
    if problem.at is None:
        return in_words(problem)
    return f"{replace(problem.at, file=name)}: {in_words(problem)}"
