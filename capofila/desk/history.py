"""A company’s history as its page tells it: the journal’s entries, with the corrections beside them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from capofila.assessments.models import Assessment
from capofila.companies import queries
from capofila.companies.group_actions import NO_REASON
from capofila.companies.models import Company, Correction, ImportedRow
from capofila.consortium.access import Who, may, scope
from capofila.consortium.models import Role
from capofila.desk.company_forms import PROFILES
from capofila.desk.group_words import kept_words
from capofila.journal import queries as journal
from capofila.journal.chain import About
from capofila.roadmap.models import Roadmap

EVENTS = {
    "companies.registered": gettext_lazy("Entered in the registry"),
    "companies.corrected": gettext_lazy("Facts corrected"),
    "companies.imported": gettext_lazy("Entered or changed from a list"),
    "companies.noted": gettext_lazy("Note written"),
    "companies.declared": gettext_lazy("Status declared"),
    "companies.declaration-ended": gettext_lazy("Status ended"),
    "companies.served": gettext_lazy("Served by one more partner"),
    "companies.no-longer-served": gettext_lazy("No longer served by a partner"),
    "companies.contact-added": gettext_lazy("Contact added"),
    "companies.contact-changed": gettext_lazy("Contact changed"),
    "companies.consent-given": gettext_lazy("Consent given"),
    "companies.consent-withdrawn": gettext_lazy("Consent withdrawn"),
    "companies.told-apart": gettext_lazy("Told apart from a similar record"),
    "companies.merged": gettext_lazy("Merged with another record"),
    "companies.merged-into": gettext_lazy("Merged into this record"),
    "companies.group-entered": gettext_lazy("Something of the group entered"),
    "companies.group-changed": gettext_lazy("Something of the group corrected or ended"),
    "companies.group-removed": gettext_lazy("Something of the group taken out"),
    "assessments.started": gettext_lazy("Assessment started"),
    "assessments.opened": gettext_lazy("Questions opened to the company"),
    "assessments.completed": gettext_lazy("Assessment closed"),
    "assessments.reopened": gettext_lazy("Assessment opened again"),
    "reports.handed-over": gettext_lazy("Report handed over"),
    "reports.inputs-opened": gettext_lazy("What a report was made from opened"),
    "reports.text-written": gettext_lazy("Text of the report written"),
    "reports.text-taken-back": gettext_lazy("The report’s own text put back"),
    "roadmap.made": gettext_lazy("Roadmap made"),
    **{f"roadmap.{change}": gettext_lazy("Roadmap changed") for change in Roadmap.Change if change != "made"},
    "roadmap.handed-over": gettext_lazy("Roadmap handed over"),
    "roadmap.progress": gettext_lazy("Progress of an action recorded"),
    "companies.goals-named": gettext_lazy("Goals named"),
}
FACTS = {
    "name": gettext_lazy("Name"), "vat": gettext_lazy("VAT number"), "tax_code": gettext_lazy("Tax code"),
    "rea": gettext_lazy("Business register"), "ateco_code": gettext_lazy("Activity code"),
    "ateco_version": gettext_lazy("Edition of the activity code"), "profile": gettext_lazy("Profile"),
    "employees": gettext_lazy("Employees"), "turnover_cents": gettext_lazy("Turnover in euros"),
    "balance_sheet_cents": gettext_lazy("Balance sheet total in euros"), "address": gettext_lazy("Address"),
    "city": gettext_lazy("Municipality"), "postcode": gettext_lazy("Postcode"),
    "province": gettext_lazy("Province"), "website": gettext_lazy("Website"),
    "brought_by": gettext_lazy("Brought by"), "brought_by_name": gettext_lazy("Who brought it, by name"),
    "contact": gettext_lazy("Contact"), "contact.name": gettext_lazy("Name of the contact"),
    "contact.role": gettext_lazy("Role of the contact"), "contact.email": gettext_lazy("E-mail address"),
    "contact.phone": gettext_lazy("Telephone"), "consent": gettext_lazy("Day of the consent"),
    "partner": gettext_lazy("Partner"), "note": gettext_lazy("Note"),
    "group.enterprise": gettext_lazy("Enterprise"), "group.accounts": gettext_lazy("Accounts"),
    "group.holding": gettext_lazy("Holding"), "group.link": gettext_lazy("Link"),
}  # fmt: skip


# Codes are kept, their names are shown.
NAMES: Mapping[str, Mapping[str, object]] = {
    "profile": {code: name for code, name in PROFILES if code},
    "brought_by": dict(Company.Brought.choices),
}


@dataclass(frozen=True)
class Difference:
    fact: str
    before: str
    after: str
    only: str = ""  # of a row that was entered or taken out: what it says


@dataclass(frozen=True)
class Event:
    what: str
    who: str  # the name for those who may read the journal; for others the role
    at: datetime
    differences: Sequence[Difference]
    reason: str


def shown(fact: str, value: object) -> str:
    """A value of a fact as a page shows it; money is kept in cents."""
    text = "" if value is None else str(value)
    if fact.startswith("group."):
        return kept_words(fact.removeprefix("group."), text)
    if fact in NAMES:
        return str(NAMES[fact].get(text, text))
    if fact.endswith("_cents") and text.isdecimal():
        cents = int(text)
        return number_format(Decimal(cents) / 100, decimal_pos=2 if cents % 100 else 0, force_grouping=True)
    return text


def differences(changes: Sequence[tuple[str, object, object]]) -> list[Difference]:
    return [_difference(*change) for change in changes]


def _difference(fact: str, before: object, after: object) -> Difference:
    name, was, is_ = str(FACTS.get(fact, fact)), shown(fact, before), shown(fact, after)
    only = (was or is_) if fact.startswith("group.") and not (was and is_) else ""
    return Difference(name, was or "–", is_ or "–", only)


def of(company: Company, who: Who) -> list[Event]:
    """Newest first, of all the records that became this company. A note of another partner is not told."""
    ids = queries.same_company(company)
    lines = [line for pk in ids for line in journal.history(About("companies", "company", str(pk)))]
    for assessment in Assessment.objects.filter(company__in=ids).values_list("pk", flat=True):
        lines += journal.history(About("assessments", "assessment", str(assessment)))
    runs = ImportedRow.objects.filter(company=company).values_list("run", flat=True)
    for run in sorted(set(runs)):
        lines += journal.history(About("companies", "importrun", str(run)))
    corrected = _corrections(company)
    names = may(who, "read", "journal")
    found = []
    for line in lines:
        if line.event == "companies.noted" and not _reads_note(who, line.facts):
            continue
        rows = corrected.get(line.sequence, [])
        found.append(
            Event(
                str(EVENTS.get(line.event, line.event)),
                _person(line, names=names),
                line.at,
                differences([(row.fact, row.before, row.after) for row in rows]),
                rows[0].reason if rows and rows[0].reason != NO_REASON else "",
            )
        )
    return sorted(found, key=lambda event: event.at, reverse=True)


def _person(line: journal.Line, *, names: bool) -> str:
    if line.role is None:
        return _("erased")
    role = str({**dict(Role.choices), "contact": _("Contact")}.get(line.role, line.role))
    return f"{line.name}, {role}" if names else role


def _reads_note(who: Who, facts: Mapping[str, object]) -> bool:
    return scope(who, "read", "company-note") == "all" or facts.get("partner") == who.partner


def _corrections(company: Company) -> dict[int, list[Correction]]:
    """Number of the entry -> what it corrected."""
    found = defaultdict(list)
    for row in company.corrections.exclude(entry=None).order_by("pk"):
        found[row.entry or 0].append(row)
    return found
