"""Lists of companies: look at one first, then enter it, drop it, or take it back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from capofila.companies import importing
from capofila.companies.models import ImportRun
from capofila.consortium import access
from capofila.consortium.access import Facts, Who, needs, who
from capofila.consortium.models import Partner
from capofila.desk import history
from capofila.desk.company_forms import ImportForm
from capofila.lib import sources
from capofila.lib.problems import Problem, Refused
from capofila.web.words import in_words

AT_MOST = 300  # verdicts on a page; those that need a look come first
ORDER = ("refused", "duplicate", "update", "new")


@needs("read", "import", to_post=("create",))
def imports(request: HttpRequest) -> HttpResponse:
    """The lists of one's partner, and the form for a new one."""
    asking = who(request)
    runs = ImportRun.objects.exclude(state=ImportRun.State.DROPPED).select_related("partner", "user")
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
        run = _look(request, form, asking, mine, of_all=of_all)
        if run is not None:
            return redirect("desk:import", pk=run.pk)
    shown = {"form": form if mine else None, "runs": runs.order_by("-pk")[:50]}
    return render(request, "desk/imports.html", shown, status=422 if form.errors else 200)


def _look(
    request: HttpRequest, form: ImportForm, asking: Who, mine: list[Partner], *, of_all: bool
) -> ImportRun | None:
    """The dry run; None, with the mistakes in the form, for a file that is no list."""
    partner = next((each for each in mine if str(each.pk) == form.cleaned_data["partner"]), None)
    if partner is None and not of_all:
        raise access.Denied(403)
    sent = form.cleaned_data["file"]
    user = access.actor(asking).user
    assert user is not None
    try:
        return importing.look(
            sent.read(sources.LARGEST_FILE + 1), sent.name, who=asking, partner=partner,
            strict=form.cleaned_data["strict"], user=user, at=timezone.now(),
            on=timezone.localdate(),
        )  # fmt: skip
    except (Problem, Refused) as refused:
        for problem in refused.problems if isinstance(refused, Refused) else (refused,):
            form.add_error("file", in_words(problem))
        return None


@needs("read", "import", to_post=("create", "undo"))
def import_run(request: HttpRequest, pk: int) -> HttpResponse:
    """A verdict for each row; enter the list, drop it, or take it back."""
    asking = who(request)
    run = get_object_or_404(ImportRun.objects.select_related("partner"), pk=pk)
    facts = Facts(partner=run.partner_id if run.partner_id is not None else -1)
    access.check(asking, "read", "import", facts)
    if request.method == "POST":
        _do(request.POST.get("go", ""), run, asking, facts)
        if run.state == ImportRun.State.DROPPED:
            return redirect("desk:imports")
        return redirect("desk:import", pk=pk)
    rows = sorted(run.verdicts, key=lambda row: (ORDER.index(row["kind"]), row["line"]))
    shown = {
        "run": run,
        "rows": [_row(row) for row in rows[:AT_MOST]],
        "more": max(0, len(rows) - AT_MOST),
        "waits": run.state == ImportRun.State.CHECKED and access.may(asking, "create", "import", facts),
        "blocked": run.strict and run.rows_refused > 0,
        "empty": not run.rows_new and not run.rows_update,
        "may_undo": run.state == ImportRun.State.DONE and access.may(asking, "undo", "import", facts),
    }
    return render(request, "desk/import.html", shown)


def _do(go: str, run: ImportRun, asking: Who, facts: Facts) -> None:
    by, at, on = access.actor(asking), timezone.now(), timezone.localdate()
    if go == "undo":
        access.check(asking, "undo", "import", facts)
        importing.undo(run, by=by)
        return
    access.check(asking, "create", "import", facts)
    if go == "drop":
        importing.drop(run)
    elif go == "enter":
        try:
            importing.enter(run, who=asking, by=by, at=at, on=on)
        except importing.ChangedSince:
            importing.look_again(run, who=asking, on=on)
            raise


def _row(row: dict[str, object]) -> dict[str, object]:
    """A kept verdict as the page shows it."""
    problems, changes = row["problems"], row["changes"]
    assert isinstance(problems, list)
    assert isinstance(changes, list)
    why = [in_words(Problem(code, sentence, **facts)) for code, sentence, facts in problems]
    return {**row, "why": why, "differences": history.differences(changes)}
