"""Hand a report over to the company: one version, for good, with a mail to the contact who receives it.

A version has one language or several; each is a row with the checksums of every form and of what it was
made from.
"""

from collections.abc import Sequence
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
from capofila.roadmap import handing_over as roadmaps


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
    reports: Sequence[Report],
    contact: Contact,
    *,
    number: int,
    address: str,
    goes_to: str,
    by: Actor,
    at: datetime,
) -> list[Handover]:
    """Freeze this version, a report for each language, and write once to the contact, in their language.

    The roadmap goes with it where its plan is proven and nothing has changed since (`roadmaps.with_report`).
    `reports` are of one assessment, none twice in a language. `number` is `next_number` as the person
    saw it: the same form sent twice hands over once. `address` has SECRET in the secret's place; the
    link leads to `goes_to`. Raises `assessments.StillOpen`, `Outdated`, `HandedOverMeanwhile`, and
    `prefill.AddressTaken`, and hands nothing over.
    """
    assessments.lock(reports[0].assessment)
    to = prefill.user_of(contact)
    before = Handover.objects.filter(assessment=reports[0].assessment, number=number).order_by("pk")
    done = {row.report_id: row for row in before.filter(by=by.user, to=to)}
    if done.keys() == {report.pk for report in reports}:
        return [done[report.pk] for report in reports]
    assessment = assessments.note_handed_over(reports[0].assessment, by=by, at=at)
    for report in reports:
        if actions.up_to_date(assessment, report.language) != report:
            raise Outdated(
                "reports.outdated",
                gettext_noop(
                    "Something changed since this report was made. Make it again, then hand it over."
                ),
            )
    if number != next_number(assessment):
        raise HandedOverMeanwhile(
            "reports.handed-over-meanwhile",
            gettext_noop(
                "A version was handed over while this page was open. Look at it first; this one was not sent."
            ),
        )
    handed = [
        Handover.objects.create(
            report=report,
            assessment=assessment,
            number=number,
            language=report.language,
            sha256=report.sha256,
            docx=report.checksums.get("docx", ""),
            html=report.checksums.get("html", ""),
            inputs=report.inputs,
            to=to,
            to_name=contact.name,
            by=by.user,
            by_name=by.name,
            at=at,
        )
        for report in reports
    ]
    roadmap = roadmaps.with_report(assessment, by=by, at=at)
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
        together=len(handed) > 1,
        roadmap=roadmap is not None,
    )
    for one in handed:
        journal.record(
            "reports.handed-over",
            by=by,
            about=assessment,
            report=one.report_id,
            number=number,
            language=one.language,
            sha256=one.sha256,
            docx=one.docx,
            html=one.html,
            inputs=one.inputs,
        )
    return handed


@transaction.atomic
def note_opened(handover: Handover, *, by: Actor) -> None:
    """Somebody opened what a version was made from: that is on record, as the handing over is."""
    journal.record(
        "reports.inputs-opened",
        by=by,
        about=handover.assessment,
        number=handover.number,
        language=handover.language,
        inputs=handover.inputs,
    )
