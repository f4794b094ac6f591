"""The tables of the room, by what they are about."""

from capofila.companies.models.company import (
    Company,
    Consent,
    Contact,
    Correction,
    Declaration,
    Note,
    Serving,
)
from capofila.companies.models.group import Enterprise, EnterpriseLink, Holding, YearAccounts
from capofila.companies.models.imports import ImportedRow, ImportRun
from capofila.companies.models.registry import Likeness, SavedOrder, SearchGram

__all__ = [
    "Company",
    "Consent",
    "Contact",
    "Correction",
    "Declaration",
    "Enterprise",
    "EnterpriseLink",
    "Holding",
    "ImportRun",
    "ImportedRow",
    "Likeness",
    "Note",
    "SavedOrder",
    "SearchGram",
    "Serving",
    "YearAccounts",
]
