"""Versions of a report in the company's hands: frozen whole, in both languages, on the pages and the API."""

import hashlib
import json
from typing import Any

import pytest
from django.test import Client

from capofila.accounts.models import Mail
from capofila.assessments import actions as assessments
from capofila.assessments.models import Assessment
from capofila.assessments.tests.entries import ALICE, said
from capofila.companies.tests.builders import NOON
from capofila.consortium.models import Role
from capofila.consortium.tests.builders import make_member
from capofila.desk import actions as desk
from capofila.desk.tests.test_report_pages import browser, contact, shown
from capofila.journal import queries as journal
from capofila.journal.actions import Actor
from capofila.reports import actions as reports
from capofila.reports import frozen, handing_over, parts, text_edits, thawing
from capofila.reports.gathering import gathered
from capofila.reports.models import Handover, Report

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
CARLA = Actor(None, "Carla", "consultant")


@pytest.fixture
def assessment(monkeypatch: pytest.MonkeyPatch) -> Assessment:
    """The invented company's; a report is a line that depends on what it is made from."""

    def rendered(made: parts.Parts) -> dict[str, bytes]:
        line = f"{made.language} {dict(made.texts)} {made.own.answers}".encode()
        return {"pdf": b"%PDF-1.7 /Type /Page " + line, "docx": b"W" + line, "html": b"H" + line}

    monkeypatch.setattr(reports, "_render", rendered)
    return desk.fill_demonstration(at=NOON)


def write(assessment: Assessment, text: str, language: str = "it") -> None:
    after = text_edits.history(assessment, language, "summary").count()
    text_edits.write(assessment, language, "summary", text, after=after, generated="own", by=CARLA, at=NOON)


def answer(assessment: Assessment, level: int) -> None:
    assessments.reopen(assessment, "One answer was wrong", at=NOON)
    held = assessment.entries.filter(question="str.costing").order_by("pk").last()
    assert held is not None
    assessments.receive(assessment, [said(level, replaces=(held.pk,))], author=ALICE, at=NOON)
    assessments.complete(assessment, at=NOON)


def hand_over(assessment: Assessment, *languages: str) -> list[Handover]:
    made = [reports.make(assessment, language, at=NOON) for language in languages]
    to = assessment.company.contacts.first() or contact(assessment)
    return handing_over.hand_over(
        made,
        to,
        number=handing_over.next_number(assessment),
        address="https://hub.example/account/enter/SECRET/",
        goes_to="/",
        by=CARLA,
        at=NOON,
    )


def page(client: Client, assessment: Assessment) -> str:
    return shown(client, f"/assessments/{assessment.pk}/report/")


# Both languages


def test_both_languages_go_at_once_with_one_mail_under_one_number(
    client: Client, assessment: Assessment
) -> None:
    made = [reports.make(assessment, language, at=NOON) for language in ("it", "en")]
    nadia = contact(assessment)
    address = f"/assessments/{assessment.pk}/report/hand-over/"
    typed = {"report": [one.pk for one in made], "contact": nadia.pk, "number": 1}

    for _ in range(2):  # the same form sent twice
        assert client.post(address, typed)["Location"] == f"/assessments/{assessment.pk}/report/"

    assert [(one.number, one.language) for one in Handover.objects.order_by("pk")] == [(1, "it"), (1, "en")]
    assert "in Italian and in English" in Mail.objects.get().text or "in italiano" in Mail.objects.get().text
    assert page(client, assessment).count("version 1, to Nadia") == 1
    phone = browser(nadia.user)
    given = [
        phone.get(f"/reports/handed-over/{one.pk}/").getvalue() for one in Handover.objects.order_by("pk")
    ]
    assert given == [one.file.read_bytes() for one in made]


def test_nothing_is_handed_over_when_one_language_is_not_up_to_date(assessment: Assessment) -> None:
    made = [reports.make(assessment, language, at=NOON) for language in ("it", "en")]
    write(assessment, "Only in English.", "en")

    with pytest.raises(handing_over.Outdated):
        handing_over.hand_over(
            made, contact(assessment), number=1, address="SECRET", goes_to="/", by=CARLA, at=NOON
        )

    assert not Handover.objects.exists()
    assert not Mail.objects.exists()


