"""The texts of a report, written by the consultant: all of them in the report's order, and one at a time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from capofila.assessments import actions as assessments
from capofila.assessments import queries as stored
from capofila.assessments.models import Assessment
from capofila.consortium import access
from capofila.consortium.access import needs, who
from capofila.desk import versions
from capofila.desk.forms import TextForm
from capofila.desk.report_views import found_for, known_language
from capofila.lib.document import Block, Bullets, Document, Inline, Paragraph, Run
from capofila.lib.problems import Problem
from capofila.reports import actions as reports
from capofila.reports import queries as reports_given
from capofila.reports import text_edits
from capofila.reports.models import TextEdit
from capofila.reports.rules import markup
from capofila.web.words import in_words


@dataclass(frozen=True)
class Shown:
    """A paragraph or a list as a template writes it: "p", "ul" or "ol", and its lines in pieces."""

    tag: str
    lines: Sequence[Sequence[Run]]


@needs("create", "report")
@require_safe
def texts_of(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """The outline of the report with each text in its place."""
    assessment = _assessment(request, pk)
    language = known_language(language)
    edits = text_edits.newest(assessment, language)
    chapters = text_edits.places(_generated(assessment, language), edits)
    present = {place.key for _, places in chapters for place in places}
    given = reports_given.newest_handed_over(assessment).get(language)
    then = versions.texts_in(given)
    page = {
        "assessment": assessment,
        "language": language,
        "chapters": [
            (title, [(place, shown(place.text), _is_other(place, then)) for place in places])
            for title, places in chapters
        ],
        "given": given,
        "moved": sum(place.has_moved for _, places in chapters for place in places),
        "without_place": [
            shown(edit.text) for key, edit in edits.items() if edit.text is not None and key not in present
        ],
    }
    return render(request, "desk/texts.html", page)


def _is_other(place: text_edits.Place, then: Mapping[str, str | None] | None) -> bool:
    """Whether other words are written in its place than when a version was handed over."""
    written = place.text if place.is_written else None
    return then is not None and then.get(place.key) != written


@needs("create", "report")
def text(request: HttpRequest, pk: int, language: str, key: str) -> HttpResponse:
    """Write one text, look at it in place, keep it, or go back to the report's own."""
    assessment = _assessment(request, pk)
    language = known_language(language)
    place = _place(assessment, language, key)
    history = list(text_edits.history(assessment, language, key))
    number = place.edit.number if place.edit is not None else 0
    form = TextForm(
        request.POST or None, initial={"text": _begun(request, history) or place.text, "after": number}
    )
    form.fields["text"].required = request.POST.get("do") != "own"
    looked, problem = None, None
    if request.method == "POST" and form.is_valid():
        typed, deed = form.cleaned_data, request.POST.get("do")
        if deed == "look":
            looked = typed["text"]
        else:
            try:
                text_edits.write(
                    assessment,
                    language,
                    key,
                    None if deed == "own" else markup.cleaned(typed["text"]),
                    after=typed["after"],
                    generated=place.generated,
                    by=access.actor(who(request)),
                    at=timezone.now(),
                )
            except Problem as refused:  # somebody was quicker: what was typed stays, theirs is shown above
                problem = in_words(refused)
                form = TextForm(initial={"text": typed["text"], "after": number})
            else:
                return redirect("desk:texts", pk=pk, language=language)
    page = {
        "assessment": assessment,
        "language": language,
        "place": place,
        "form": form,
        "problem": problem,
        "looked": looked is not None,
        "preview": shown(place.text if looked is None else looked),
        "generated": shown(place.generated),
        "before": shown(place.edit.generated) if place.edit is not None and place.has_moved else None,
        "history": [(edit, shown(edit.text) if edit.text is not None else None) for edit in history],
    }
    status = 409 if problem else 422 if form.errors else 200
    return render(request, "desk/text.html", page, status=status)


def shown(text: str) -> list[Shown]:
    return [_shown(block) for block in markup.parse(text)]


def _shown(block: Block) -> Shown:
    if isinstance(block, Bullets):
        return Shown("ol" if block.ordered else "ul", [_pieces(item) for item in block.items])
    assert isinstance(block, Paragraph)  # the markup gives nothing else
    return Shown("p", [_pieces(block.text)])


def _pieces(inline: Inline) -> list[Run]:
    pieces: Iterable[Run | str] = [inline] if isinstance(inline, str) else inline
    return [Run(piece) if isinstance(piece, str) else piece for piece in pieces]


def _begun(request: HttpRequest, history: Sequence[TextEdit]) -> str | None:
    """An earlier text to begin from, where the address names one."""
    asked = request.GET.get("from", "")
    return next((edit.text for edit in history if str(edit.number) == asked), None)


def _assessment(request: HttpRequest, pk: int) -> Assessment:
    assessment, facts = found_for(request, pk)
    access.check(who(request), "create", "report", facts)
    return assessment


def _generated(assessment: Assessment, language: str) -> Document:
    assessments.check_enough(stored.submission(assessment))
    return reports.generated(assessment, language)


def _place(assessment: Assessment, language: str, key: str) -> text_edits.Place:
    chapters = text_edits.places(_generated(assessment, language), text_edits.newest(assessment, language))
    found = next((place for _, places in chapters for place in places if place.key == key), None)
    if found is None:
        raise Http404
    return found
