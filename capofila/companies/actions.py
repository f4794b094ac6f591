"""What people do with companies: so far, enter one."""

from datetime import datetime

from capofila.companies.company_file import CompanyFacts
from capofila.companies.models import Company
from capofila.lib.problems import Problem, gettext_noop


class VatTaken(Problem):
    """Another company of the registry has that VAT number."""

    status = 409


def register(facts: CompanyFacts, *, at: datetime, city: str = "", is_demo: bool = False) -> Company:
    """Enter a company. Raises `VatTaken` when its VAT number stands in the registry already."""
    if facts.vat:
        holder = Company.objects.filter(vat=facts.vat).first()
        if holder is not None:
            raise VatTaken(
                "company.vat-taken",
                gettext_noop(
                    "{name} is in the registry with the VAT number {vat}. Open that company instead."
                ),
                name=holder.name,
                vat=facts.vat,
            )
    version, code = facts.ateco or ("", "")
    return Company.objects.create(
        name=facts.name,
        type=facts.type,
        vat=facts.vat or "",
        tax_code=facts.tax_code or "",
        rea=facts.rea or "",
        ateco_version=version,
        ateco_code=code,
        province=facts.province or "",
        city=city,
        profile=facts.profile or "",
        size=facts.size or "",
        size_is_provisional=facts.size_is_provisional,
        employees=facts.employees,
        turnover_cents=facts.turnover_cents,
        balance_sheet_cents=facts.balance_sheet_cents,
        goals=list(facts.goals),
        goals_text=facts.goals_text,
        language=facts.language or "it",
        is_demo=is_demo,
        created_at=at,
    )
