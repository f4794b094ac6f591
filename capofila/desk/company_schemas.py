"""The JSON of companies, their groups and lists in the API."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from ninja import Field, Schema
from pydantic import ConfigDict

from capofila.assessments.schemas import AssessmentFacts
from capofila.companies.models import Company
from capofila.web.schemas import ProblemOut

Amount = Decimal | int | str | None
Brought = Literal["", "event", "association", "company", "partner", "itself"]


class CompanyRow(Schema):
    id: int
    name: str
    vat: str
    city: str
    province: str
    sector: str
    size: str = Field(description="empty: not known")
    size_is_provisional: bool = Field(description="by its own figures, without holdings")
    partners: list[str] = Field(description="names of the partners that serve it")


class CompanyPage(Schema):
    items: list[CompanyRow]
    page: int
    pages: int
    count: int


class StatusOut(Schema):
    status: str
    declared_on: date | None


class ContactOut(Schema):
    id: int
    name: str
    role: str
    email: str
    phone: str
    consent_on: date | None = Field(description="the day they agreed to be written to; null: they did not")


class CompanyOut(CompanyRow):
    tax_code: str
    rea: str
    ateco: str
    ateco_version: str
    profile: str
    employees: int | None
    turnover_eur: str | None
    balance_sheet_eur: str | None
    address: str
    postcode: str
    website: str
    brought_by: str
    brought_by_name: str
    statuses: list[StatusOut]
    contacts: list[ContactOut]
    also_known_as: list[str] = Field(description="names of the records that were merged into it")


class FactsIn(Schema):
    """Facts by the names of a list's columns, read by the same rules; null or empty: not known."""

    model_config = ConfigDict(extra="forbid")

    name: str | None = None
    vat: str | None = None
    tax_code: str | None = None
    rea: str | None = None
    ateco: str | None = None
    ateco_version: str | None = None
    profile: str | None = None
    employees: int | str | None = None
    turnover_eur: Amount = None
    balance_sheet_eur: Amount = None
    address: str | None = None
    city: str | None = None
    postcode: str | None = None
    province: str | None = None
    website: str | None = None
    brought_by: Brought = ""
    brought_by_name: str = Field("", max_length=200)


class CorrectionIn(FactsIn):
    """Only what is given is corrected."""

    reason: str = Field(min_length=1, max_length=500)


class CompanyAssessments(Schema):
    items: list[AssessmentFacts]


SizeWord = Literal["micro", "small", "medium", "small-mid-cap", "large", "unknown"]


class SizeOut(Schema):
    """As the command `company_size` tells it; the reasons in the language of the caller."""

    on: date
    size: SizeWord
    weights: dict[str, float]
    awu: float | None
    turnover_eur: str | None
    balance_sheet_eur: str | None
    by_year: dict[str, SizeWord]
    reasons: list[str]


class ListOut(Schema):
    id: int
    file_name: str
    state: str
    strict: bool
    partner: str | None
    at: datetime
    rows_done: int = Field(description="by what is being done with it, of `rows_total`")
    rows_total: int = Field(description="0 while nobody has counted them")
    new: int
    updates: int
    duplicates: int
    refused: int
    can_be_found: bool = Field(description="by typing: a little after it is entered")
    problems: list[ProblemOut] = Field(description="why the last thing asked of it was refused")


class ListPage(Schema):
    items: list[ListOut]
    page: int
    pages: int
    count: int


SIZES = [*Company.Size.values, "unknown"]