def test_a_form_without_a_version_is_sent_back(client: Client, assessment: Assessment) -> None:
    reports.make(assessment, "it", at=NOON)
    typed = {"contact": contact(assessment).pk, "number": 1}

    response = client.post(f"/assessments/{assessment.pk}/report/hand-over/", typed)

    assert response.status_code == 422
    assert not Handover.objects.exists()


# Frozen whole


def test_a_version_freezes_every_form_and_what_it_was_made_from(assessment: Assessment) -> None:
    write(assessment, "Parole **nostre**.")
    (given,) = hand_over(assessment, "it")

    assert sorted(given.checksums) == ["docx", "html", "json", "pdf"]
    for form, sha256 in given.checksums.items():
        file = given.file_in(form)
        assert file is not None
        assert hashlib.sha256(file.read_bytes()).hexdigest() == sha256
    kept = json.loads((given.file_in("json") or given.file).read_bytes())
    assert kept["texts"] == {"summary": "Parole **nostre**."}
    assert kept["roadmap"]["plan"]["starts"]
    assert len(kept["assessments"]["own"]["answers"]) == 140
    assert kept["assessments"]["european"]["instrument"].startswith("eu-dma-sme")
    line = next(one for one in journal.history(assessment) if one.event == "reports.handed-over")
    assert (line.facts["sha256"], line.facts["inputs"]) == (given.sha256, given.inputs)


def test_whatever_changes_later_the_parts_of_a_version_are_those_of_then(assessment: Assessment) -> None:
    write(assessment, "First words.")
    (given,) = hand_over(assessment, "it")
    then = frozen.written(gathered(assessment, "it"))

    write(assessment, "Second words.")
    answer(assessment, 5)
    assessment.company.size = "medium"
    assessment.company.save()

    kept = (given.file_in("json") or given.file).read_bytes()
    assert kept == then
    assert frozen.written(thawing.read(kept)) == then
    assert frozen.written(gathered(assessment, "it")) != then


@pytest.mark.slow
def test_a_version_is_made_again_byte_by_byte_from_what_was_frozen_alone() -> None:
    assessment = desk.fill_demonstration(at=NOON)
    write(assessment, "Parole **nostre**.\n\n- una\n- due")
    (given,) = hand_over(assessment, "it")
    write(assessment, "Altre.")
    answer(assessment, 5)

    again = parts.rendered(thawing.read((given.file_in("json") or given.file).read_bytes()))

    for form, data in again.items():
        assert hashlib.sha256(data).hexdigest() == given.checksums[form], form


def test_a_file_that_was_damaged_is_made_again_and_not_handed_over(assessment: Assessment) -> None:
    made = reports.make(assessment, "it", at=NOON)
    file = made.copies.get(form="html").file
    file.write_bytes(b"X" * file.stat().st_size)

    with pytest.raises(handing_over.Outdated):
        handing_over.hand_over(
            [made], contact(assessment), number=1, address="SECRET", goes_to="/", by=CARLA, at=NOON
        )
    again = reports.make(assessment, "it", at=NOON)

    assert again.is_whole
    assert again.checksums == made.checksums


