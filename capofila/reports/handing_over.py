"""Hand a report over to the company: one version, for good, with a mail to the contact who receives it."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from capofila.accounts import actions as accounts
from capofila.accounts import mail
from capofila.assessments import actions as assessments
from capofila.assessments import prefill
from capofila.assessments.models import Assessment
from capofila.companies.models import Contact
from capofila.journal import actions as journal
from capofila.journal.actions import Actor
from capofila.lib.problems import Problem, gettext_noop
from capofila.reports import actions
from capofila.reports.models import Handover, Report


class Outdated(Problem):
    """The report is not the one that the answers give now."""

    status = 409


class HandedOverMeanwhile(Problem):
    """Somebody else handed a version over while this page was open."""

    status = 409


def next_number(assessment: Assessment) -> int:
    """What the next version handed over is counted as."""
    return (Handover.objects.filter(assessment=assessment).aggregate(last=Max("number"))["last"] or 0) + 1


@transaction.atomic
def hand_over(
    report: Report,
    contact: Contact,
    *,
    number: int,
    address: str,
    goes_to: str,
    by: Actor,
    at: datetime,
) -> Handover:
    """Freeze this version and write to the contact, in their language, with a link that opens it.

    `number` is `next_number` as the person saw it: the same form sent twice hands over once.
    `address` has SECRET in the secret's place; the link leads to `goes_to`. Raises
    `assessments.StillOpen`, `Outdated`, `HandedOverMeanwhile`, and `prefill.AddressTaken`.
    """
    done = Handover.objects.filter(assessment=report.assessment, number=number, report=report, by=by.user)
    if (twin := done.first()) is not None:
        return twin
    assessment = assessments.note_handed_over(report.assessment, by=by, at=at)
    if actions.up_to_date(assessment, report.language) != report:
        raise Outdated(
            "reports.outdated",
            gettext_noop("Something changed since this report was made. Make it again, then hand it over."),
        )
    if number != next_number(assessment):
        raise HandedOverMeanwhile(
            "reports.handed-over-meanwhile",
            gettext_noop(
                "A version was handed over while this page was open. Look at it first; this one was not sent."
            ),
        )
    to = prefill.user_of(contact)
    handover = Handover.objects.create(
        report=report,
        assessment=assessment,
        number=number,
        sha256=report.sha256,
        inputs=report.inputs,
        to=to,
        to_name=contact.name,
        by=by.user,
        by_name=by.name,
        at=at,
    )
    mail.write(
        "reports/mail/handed-over",
        to=to.email,
        language=to.language,
        at=at,
        name=contact.name,
        company=assessment.company.name,
        by=by.name,
        address=address.replace("SECRET", accounts.make_link(to, at=at, goes_to=goes_to)),
        days=accounts.LINK_LASTS.days,
    )
    journal.record(
        "reports.handed-over",
        by=by,
        about=assessment,
        report=report.pk,
        number=number,
        sha256=report.sha256,
    )
    return handover
