"""Companies for machines, by the rules and rights of the pages: registry, one company, its size, lists."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.paginator import EmptyPage, Paginator
from django.http import Http404, HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router
from ninja.params.functions import Path, Query

from capofila.assessments import queries as assessments
from capofila.assessments import shown
from capofila.assessments.schemas import LARGEST_ID
from capofila.companies import actions, group_queries, queries
from capofila.companies.commands.company_size import as_json
from capofila.companies.company_file import CompanyFacts
from capofila.companies.models import Company, ImportRun
from capofila.companies.rules import import_row
from capofila.consortium import access
from capofila.consortium.access import Facts, Who
from capofila.consortium.models import Partner
from capofila.desk.company_rights import taken
from capofila.desk.company_schemas import (
    CompanyAssessments,
    CompanyOut,
    CompanyPage,
    CorrectionIn,
    FactsIn,
    ListOut,
    ListPage,
    SizeOut,
)
from capofila.desk.group_words import reason_words
from capofila.desk.registry_views import stages
from capofila.lib.problems import Problem, gettext_noop, refuse_if
from capofila.web.schemas import REFUSALS, problem_json

router = Router(tags=["companies"])
PAGE = 50
Pk: Any = Path(..., ge=1, le=LARGEST_ID)
PageNumber: Any = Query(1, ge=1, le=1_000_000)
COLUMN_OF = {"turnover_eur": "turnover", "balance_sheet_eur": "balance_sheet"}
FACT_OF = {
    "ateco": "ateco_code", "turnover_eur": "turnover_cents", "balance_sheet_eur": "balance_sheet_cents"
}  # fmt: skip


def needs(*rights: str) -> dict[str, Any]:
    return {"x-needs": list(rights)}


def _who(request: HttpRequest) -> Who:
    who = getattr(request, "auth")  # noqa: B009 (set by ninja when the caller is known)
    assert isinstance(who, Who)
    return who


def _company(request: HttpRequest, pk: int, action: str = "read") -> tuple[Company, Facts]:
    """The company, if the caller may know it and do that with it; one that was merged leads nowhere."""
    company = get_object_or_404(Company, pk=pk, merged_into=None)
    facts = queries.access_facts(company, timezone.localdate())
    if not access.may(_who(request), "read", "company", facts):
        raise Http404
    access.check(_who(request), action, "company", facts)
    return company, facts


# The registry


@router.get("/companies", response={200: CompanyPage, **REFUSALS}, openapi_extra=needs("read company"))
def list_companies(
    request: HttpRequest,
    typed: str = Query("", max_length=100, description="like the registry’s search; nearest first"),
    province: str = "",
    size: str = Query("", description="a class, or unknown"),
    sector: str = Query("", description="a sector of ours, or unknown"),
    partner: int | None = Query(None, ge=1, le=LARGEST_ID),
    stage: str = Query("", description="T0, T1, T2, or none"),
    order: str = Query("name", description="name, place or newest"),
    page: int = PageNumber,
) -> JsonResponse:
    """The companies one may read, 50 to a page."""
    asking, on, among = _who(request), timezone.localdate(), stages()
    if access.scope(asking, "read", "company") is None:
        raise access.Denied(404)
    _known("stage", stage, among)
    _known("order", order, queries.ORDERS)
    filters = queries.Filters(
        typed=typed.strip("\0 "), province=province.strip("\0").upper(), size=size.strip("\0"),
        sector=sector.strip("\0"), partner=partner, stage=stage,
    )  # fmt: skip
    found = queries.registry(asking, filters, order=order or "name", page=page, on=on, among=among)
    rows = [_row(row.company, row.partners) for row in found.rows] if page <= found.pages else []
    return JsonResponse({"items": rows, "page": page, "pages": found.pages, "count": found.count})


def _known(name: str, word: str, known: Mapping[str, object]) -> None:
    if word and word not in known:
        raise Problem(
            "company.no-such-filter",
            gettext_noop("The {name} is {word}; expected one of: {known}."),
            name=name,
            word=word,
            known=", ".join(known),
        )


def _row(company: Company, partners: Any) -> dict[str, Any]:
    names = ("name", "vat", "city", "province", "sector", "size", "size_is_provisional")
    return {
        "id": company.pk,
        **{name: getattr(company, name) for name in names},
        "partners": list(partners),
    }


# One company


@router.get(
    "/companies/{company}", response={200: CompanyOut, **REFUSALS}, openapi_extra=needs("read company")
)
def read_company(request: HttpRequest, company: int = Pk) -> JsonResponse:
    """Its facts, statuses and contacts; notes are on its page alone."""
    found, facts = _company(request, company)
    return JsonResponse(_company_json(found, _who(request), facts))


@router.post("/companies", response={201: CompanyOut, **REFUSALS}, openapi_extra=needs("create company"))
def create_company(request: HttpRequest, facts: FactsIn) -> JsonResponse:
    """Enter a company, served by the caller’s partner from today on."""
    asking = _who(request)
    if access.scope(asking, "create", "company") is None:
        raise access.Denied(404)
    more = _facts(facts.dict(exclude_unset=True), name="")
    try:
        company = actions.register(
            CompanyFacts(name=str(more.pop("name"))), at=timezone.now(), by=access.actor(asking),
            partner=get_object_or_404(Partner, pk=asking.partner), more=more,
        )  # fmt: skip
    except actions.VatTaken as refused:
        raise taken(refused, asking, more.get("vat")) from None
    of = queries.access_facts(company, timezone.localdate())
    return JsonResponse(_company_json(company, asking, of), status=201)


@router.patch(
    "/companies/{company}", response={200: CompanyOut, **REFUSALS}, openapi_extra=needs("change company")
)
def correct_company(request: HttpRequest, facts: CorrectionIn, company: int = Pk) -> JsonResponse:
    """Correct what is given, with the reason; what stood before is kept with its history."""
    found, of = _company(request, company, "change")
    asking, given = _who(request), facts.dict(exclude_unset=True)
    reason = given.pop("reason")
    if "ateco" in given or "ateco_version" in given:
        given = {"ateco": found.ateco_code, "ateco_version": found.ateco_version, **given}
    changes = _facts(given, name=found.name)
    if "name" not in given:
        del changes["name"]
    try:
        actions.correct(found, changes, reason=reason, by=access.actor(asking), at=timezone.now())
    except actions.VatTaken as refused:
        raise taken(refused, asking, changes.get("vat")) from None
    found.refresh_from_db()
    return JsonResponse(_company_json(found, asking, of))


def _facts(given: dict[str, Any], *, name: str) -> dict[str, import_row.Value | None]:
    """What was given, read by the rules of a list’s rows. Raises `Refused` with every mistake."""
    about_who_brought_it = {key: given[key] for key in given if key.startswith("brought_by")}
    columns = {COLUMN_OF.get(key, key): given[key] for key in given if key not in about_who_brought_it}
    said = import_row.read_row(0, {"name": name or None, **columns}, today=timezone.localdate())
    refuse_if(list(said.problems))
    asked = {"name", *(FACT_OF.get(key, key) for key in given)}
    found: dict[str, import_row.Value | None] = {
        fact: said.facts.get(fact) for fact in import_row.FACTS if fact in asked
    }
    return found | about_who_brought_it


def _company_json(company: Company, asking: Who, facts: Facts) -> dict[str, Any]:
    on = timezone.localdate()
    names = (
        "tax_code", "rea", "ateco_version", "profile", "employees", "address", "postcode", "website",
        "brought_by", "brought_by_name",
    )  # fmt: skip
    is_member = asking.role != "contact"
    partners = queries.partners_of([company.pk], on).get(company.pk, []) if is_member else []
    return {
        **_row(company, partners),
        **{name: getattr(company, name) for name in names},
        "ateco": company.ateco_code,
        "turnover_eur": _euros(company.turnover_cents),
        "balance_sheet_eur": _euros(company.balance_sheet_cents),
        "statuses": [
            {"status": row.status, "declared_on": row.declared_on}
            for row in queries.declarations(company, on)
        ],
        "contacts": _contacts(company) if access.may(asking, "read", "contact", facts) else [],
        "also_known_as": list(company.absorbed.order_by("name").values_list("name", flat=True)),
    }


def _contacts(company: Company) -> list[dict[str, Any]]:
    people = company.contacts.order_by("name", "pk").prefetch_related("consents")
    return [
        {
            **{name: getattr(person, name) for name in ("name", "role", "email", "phone")},
            "id": person.pk,
            "consent_on": next(
                (row.given_on for row in person.consents.all() if row.withdrawn_on is None), None
            ),
        }
        for person in people
    ]


def _euros(cents: int | None) -> str | None:
    return None if cents is None else f"{cents // 100}.{cents % 100:02}"


@router.get(
    "/companies/{company}/assessments",
    response={200: CompanyAssessments, **REFUSALS},
    openapi_extra=needs("read assessment"),
)
def list_assessments_of(request: HttpRequest, company: int = Pk) -> JsonResponse:
    """Its assessments, newest first."""
    found, _facts_of = _company(request, company)
    rows = assessments.readable(_who(request), on=timezone.localdate()).filter(company=found)
    return JsonResponse({"items": [shown.facts_json(row) for row in rows.order_by("-pk")]})


@router.get(
    "/companies/{company}/size", response={200: SizeOut, **REFUSALS}, openapi_extra=needs("read company")
)
def read_size(request: HttpRequest, company: int = Pk, on: date | None = None) -> JsonResponse:
    """The class on a day, today where none is given, with the reasons: as on the page of its group."""
    found, _facts_of = _company(request, company)
    day = on or timezone.localdate()
    size = group_queries.size_on(group_queries.known(found), day)
    reasons = [reason_words(reason) for reason in size.reasons]
    told = {name: fact for name, fact in as_json(size).items() if name != "class"}
    return JsonResponse({**told, "on": day, "size": size.size, "reasons": reasons})


# Lists of companies


@router.get("/imports", response={200: ListPage, **REFUSALS}, openapi_extra=needs("read import"))
def list_imports(request: HttpRequest, page: int = PageNumber) -> JsonResponse:
    """The lists one may read, newest first, 50 to a page; those that were dropped left out."""
    asking = _who(request)
    reach = access.scope(asking, "read", "import")
    if reach is None:
        raise access.Denied(404)
    runs = ImportRun.objects.exclude(state=ImportRun.State.DROPPED).defer("data", "verdicts")
    runs = runs.select_related("partner").order_by("-pk")
    paginator = Paginator(runs if reach == "all" else runs.filter(partner=asking.partner), PAGE)
    try:
        rows = list(paginator.page(page))
    except EmptyPage:
        rows = []
    items = [_list_json(run) for run in rows]
    place = {"page": page, "pages": paginator.num_pages, "count": paginator.count}
    return JsonResponse({"items": items, **place})


@router.get("/imports/{run}", response={200: ListOut, **REFUSALS}, openapi_extra=needs("read import"))
def read_import(request: HttpRequest, run: int = Pk) -> JsonResponse:
    """How far a list is, and what became of its rows."""
    runs = ImportRun.objects.select_related("partner").defer("data", "verdicts")
    found = get_object_or_404(runs, pk=run)
    whose = Facts(partner=found.partner_id if found.partner_id is not None else -1)
    access.check(_who(request), "read", "import", whose)
    return JsonResponse(_list_json(found))


def _list_json(run: ImportRun) -> dict[str, Any]:
    names = ("file_name", "state", "strict", "at", "rows_done", "rows_total")
    return {
        "id": run.pk,
        **{name: getattr(run, name) for name in names},
        "partner": None if run.partner is None else run.partner.name,
        "new": run.rows_new,
        "updates": run.rows_update,
        "duplicates": run.rows_duplicate,
        "refused": run.rows_refused,
        "can_be_found": run.is_findable,
        "problems": [problem_json(Problem(code, text, **facts)) for code, text, facts in run.problems],
    }
