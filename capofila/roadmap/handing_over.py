"""Hand a roadmap over to the company: one version with its proven plan, for good, with a mail to a contact.

With the report it goes without a mail of its own: the report's says so (`with_report`).
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from capofila.accounts import actions as accounts
from capofila.accounts import mail
from capofila.assessments import actions as assessments
from capofila.assessments import prefill
from capofila.assessments.models import Assessment
from capofila.companies.models import Contact
from capofila.journal import actions as journal
from capofila.journal.actions import Actor
from capofila.lib.problems import Problem, gettext_noop
from capofila.roadmap import next_version, queries
from capofila.roadmap.models import RoadmapHandover, RoadmapPlan
from capofila.roadmap.queries import Standing
from capofila.web.turn import turn


class StillWorking(Problem):
    """The proven plan of the version is not there yet."""

    status = 409


@dataclass(frozen=True)
class Letter:
    """Who is written to. `address` has SECRET in the secret's place; the link leads to `goes_to`."""

    to: Contact
    address: str
    goes_to: str


def hand_over(
    assessment: Assessment, *, version: int, letter: Letter | None = None, by: Actor, at: datetime
) -> RoadmapHandover:
    """Give the company the version that stands, for good; the same version again changes nothing.

    `letter`: None where nobody can be written to. Raises `NotMade`, `ChangedMeanwhile`, `StillWorking`, and
    `prefill.AddressTaken`.
    """
    with turn(), transaction.atomic():
        assessments.lock(assessment)
        found = queries.standing(assessment)
        if found is None:
            raise next_version.not_made()
        next_version.check_seen(found.roadmap, version)
        if found.plan.kind == RoadmapPlan.Kind.PREVIEW:
            raise StillWorking(
                "roadmap.still-working",
                gettext_noop("The best plan is still being worked out. Hand it over in a moment."),
            )
        last = queries.handovers(assessment).first()
        if last is not None and last.plan_id == found.plan.pk:
            return last
        handover = _given(assessment, found, 1 if last is None else last.number + 1, by=by, at=at)
        if letter is not None:
            _write(letter, assessment, by=by, at=at)
    return handover


def with_report(assessment: Assessment, *, by: Actor, at: datetime) -> RoadmapHandover | None:
    """The version that stands, in the company's hands with its report: handed over now unless it was before.

    None where none is made, and for one that does not go (`goes_with_report`): the company keeps what it has.
    """
    found = queries.standing(assessment)
    if found is None or not goes_with_report(found):
        return None
    return hand_over(assessment, version=found.roadmap.number, by=by, at=at)


def goes_with_report(found: Standing) -> bool:
    """Not one that is still worked out, or whose grounds have changed since."""
    return found.is_proven and not queries.is_outdated(found.roadmap)


def _given(
    assessment: Assessment, found: Standing, number: int, *, by: Actor, at: datetime
) -> RoadmapHandover:
    data = queries.as_data(found)
    handover = RoadmapHandover.objects.create(
        assessment=assessment,
        plan=found.plan,
        number=number,
        data=data,
        sha256=hashlib.sha256(data.encode()).hexdigest(),
        by=by.user,
        by_name=by.name,
        at=at,
    )
    journal.record(
        "roadmap.handed-over",
        by=by,
        about=assessment,
        version=found.roadmap.number,
        number=number,
        sha256=handover.sha256,
    )
    return handover


def _write(letter: Letter, assessment: Assessment, *, by: Actor, at: datetime) -> None:
    to = prefill.user_of(letter.to)
    mail.write(
        "roadmap/mail/handed-over",
        to=to.email,
        language=to.language,
        at=at,
        name=letter.to.name,
        company=assessment.company.name,
        by=by.name,
        address=letter.address.replace("SECRET", accounts.make_link(to, at=at, goes_to=letter.goes_to)),
        days=accounts.LINK_LASTS.days,
    )
