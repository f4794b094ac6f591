"""The file of a company's group, as the command `company_size` reads it: out, and back in after a look."""

import hashlib
from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from capofila.companies import group_file, group_queries, group_upload, group_writing, queries
from capofila.companies.group_actions import THINGS
from capofila.companies.group_file import GroupFile
from capofila.companies.group_upload import Step
from capofila.companies.models import Company
from capofila.consortium import access
from capofila.consortium.access import needs, who
from capofila.desk.group_forms import GroupFileForm
from capofila.desk.group_views import company_for, day_of, today
from capofila.desk.group_words import row_words
from capofila.lib import sources
from capofila.lib.problems import Problem, Refused
from capofila.web.words import in_words

LARGEST = 500_000  # bytes of a file of one group


@needs("read", "company")
@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """All that is known. Figures that the person may not see are left out."""
    company, _facts = company_for(request, pk, "read")
    day, mistake = day_of(request)
    if mistake:
        raise Http404
    known = group_queries.known(company)
    seen = queries.visible(who(request), timezone.localdate())
    inside = [each.company_id for each in known.enterprises if each.company_id is not None]
    visible = {company.pk, *seen.filter(pk__in=inside).values_list("pk", flat=True)}
    hidden = {
        known.names[each.pk]
        for each in known.enterprises
        if each.company_id is not None and each.company_id not in visible
    }
    text = group_writing.written(known.ties, known.subject, day, without_figures=hidden)
    response = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    name = f"{slugify(company.name) or 'capofila'}-group.yaml"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@needs("change", "company")
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """First what the file would change, row by row; entered when that very list is sent back."""
    company, _facts = company_for(request, pk, "change")
    form = GroupFileForm()
    text, name = request.POST.get("text", ""), request.POST.get("name", "")
    if request.method == "POST" and not text:
        form = GroupFileForm(request.POST, request.FILES)
        if form.is_valid():
            sent = form.cleaned_data["file"]
            name, text = sent.name[-200:], _text(form, sent.read(LARGEST + 1), sent.name)
    shown: dict[str, object] = {"company": company, "form": form}
    refused: list[str] = []
    if text and not form.errors:
        try:
            file = group_file.read_text(text, name)
            steps = group_upload.plan(company, file, may_change(request))
            if request.POST.get("seen") == _seal(steps):
                _enter(request, company, file, name)
                return redirect("desk:group", pk=pk)
        except Problem as problem:
            refused = [_placed(problem)]
        except Refused as several:
            refused = [_placed(problem) for problem in several.problems]
        else:
            shown |= {"text": text, "name": name, "seen": _seal(steps), "looked": True}
            shown["steps"] = [_in_words(step) for step in steps]
    shown["refused"] = refused
    return render(request, "desk/group_upload.html", shown, status=422 if refused or form.errors else 200)


def _placed(problem: Problem) -> str:
    """With its line or key in the file, where it has one."""
    at = problem.at
    place = "" if at is None else f"{at.key or ''} {at.line or ''}".strip()
    return f"{place}: {in_words(problem)}" if place else in_words(problem)


def _text(form: GroupFileForm, data: bytes, name: str) -> str:
    if len(data) > LARGEST:
        sentence = "The file has more than {largest} bytes; a smaller one is expected."
        form.add_error("file", in_words(Problem("file.too-large", sentence, largest=LARGEST)))
        return ""
    try:
        return sources.decode(data, name)
    except Problem as problem:
        form.add_error("file", in_words(problem))
        return ""


def may_change(request: HttpRequest) -> group_upload.MayChange:
    asking, on = who(request), timezone.localdate()
    return lambda company: access.may(asking, "change", "company", queries.access_facts(company, on))


def _enter(request: HttpRequest, company: Company, file: GroupFile, name: str) -> None:
    group_upload.enter(
        company, file, may_change(request), reason=name, by=access.actor(who(request)), at=timezone.now(),
        on=today(),
    )  # fmt: skip


def _in_words(step: Step) -> tuple[str, str]:
    """(what stands now, or empty for a new row; what will stand)"""
    thing = THINGS[type(step.row)]
    return row_words(thing, step.before) if step.before else "", row_words(thing, step.after)


def _seal(steps: Sequence[Step]) -> str:
    """What was seen is what is entered: the same list has the same seal."""
    said = repr([(dict(step.before), dict(step.after)) for step in steps])
    return hashlib.sha256(said.encode()).hexdigest()
