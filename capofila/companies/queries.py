"""Reading companies."""

from capofila.companies.company_file import CompanyFacts
from capofila.companies.models import Company


def facts(company: Company) -> CompanyFacts:
    """A company as the rules, the report and the file contract know it."""
    return CompanyFacts(
        name=company.name,
        type=company.type,
        vat=company.vat or None,
        tax_code=company.tax_code or None,
        rea=company.rea or None,
        ateco=(company.ateco_version, company.ateco_code) if company.ateco_code else None,
        province=company.province or None,
        profile=company.profile or None,
        size=company.size or None,
        size_is_provisional=company.size_is_provisional,
        employees=company.employees,
        turnover_cents=company.turnover_cents,
        balance_sheet_cents=company.balance_sheet_cents,
        goals=tuple(company.goals),
        goals_text=company.goals_text,
        language=company.language,
    )
