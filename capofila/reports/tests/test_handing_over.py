import json
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from capofila.accounts.models import Mail, User
from capofila.assessments import actions as assessments
from capofila.assessments.models import Assessment
from capofila.assessments.prefill import AddressTaken
from capofila.assessments.tests.entries import ALICE, said
from capofila.companies.models import Contact
from capofila.companies.tests.builders import NOON
from capofila.consortium.tests.builders import make_user
from capofila.journal import queries as journal
from capofila.journal.actions import Actor
from capofila.lib.problems import Problem
from capofila.reports import actions, handing_over
from capofila.reports.models import Handover, Report, file_of
from capofila.reports.parts import Parts
from capofila.reports.tests.test_actions import answered
from capofila.roadmap import actions as planning
from capofila.roadmap import proving
from capofila.roadmap import queries as roadmaps

pytestmark = pytest.mark.django_db
CARLA = Actor(user=None, name="Carla", role="consultant")


@pytest.fixture
def assessment(monkeypatch: pytest.MonkeyPatch) -> Assessment:
    """Closed, with its report; the bytes stand for a PDF, since what is in them does not matter here."""
    monkeypatch.setattr(actions, "_render", _rendered)
    return assessments.complete(answered(), at=NOON)


def _rendered(parts: Parts) -> dict[str, bytes]:
    levels = [str(answer.value) for answer in parts.own.answers.values()]
    said = f"{parts.language} {levels}".encode()
    return {"pdf": b"%PDF-1.7 /Type /Page " + said, "docx": b"W" + said, "html": b"H" + said}


def contact_of(assessment: Assessment, email: str = "nadia@alice.example") -> Contact:
    return Contact.objects.get_or_create(
        company=assessment.company, email=email, defaults={"name": "Nadia Albarelli"}
    )[0]


def hand_over(report: Report, contact: Contact | None = None, **facts: Any) -> Handover:
    (handed,) = handing_over.hand_over(
        [report],
        contact or contact_of(report.assessment),
        **{
            "number": handing_over.next_number(report.assessment),
            "address": "https://hub.example/account/enter/SECRET/",
            "goes_to": "/assessments/1/report/",
            "by": CARLA,
            "at": NOON,
            **facts,
        },
    )
    return handed


def answer_again(assessment: Assessment) -> None:
    """Open it again, answer one question otherwise, close it."""
    assessments.reopen(assessment, "One answer was wrong", at=NOON)
    held = assessment.entries.get(question="str.costing", replaces=[])
    assessments.receive(assessment, [said(5, replaces=(held.pk,))], author=ALICE, at=NOON)
    assessments.complete(assessment, at=NOON)


def test_what_is_handed_over_has_its_bytes_its_data_and_who_did_it(assessment: Assessment) -> None:
    report = actions.make(assessment, "it", at=NOON)

    handover = hand_over(report)

    assert (handover.sha256, handover.inputs, handover.number) == (report.sha256, report.inputs, 1)
    assert (handover.by_name, handover.to_name, handover.at) == ("Carla", "Nadia Albarelli", NOON)
    assert handover.file.read_bytes() == report.file.read_bytes()


@pytest.mark.parametrize(("language", "subject"), [("it", "il vostro rapporto"), ("en", "your report")])
def test_the_contact_receives_a_mail_in_their_language_with_a_link(
    assessment: Assessment, language: str, subject: str
) -> None:
    contact = contact_of(assessment)
    contact.user = User.objects.create_user(contact.email, language=language, enters_by_link=True)
    contact.save()

    hand_over(actions.make(assessment, "it", at=NOON), contact)

    mail = Mail.objects.get()
    assert (mail.to, mail.language) == (contact.email, language)
    assert subject in mail.subject
    assert "https://hub.example/account/enter/" in mail.text
    assert "SECRET" not in mail.text


def test_the_roadmap_goes_with_the_report_and_the_one_mail_says_so(assessment: Assessment) -> None:
    row = planning.make(assessment, planning.Deed(CARLA, NOON))
    proving.prove.func(row.pk)

    hand_over(actions.make(assessment, "it", at=NOON))

    assert roadmaps.handovers(assessment).get().by_name == "Carla"
    assert "piano delle azioni" in Mail.objects.get().text


def test_the_journal_and_the_overview_say_who_handed_over(assessment: Assessment) -> None:
    report = actions.make(assessment, "it", at=NOON)

    hand_over(report)

    line = journal.history(assessment)[0]
    assert (line.event, line.name) == ("reports.handed-over", "Carla")
    assert (line.facts["number"], line.facts["sha256"]) == (1, report.sha256)
    milestone = assessment.milestones.get(kind="handed")
    assert (milestone.by_name, milestone.at) == ("Carla", NOON)


