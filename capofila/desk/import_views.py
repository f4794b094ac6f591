"""Lists of companies: look at one first, then enter it, drop it, or take it back; the worker does it."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from capofila.companies import import_file, import_tasks, importing
from capofila.companies.models import ImportRun
from capofila.consortium import access
from capofila.consortium.access import Facts, Who, needs, who
from capofila.consortium.models import Partner
from capofila.desk import history
from capofila.desk.company_forms import ImportForm
from capofila.desk.registry_views import FRAGMENT
from capofila.lib import sources
from capofila.lib.problems import Problem, Refused
from capofila.web.words import in_words

PAGE = 200  # verdicts on a page; those that need a look come first
ORDER = ("refused", "duplicate", "update", "new")
State = ImportRun.State


@needs("read", "import", to_post=("create",))
def imports(request: HttpRequest) -> HttpResponse:
    """The lists of one's partner, and the form for a new one."""
    asking = who(request)
    runs = ImportRun.objects.exclude(state=State.DROPPED).select_related("partner", "user")
    if access.scope(asking, "read", "import") != "all":
        runs = runs.filter(partner=asking.partner)
    mine = [
        partner
        for partner in Partner.objects.order_by("name")
        if access.may(asking, "create", "import", Facts(partner=partner.pk))
    ]
    of_all = access.scope(asking, "create", "import") == "all"
    form = ImportForm(
        request.POST or None, request.FILES or None, partners=mine, nobody=of_all,
        initial={"partner": asking.partner},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        run = _send(form, asking, mine, of_all=of_all)
        if run is not None:
            return redirect("desk:import", pk=run.pk)
    shown = {"form": form if mine else None, "runs": runs.defer("data", "verdicts").order_by("-pk")[:50]}
    return render(request, "desk/imports.html", shown, status=422 if form.errors else 200)


def _send(form: ImportForm, asking: Who, mine: list[Partner], *, of_all: bool) -> ImportRun | None:
    """Have the list looked at; None, with the mistakes in the form, for a file that is no list."""
    partner = next((each for each in mine if str(each.pk) == form.cleaned_data["partner"]), None)
    if partner is None and not of_all:
        raise access.Denied(403)
    sent = form.cleaned_data["file"]
    data = sent.read(sources.LARGEST_FILE + 1)
    user = access.actor(asking).user
    assert user is not None
    try:
        import_file.check_head(data, sent.name)
    except (Problem, Refused) as refused:
        for problem in refused.problems if isinstance(refused, Refused) else (refused,):
            form.add_error("file", in_words(problem))
        return None
    return import_tasks.begin_to_look(
        data, sent.name, partner=partner, strict=form.cleaned_data["strict"], user=user
    )


@needs("read", "import", to_post=("create", "undo"))
def import_run(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is; a verdict for each row; enter the list, drop it, or take it back."""
    asking = who(request)
    run = get_object_or_404(ImportRun.objects.select_related("partner").defer("data", "verdicts"), pk=pk)
    facts = Facts(partner=run.partner_id if run.partner_id is not None else -1)
    access.check(asking, "read", "import", facts)
    if request.method == "POST":
        _do(request.POST.get("go", ""), run, asking, facts)
        return redirect("desk:imports") if run.state == State.DROPPED else redirect("desk:import", pk=pk)
    is_over = not run.is_running and run.is_findable
    if FRAGMENT in request.headers:
        response = render(request, "desk/_import_progress.html", {"run": run, "doing": _doing(run)})
        if is_over:
            response["X-Over"] = "1"
    else:
        shown = {**_shown(request, run, asking, facts), "is_over": is_over}
        response = render(request, "desk/import.html", shown)
    response["Vary"] = FRAGMENT
    return response


def _shown(request: HttpRequest, run: ImportRun, asking: Who, facts: Facts) -> dict[str, object]:
    chosen = request.GET.get("kind", "")
    rows = [row for row in run.verdicts if chosen not in ORDER or row["kind"] == chosen]
    rows.sort(key=lambda row: (ORDER.index(row["kind"]), row["line"]))
    number = request.GET.get("page", "")
    pages = max(1, -(-len(rows) // PAGE))
    page = min(int(number) if number.isdecimal() and len(number) < 6 else 1, pages) or 1
    kept = f"kind={chosen}&" if chosen in ORDER else ""
    return {
        "run": run,
        "doing": _doing(run),
        "why_not": [_sentence(problem) for problem in run.problems],
        "kinds": _kinds(run) if run.verdicts else [],
        "chosen": chosen,
        "rows": [_row(row) for row in rows[(page - 1) * PAGE : page * PAGE]],
        "page": page,
        "pages": pages,
        "earlier": f"?{kept}page={page - 1}" if page > 1 else "",
        "later": f"?{kept}page={page + 1}" if page < pages else "",
        "waits": run.state == State.CHECKED and access.may(asking, "create", "import", facts),
        "blocked": run.strict and run.rows_refused > 0,
        "empty": not run.rows_new and not run.rows_update,
        "may_undo": run.state == State.DONE
        and run.is_findable
        and access.may(asking, "undo", "import", facts),
    }


def _doing(run: ImportRun) -> str:
    """What goes on, in words."""
    if run.state == State.LOOKING:
        return _("The list is being looked at.")
    if run.state == State.ENTERING and 0 < run.rows_total == run.rows_done:
        return _("Every row was looked at again; now all of them are being written at once.")
    if run.state == State.ENTERING:
        return _("The list is being entered: all of it at once, or nothing.")
    if run.state == State.UNDOING:
        return _("The list is being taken back: all of it at once, or nothing.")
    return _("The list is entered. What finds its companies while one types is being added.")


def _kinds(run: ImportRun) -> list[tuple[str, str, int]]:
    return [
        ("refused", _("Refused"), run.rows_refused),
        ("duplicate", _("Duplicates"), run.rows_duplicate),
        ("update", _("Updates"), run.rows_update),
        ("new", _("New"), run.rows_new),
    ]


def _do(go: str, run: ImportRun, asking: Who, facts: Facts) -> None:
    user = access.actor(asking).user
    assert user is not None
    if go == "undo":
        access.check(asking, "undo", "import", facts)
        import_tasks.begin_to_undo(run, user=user)
        return
    access.check(asking, "create", "import", facts)
    if go == "drop":
        importing.drop(run)
    elif go == "enter":
        import_tasks.begin_to_enter(run, user=user)


def _row(row: dict[str, object]) -> dict[str, object]:
    """A kept verdict as the page shows it."""
    problems, changes = row["problems"], row["changes"]
    assert isinstance(problems, list)
    assert isinstance(changes, list)
    why = [_sentence(problem) for problem in problems]
    return {**row, "why": why, "differences": history.differences(changes)}


def _sentence(kept: Sequence[object]) -> str:
    code, sentence, facts = kept
    assert isinstance(facts, dict)
    return in_words(Problem(str(code), str(sentence), **facts))
