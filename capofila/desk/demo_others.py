"""The demonstration's other companies: one with a year between two assessments, one that is asked once.

Each step looks first whether it was taken, so that an interrupted start goes on from there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import yaml
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from capofila.assessments import actions as assessments
from capofila.assessments import prefill
from capofila.assessments import queries as stored
from capofila.assessments.models import Assessment
from capofila.companies import actions as companies
from capofila.companies import company_file
from capofila.companies.models import Company, Contact
from capofila.consortium.models import Partner
from capofila.desk import actions, demo, personas
from capofila.journal.actions import Actor
from capofila.reports import actions as reports
from capofila.reports import handing_over
from capofila.reports.models import Handover
from capofila.roadmap import actions as planning
from capofila.roadmap import handing_over as roadmap_handing_over
from capofila.roadmap import proving
from capofila.roadmap import queries as roadmaps
from capofila.roadmap.goals import goals
from capofila.roadmap.rules.priorities import Limits

EU_FORM, LANGUAGE = "eu-dma-sme", "it"
ADDRESS = "http://localhost"


def fill(*, at: datetime) -> None:
    """Enter both; what is there already stays as it is."""
    partner = personas.serving(at=at)
    _ask_once(partner, at=at)
    _year(partner)


def prove(assessment: Assessment) -> None:
    """The best plan of its roadmap, so that reports are written from that one and stay up to date."""
    row = roadmaps.newest(assessment)
    if row is not None:
        proving.prove.func(row.pk)


# A company that comes to the Commission's questionnaire after ours: nothing of what is implied is confirmed


@transaction.atomic
def _ask_once(partner: Partner, *, at: datetime) -> None:
    company = _registered(demo.ONCE_COMPANY, partner, since=demo.ONCE_DAY, at=at)
    actions.enter_answers(company, demo.ONCE_ANSWERS, at=at)
    if stored.newest(company, [EU_FORM]) is None:
        by = personas.consultant()
        assessments.start(
            company,
            EU_FORM,
            profile="",
            on=demo.ONCE_DAY,
            at=_noon(demo.ONCE_DAY),
            interviewer=by.user,
            by=by,
        )


# A company a year on: assessed, report and roadmap handed over, actions followed up, assessed again


@dataclass(frozen=True)
class _Year:
    company: Company
    contact: Contact
    story: Mapping[str, Any]
    by: Actor
    to: Actor  # the contact, as the one who says what was done


def _year(partner: Partner) -> None:
    story = yaml.safe_load(demo.YEAR_FILE.read_text(encoding="utf-8"))
    before, after = demo.YEAR_ANSWERS
    with transaction.atomic():
        since = story["served_since"]
        company = _registered(demo.YEAR_COMPANY, partner, since=since, at=_noon(since))
        said = story["contact"]
        contact, _ = Contact.objects.get_or_create(company=company, email=said["email"], defaults=said)
        to = prefill.user_of(contact)
        contact.refresh_from_db()
        first = actions.enter_answers(company, before, at=_noon(story["interviews"]["first"]))
    year = _Year(company, contact, story, personas.consultant(), Actor(to, contact.name, "contact"))
    _hand_over_roadmap(first, year)
    _hand_over_report(first, year, on=story["reports"]["first"])
    _follow_up(first, year)
    second = actions.enter_answers(company, after, at=_noon(story["interviews"]["second"]))
    _hand_over_report(second, year, on=story["reports"]["second"])


def _hand_over_roadmap(assessment: Assessment, year: _Year) -> None:
    """Within the company's means, proven, and in its hands."""
    said = year.story["roadmap"]
    if roadmaps.handed_over(assessment) is not None:
        return
    deed = planning.Deed(year.by, _noon(said["made"]))
    if roadmaps.newest(assessment) is None:
        planning.make(assessment, deed)
    row = planning.set_limits(assessment, Limits(said["budget_eur"] * 100, said["days_per_quarter"]), deed)
    proving.prove.func(row.pk)
    on = _noon(said["handed_over"])
    roadmap_handing_over.hand_over(assessment, version=row.number, by=year.by, at=on)


def _hand_over_report(assessment: Assessment, year: _Year, *, on: date) -> None:
    if Handover.objects.filter(assessment=assessment).exists():
        return
    report = reports.make(assessment, LANGUAGE, at=_noon(on))
    handing_over.hand_over(
        [report],
        year.contact,
        number=handing_over.next_number(assessment),
        address=ADDRESS + reverse("accounts:enter", args=["SECRET"]),
        goes_to=reverse("desk:reports", args=[assessment.pk]),
        by=year.by,
        at=_noon(on),
    )


def _follow_up(assessment: Assessment, year: _Year) -> None:
    standing = roadmaps.progress(assessment)
    for said in year.story["progress"]:
        if said["action"] not in standing:
            is_company = said["by"] == "company"
            planning.record_progress(
                assessment, said["action"], said["state"], on=said["day"], note=said.get("note", ""),
                by_company=is_company, by=year.to if is_company else year.by, at=_noon(said["day"]),
            )  # fmt: skip


def _registered(file: Any, partner: Partner, *, since: date, at: datetime) -> Company:
    facts = company_file.read(file, goals())
    company = Company.objects.filter(vat=facts.vat, is_demo=True).first()
    if company is None:
        company = companies.register(facts, at=at, is_demo=True)
    companies.serve(company, partner, on=since, by=personas.consultant())
    return company


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))