def test_an_assessment_that_still_takes_answers_is_not_handed_over(assessment: Assessment) -> None:
    report = actions.make(assessment, "it", at=NOON)
    assessments.reopen(assessment, "One answer was wrong", at=NOON)

    with pytest.raises(Problem) as refused:
        hand_over(report)

    assert refused.value.code == "assessments.still-open"
    assert not Handover.objects.exists()
    assert not Mail.objects.exists()


def test_a_report_that_the_answers_no_longer_give_is_not_handed_over(assessment: Assessment) -> None:
    report = actions.make(assessment, "it", at=NOON)
    answer_again(assessment)

    with pytest.raises(handing_over.Outdated):
        hand_over(report)

    assert not assessment.milestones.filter(kind="handed").exists()


def test_a_later_version_changes_nothing_of_the_one_handed_over(assessment: Assessment) -> None:
    first = hand_over(actions.make(assessment, "it", at=NOON))
    bytes_then = first.file.read_bytes()

    answer_again(assessment)
    second = hand_over(actions.make(assessment, "it", at=NOON))

    first.refresh_from_db()
    assert (first.number, second.number) == (1, 2)
    assert first.sha256 != second.sha256
    assert first.file.read_bytes() == bytes_then
    assert first.report.state == Report.State.SUPERSEDED


def test_opening_the_assessment_again_keeps_what_was_handed_over(assessment: Assessment) -> None:
    handover = hand_over(actions.make(assessment, "it", at=NOON))

    assessments.reopen(assessment, "One answer was wrong", at=NOON)

    assert handover.file.is_file()
    assert Handover.objects.get() == handover


def test_the_same_form_sent_twice_hands_over_once(assessment: Assessment) -> None:
    report = actions.make(assessment, "it", at=NOON)
    first = hand_over(report, number=1)

    again = hand_over(report, number=1)

    assert again == first
    assert Mail.objects.count() == 1


def test_another_contact_is_not_taken_for_the_same_form_sent_twice(assessment: Assessment) -> None:
    report = actions.make(assessment, "it", at=NOON)
    hand_over(report, number=1)

    with pytest.raises(Problem) as problem:
        hand_over(report, contact_of(assessment, "ugo@alice.example"), number=1)

    assert problem.value.code == "reports.handed-over-meanwhile"
    assert Mail.objects.count() == 1


def test_a_file_that_was_changed_is_given_to_nobody(assessment: Assessment) -> None:
    handover = hand_over(actions.make(assessment, "it", at=NOON))
    handover.file.write_bytes(handover.file.read_bytes() + b"x")

    assert handover.file_in("pdf") is None
    assert handover.file_in("docx") is not None


def test_who_did_not_see_a_version_handed_over_meanwhile_is_told(assessment: Assessment) -> None:
    italian, english = (actions.make(assessment, language, at=NOON) for language in ("it", "en"))
    hand_over(italian, number=1)

    with pytest.raises(handing_over.HandedOverMeanwhile):
        hand_over(english, number=1)

    assert Handover.objects.count() == 1


def test_the_address_of_somebody_with_a_password_receives_nothing(assessment: Assessment) -> None:
    make_user("Bob", password="a long password")
    taken = contact_of(assessment, User.objects.get().email)

    with pytest.raises(AddressTaken):
        hand_over(actions.make(assessment, "it", at=NOON), taken)

    assert not Handover.objects.exists()


@pytest.mark.parametrize(
    "statement", ["UPDATE reports_handover SET number = 9", "DELETE FROM reports_handover"]
)
def test_the_database_refuses_to_change_what_was_handed_over(assessment: Assessment, statement: str) -> None:
    hand_over(actions.make(assessment, "it", at=NOON))

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert Handover.objects.get().number == 1


def test_the_command_reads_every_file_that_was_handed_over(
    assessment: Assessment, capsys: pytest.CaptureFixture[str]
) -> None:
    handover = hand_over(actions.make(assessment, "it", at=NOON))
    call_command("verify_reports")
    whole = capsys.readouterr().out
    word, page = (file_of(handover.checksums[form], form) for form in ("docx", "html"))
    word.write_bytes(b"X" * word.stat().st_size)
    page.unlink()

    with pytest.raises(SystemExit) as ended:
        call_command("verify_reports")
    said = capsys.readouterr().err
    with pytest.raises(SystemExit):
        call_command("verify_reports", "--json")

    assert "is whole: 4 files" in whole
    assert ended.value.code == 2
    assert f"Assessment {assessment.pk}, version 1, it, docx: changed." in said
    assert f"Assessment {assessment.pk}, version 1, it, html: missing." in said
    verdict = json.loads(capsys.readouterr().out)
    assert (verdict["files"], [one["form"] for one in verdict["broken"]]) == (4, ["docx", "html"])
