"""Companies for tests: valid ones, so that a test says only what matters to it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from capofila.companies import actions
from capofila.companies.company_file import CompanyFacts
from capofila.companies.models import Company

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
FACTS = CompanyFacts(name="Vetreria Alice", profile="manufacturing", province="PV")


def make_company(**facts: Any) -> Company:
    return actions.register(replace(FACTS, **facts), at=NOON, is_demo=True)
