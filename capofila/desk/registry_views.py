"""The registry of companies: search as you type, filters, order; duplicates and their merging."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from capofila.assessments.models import Assessment
from capofila.companies import actions, merging, queries, sectors
from capofila.companies.models import Company, Likeness, SavedOrder
from capofila.companies.queries import ORDERS, Filters
from capofila.consortium import access
from capofila.consortium.access import needs, who
from capofila.consortium.models import Partner
from capofila.desk import history
from capofila.desk.merging import check_interviews, nothing_chosen
from capofila.desk.words import language

FRAGMENT = "X-Fragment"  # the header by which live-search.js asks for the list alone


def stages() -> dict[str, Q]:
    """Stage -> which companies have an assessment of it; "none": those without any."""
    assessed = Assessment.objects.values("company")
    of_stage = {code: Q(pk__in=assessed.filter(stage=code)) for code in Assessment.Stage.values}
    return {**of_stage, "none": ~Q(pk__in=assessed)}


@dataclass(frozen=True)
class Filter:
    """One filter as the page shows it."""

    name: str
    label: str
    choices: list[tuple[str, str]]
    chosen: str

    @property
    def chosen_label(self) -> str:
        return dict(self.choices).get(self.chosen, self.chosen)


@needs("read", "company")
@require_safe
def registry(request: HttpRequest) -> HttpResponse:
    """One page of the companies that somebody may see; the list alone for whoever is still typing."""
    asking, on, among = who(request), timezone.localdate(), stages()
    shown = _filters(request, asking)
    filters = _read(request, shown)
    order = _order(request, asking)
    page = int(number) if (number := request.GET.get("page", "")).isdecimal() and len(number) < 6 else 1
    found = queries.registry(asking, filters, order=order, page=page, on=on, among=among)
    beyond = [] if found.count else queries.beyond(asking, filters, on=on, among=among)
    asked = {name: str(value) for name, value in vars(filters).items() if value}
    facts = {
        "registry": found,
        "filters": shown,
        "typed": filters.typed,
        "order": order,
        "orders": [("name", _("Name")), ("place", _("Place")), ("newest", _("Newest first"))],
        "beyond": [
            (_label(name, shown), count, f"?{urlencode({k: v for k, v in asked.items() if k != name})}")
            for name, count in beyond
        ],
        "earlier": f"?{urlencode({**asked, 'page': found.page - 1})}" if found.page > 1 else "",
        "later": f"?{urlencode({**asked, 'page': found.page + 1})}" if found.page < found.pages else "",
        "may_add": access.scope(asking, "create", "company") is not None,
        "may_import": access.scope(asking, "read", "import") is not None,
        "may_merge": access.scope(asking, "read", "merge") is not None,
    }
    is_fragment = FRAGMENT in request.headers
    response = render(request, "desk/_registry.html" if is_fragment else "desk/registry.html", facts)
    response["Vary"] = FRAGMENT
    return response


def _filters(request: HttpRequest, asking: access.Who) -> list[Filter]:
    visible = queries.visible(asking, timezone.localdate())
    unknown = [("unknown", _("not known"))]
    choices = {
        "province": (_("Province"), [(code, code) for code in queries.provinces(visible)]),
        "size": (_("Size"), [*((code, str(name)) for code, name in Company.Size.choices), *unknown]),
        "sector": (_("Sector"), [*sectors.sector_names(language()).items(), *unknown]),
        "stage": (
            _("Stage"),
            [
                *((code, str(name)) for code, name in Assessment.Stage.choices),
                ("none", _("not assessed yet")),
            ],
        ),
    }
    if access.scope(asking, "read", "partner") is not None:
        partners = [(str(partner.pk), partner.name) for partner in Partner.objects.order_by("name")]
        choices["partner"] = (_("Partner"), partners)
    return [
        Filter(name, label, known, chosen if (chosen := request.GET.get(name, "")) in dict(known) else "")
        for name, (label, known) in choices.items()
    ]


def _read(request: HttpRequest, shown: list[Filter]) -> Filters:
    chosen = {each.name: each.chosen for each in shown}
    return Filters(
        typed=request.GET.get("typed", "").strip("\0")[:100],
        province=chosen["province"],
        size=chosen["size"],
        sector=chosen["sector"],
        partner=int(chosen["partner"]) if chosen.get("partner") else None,
        stage=chosen["stage"],
    )


def _label(name: str, shown: list[Filter]) -> str:
    return next((each.chosen_label for each in shown if each.name == name), _("what is typed"))


def _order(request: HttpRequest, asking: access.Who) -> str:
    """The order asked for, kept for the next time; else the one kept."""
    asked = request.GET.get("order", "")
    kept = SavedOrder.objects.filter(user=asking.user).values_list("order", flat=True).first() or "name"
    if asked in ORDERS and asked != kept and asking.user is not None:
        actions.save_order(asking.user, asked)
    return asked if asked in ORDERS else kept


# Duplicates


@needs("read", "merge")
@require_safe
def duplicates(request: HttpRequest) -> HttpResponse:
    """Pairs that are probably one company."""
    asking = who(request)
    pairs = queries.likenesses(asking, timezone.localdate())
    may_merge = access.scope(asking, "create", "merge") is not None
    return render(request, "desk/duplicates.html", {"pairs": pairs, "may_merge": may_merge})


@needs("read", "merge", to_post=("create",))
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """The two side by side; merge them into one of both, or tell them apart."""
    asking, on = who(request), timezone.localdate()
    likeness = get_object_or_404(Likeness.objects.select_related("one", "other"), pk=pk, told_apart_at=None)
    pair = [likeness.one, likeness.other]
    for company in pair:
        if not queries.visible(asking, on).filter(pk=company.pk).exists():
            raise Http404
    facts = [queries.access_facts(company, on) for company in pair]
    for each in facts:
        access.check(asking, "create" if request.method == "POST" else "read", "merge", each)
    if request.method == "POST":
        by, at, go = access.actor(asking), timezone.now(), request.POST.get("go", "")
        if go == "apart":
            actions.tell_apart(likeness, by=by, at=at)
            return redirect("desk:duplicates")
        kept = next((company for company in pair if str(company.pk) == go), None)
        if kept is None:
            raise nothing_chosen()
        gone = pair[1] if kept is pair[0] else pair[0]
        merging.merge(kept, gone, by=by, at=at, check=check_interviews)
        return redirect(reverse("desk:company-file", args=[kept.pk]))
    rows = [
        (history.FACTS[name], *(history.shown(name, getattr(company, name)) for company in pair))
        for name in actions.CORRECTED
    ]
    may_merge = all(access.may(asking, "create", "merge", each) for each in facts)
    shown = {"likeness": likeness, "pair": pair, "rows": rows, "may_merge": may_merge}
    return render(request, "desk/merge.html", shown)