@pytest.mark.parametrize("stops", ["before the rows", "at the second row"])
def test_what_is_killed_halfway_leaves_no_version_and_the_next_try_is_whole(
    assessment: Assessment, monkeypatch: pytest.MonkeyPatch, stops: str
) -> None:
    class Killed(BaseException):
        """As a signal: nothing of ours runs after it."""

    def killed(*_: Any, **__: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(reports, "_remove", lambda *_: None)
        if stops == "before the rows":
            patched.setattr(reports, "_keep", killed)
        else:
            patched.setattr("capofila.reports.models.Copy.save", killed)
        with pytest.raises(Killed):
            reports.make(assessment, "it", at=NOON)

    assert not Report.objects.exists()
    made = reports.make(assessment, "it", at=NOON)
    assert made.is_whole


# The page


def test_the_page_tells_of_each_version_who_to_whom_in_which_language_and_what_it_replaces(
    client: Client, assessment: Assessment
) -> None:
    first = hand_over(assessment, "it")
    answer(assessment, 5)
    second = hand_over(assessment, "it", "en")

    told = page(client, assessment)

    assert [told.count(f"version {number}, to Nadia") for number in (1, 2)] == [1, 1]
    assert told.count("replaces version 1") == 1
    assert told.count("replaced by version 2") == 1
    for given in (*first, *second):
        assert given.sha256 in told
        assert f'href="/reports/handed-over/{given.pk}/word/"' in told
        assert f'href="/reports/handed-over/{given.pk}/inputs/"' in told
        for end, form in (("", "pdf"), ("word/", "docx"), ("html/", "html")):
            file = given.file_in(form)
            assert file is not None
            response = client.get(f"/reports/handed-over/{given.pk}/{end}")
            assert response.getvalue() == file.read_bytes()
    assert told.count("Nothing has changed since.") == 2


def test_what_changed_since_a_version_is_said_and_the_text_page_still_tells_what_moved_underneath(
    client: Client, assessment: Assessment
) -> None:
    client.post(
        f"/assessments/{assessment.pk}/report/it/texts/summary/",
        {"text": "Parole nostre.", "after": 0, "do": "keep"},
    )
    hand_over(assessment, "it")
    write(assessment, "Altre parole.")
    assessments.reopen(assessment, "Answers were wrong", at=NOON)
    for held in assessment.entries.filter(question__startswith="str."):
        entry = said(5, question=held.question, replaces=(held.pk,))
        assessments.receive(assessment, [entry], author=ALICE, at=NOON)

    told = page(client, assessment)

    assert "1 written text" in told
    assert "answers, 1 written text" in told
    outline = shown(client, f"/assessments/{assessment.pk}/report/it/texts/")
    assert outline.count("not as in version 1 handed over") == 1
    assert "not as in version" not in shown(client, f"/assessments/{assessment.pk}/report/en/texts/")
    assert "The own text then" in shown(client, f"/assessments/{assessment.pk}/report/it/texts/summary/")


def test_a_version_from_before_its_inputs_were_frozen_still_opens(
    client: Client, assessment: Assessment
) -> None:
    (given,) = hand_over(assessment, "it")
    file = given.file_in("json")
    assert file is not None
    file.unlink()

    told = page(client, assessment)

    assert "version 1, to Nadia" in told
    assert f'href="/reports/handed-over/{given.pk}/word/"' in told
    assert "/inputs/" not in told
    assert "Changed since:" not in told
    assert "Nothing has changed since." not in told
    assert client.get(f"/reports/handed-over/{given.pk}/inputs/").status_code == 404
    assert client.get(f"/reports/handed-over/{given.pk}/").getvalue() == given.file.read_bytes()


def test_a_report_that_nobody_handed_over_stays_to_download(client: Client, assessment: Assessment) -> None:
    first = reports.make(assessment, "it", at=NOON)
    answer(assessment, 5)
    reports.make(assessment, "it", at=NOON)

    told = page(client, assessment)

    assert "Made before, replaced and not handed over" in told
    assert client.get(f"/reports/{first.pk}/").getvalue() == first.file.read_bytes()


def test_who_opens_what_a_version_was_made_from_is_on_record_and_the_company_does_not(
    assessment: Assessment,
) -> None:
    (given,) = hand_over(assessment, "it")
    address = f"/reports/handed-over/{given.pk}/inputs/"
    auditor, phone = browser(make_member("Dario", Role.AUDITOR).user), browser(given.to)

    response = auditor.get(address)

    assert json.loads(response.getvalue())["language"] == "it"
    assert response["Content-Disposition"].endswith('-it-1.json"')
    line = journal.history(assessment)[0]
    assert (line.event, line.name) == ("reports.inputs-opened", "Dario")
    assert phone.get(address).status_code in (403, 404)
    assert address not in page(phone, assessment)
    assert given.sha256 in page(phone, assessment)
    opened = [one for one in journal.history(assessment) if one.event == "reports.inputs-opened"]
    assert len(opened) == 1
