"""The texts of a report on their pages: written, looked at, taken back, kept through a new report."""

from typing import Any

import pytest
from django.test import Client

from capofila.assessments import actions as assessments
from capofila.assessments.models import Assessment
from capofila.assessments.tests.entries import ALICE, said
from capofila.companies.tests.builders import NOON
from capofila.consortium.models import Role
from capofila.consortium.tests.builders import make_member
from capofila.desk import actions as desk
from capofila.desk.tests.test_report_pages import browser, contact, shown
from capofila.journal.actions import Actor
from capofila.lib.document import Paragraph
from capofila.lib.render import html
from capofila.reports import actions as reports
from capofila.reports import frozen, parts, text_edits
from capofila.reports.gathering import gathered
from capofila.reports.models import Report, TextEdit
from capofila.reports.rules import markup

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]


@pytest.fixture
def assessment() -> Assessment:
    return desk.fill_demonstration(at=NOON)


def address(assessment: Assessment, key: str = "summary", language: str = "en") -> str:
    return (
        f"/assessments/{assessment.pk}/report/{language}/texts/{key}/"
        if key
        else (f"/assessments/{assessment.pk}/report/{language}/texts/")
    )


def write(
    client: Client, assessment: Assessment, text: str, after: int = 0, do: str = "keep", **at: str
) -> Any:
    typed = {"text": text, "after": after, "do": do}
    return client.post(address(assessment, **at), typed, headers={"accept-language": "en"})


def page_of(assessment: Assessment, language: str = "en") -> str:
    """The report as one HTML page, with what was written."""
    return html.render(parts.document(gathered(assessment, language))).decode()


def test_the_outline_shows_each_text_in_its_chapter(client: Client, assessment: Assessment) -> None:
    page = shown(client, address(assessment, ""))

    assert page.count("Write this text</a>") >= 1 + 10 + 12 - 2
    assert f'href="{address(assessment)}"' in page
    assert f'href="{address(assessment, "area.str.lead")}"' in page
    assert "/texts/action." in page


@pytest.mark.parametrize("key", ["summary", "area.str.lead"])
def test_a_text_is_written_and_stands_in_the_report(client: Client, assessment: Assessment, key: str) -> None:
    before = frozen.written(gathered(assessment, "en"))

    response = write(client, assessment, "First **bold** words.\n\n- one\n- <b>two</b>", key=key)

    assert response["Location"] == address(assessment, "")
    made = page_of(assessment)
    assert "First <strong>bold</strong> words." in made
    assert "&lt;b&gt;two&lt;/b&gt;" in made
    assert frozen.written(gathered(assessment, "en")) != before
    assert "First <strong>bold</strong>" not in page_of(assessment, "it")
    outline = shown(client, address(assessment, ""))
    assert "<strong>bold</strong>" in outline
    assert "<b>two</b>" not in outline


def test_looking_keeps_nothing(client: Client, assessment: Assessment) -> None:
    response = write(client, assessment, "Only *looked* at <script>", do="look")

    page = response.content.decode()
    assert "<em>looked</em> at &lt;script&gt;" in page
    assert "not kept yet" in page
    assert not TextEdit.objects.exists()


def test_the_own_text_comes_back_and_what_was_written_stays_to_begin_from(
    client: Client, assessment: Assessment
) -> None:
    own = page_of(assessment)
    write(client, assessment, "Mine.")

    write(client, assessment, "", after=1, do="own")

    assert page_of(assessment) == own
    assert "Mine." in shown(client, address(assessment) + "?from=1").split("</textarea>")[0]
    assert [edit.text for edit in text_edits.history(assessment, "en", "summary")] == [None, "Mine."]


def test_the_second_of_two_is_told_and_loses_nothing(client: Client, assessment: Assessment) -> None:
    write(client, assessment, "Alice's words.")
    carla = browser(make_member("Carla", Role.LEAD_ADMINISTRATOR).user)

    response = write(carla, assessment, "Carla's words.")

    page = response.content.decode()
    assert response.status_code == 409
    assert "wrote this text while your page was open" in page
    assert "Carla&#x27;s words.</textarea>" in page
    assert "Alice&#x27;s words." in page
    assert 'value="1"' in page
    assert write(carla, assessment, "Carla's words.", after=1).status_code == 302
    assert [edit.text for edit in text_edits.history(assessment, "en", "summary")] == [
        "Carla's words.",
        "Alice's words.",
    ]


def test_the_same_form_sent_twice_writes_once(client: Client, assessment: Assessment) -> None:
    for _ in range(2):
        assert write(client, assessment, "Mine.").status_code == 302

    assert TextEdit.objects.count() == 1


def test_a_change_underneath_is_said_with_both_texts_until_a_person_decides(
    client: Client, assessment: Assessment
) -> None:
    write(client, assessment, "Mine.")
    then = text_edits.newest(assessment, "en")["summary"].generated
    assessments.reopen(assessment, "One answer was wrong", at=NOON)
    for held in assessment.entries.filter(question__startswith="str."):
        assessments.receive(
            assessment, [said(5, question=held.question, replaces=(held.pk,))], author=ALICE, at=NOON
        )

    outline, page = shown(client, address(assessment, "")), shown(client, address(assessment))

    assert "The report’s own text has changed under 1 text." in outline
    assert "The own text then" in page
    assert "The own text now" in page
    assert "Mine." in page_of(assessment)
    write(client, assessment, "Mine.", after=1)
    assert "The own text then" not in shown(client, address(assessment))
    assert text_edits.newest(assessment, "en")["summary"].generated != then


@pytest.mark.parametrize(("typed", "status"), [("", 422), ("a" * 20_001, 422), ("a b " * 5_000, 302)])
def test_a_text_has_a_length(client: Client, assessment: Assessment, typed: str, status: int) -> None:
    assert write(client, assessment, typed).status_code == status


def test_the_contact_writes_nothing(assessment: Assessment) -> None:
    phone = browser(contact(assessment).user)

    assert write(phone, assessment, "Mine.").status_code in (403, 404)
    assert phone.get(address(assessment, "")).status_code in (403, 404)
    assert not TextEdit.objects.exists()


def test_a_text_that_the_report_has_not_is_not_found(client: Client, assessment: Assessment) -> None:
    assert client.get(address(assessment, "area.zzz.lead")).status_code == 404
    assert client.get(address(assessment, language="fr")).status_code == 404


@pytest.mark.slow
def test_what_was_written_is_in_every_form_and_survives_a_new_report(assessment: Assessment) -> None:
    text_edits.write(
        assessment,
        "it",
        "summary",
        "Parole nostre.",
        after=0,
        generated="",
        by=Actor(None, "Alice", "consultant"),
        at=NOON,
    )

    report = reports.make(assessment, "it", at=NOON)

    assert sorted(copy.form for copy in report.copies.all()) == ["docx", "html"]
    assert "Parole nostre." in report.copies.get(form="html").file.read_text()
    assert Report.objects.get() == report
    assert markup.parse("Parole nostre.") == (Paragraph("Parole nostre."),)
