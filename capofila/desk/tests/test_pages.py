import re
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from capofila.assessments import actions as assessments
from capofila.assessments import queries as stored
from capofila.assessments.models import AnswerEntry, Assessment
from capofila.assessments.tests.entries import ALICE, make_assessment, said
from capofila.companies.models import Company
from capofila.companies.tests.builders import NOON, make_company
from capofila.desk import actions
from capofila.instruments import library
from capofila.reports import background

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration")]
OPENED = "2026-03-02T12:00:00+00:00"
SLEEPING = (sys.executable, "-c", "import time; time.sleep(60)")
Get = Callable[..., str]


@pytest.fixture
def get(client: Client) -> Get:
    """A page as text; it must be there."""

    def page(address: str, language: str = "it", status: int = 200) -> str:
        client.cookies["django_language"] = language
        response = client.get(address)
        assert response.status_code == status
        return " ".join(response.content.decode().split())

    return page


def post(client: Client, assessment: Assessment, area: str, **typed: Any) -> Any:
    """Send the form of an area with what was typed, by the names of its fields."""
    return client.post(f"/questionnaire/{assessment.pk}/{area}/", {"opened": OPENED, **typed})


def half_answered(share: float = 0.5, company: Company | None = None) -> Assessment:
    assessment = make_assessment(company)
    codes = [question.code for question in library.load(assessment.name).questions]
    entries = [said(3, question=code) for code in codes[: round(len(codes) * share)]]
    assessments.receive(assessment, entries, who=ALICE, at=NOON)
    return assessment


def test_the_first_page_lists_companies_and_invites_to_answer(get: Get) -> None:
    assessment = half_answered(company=make_company(name="Vetreria Alice"))

    page = get("/")

    assert f'<a href="/questionnaire/{assessment.pk}/">Vetreria Alice</a>' in page
    assert '70 <span class="of">/ 140</span>' in page
    assert "Rispondete voi alle 140 domande" in page


def test_the_invented_company_shows_scores_charts_and_steps_in_both_languages(get: Get) -> None:
    company = actions.fill_demonstration(at=NOON).company

    italian, english = get(f"/companies/{company.pk}/"), get(f"/companies/{company.pk}/", "en")

    assert "Maturità digitale" in italian
    assert "Digital maturity" in english
    assert "2,31" in italian
    assert "2.31" in english
    assert italian.count("<svg") >= 8
    assert italian.count("<li><div><h3>") == 3


def test_a_company_without_an_assessment_has_no_page(get: Get) -> None:
    get(f"/companies/{make_company().pk}/", status=404)


@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("/", 2),
        ("/companies/{company}/", 6),
        ("/questionnaire/{pk}/", 3),
        ("/questionnaire/{pk}/str/", 2),
        ("/questionnaire/", 0),
    ],
)
def test_pages_ask_the_database_little(
    client: Client, address: str, queries: int, django_assert_num_queries: Any
) -> None:
    assessment = actions.fill_demonstration(at=NOON)
    for number in range(3):
        half_answered(company=make_company(name=f"Vetreria {number}"))

    with django_assert_num_queries(queries):
        client.get(address.format(company=assessment.company_id, pk=assessment.pk))


def test_a_visitor_chooses_a_name_and_a_profile_and_lands_on_the_first_area(client: Client) -> None:
    response = client.post("/questionnaire/", {"company": "Vetreria Alice", "profile": "trade"})

    assessment = Assessment.objects.get()
    assert response["Location"] == f"/questionnaire/{assessment.pk}/str/"
    assert (assessment.company.name, assessment.profile) == ("Vetreria Alice", "trade")
    assert assessment.company.is_demo


@pytest.mark.parametrize(
    "typed", [{"company": "Vetreria Alice"}, {"profile": "trade"}, {"company": " ", "profile": "x"}]
)
def test_what_a_visitor_typed_stays_when_something_is_missing(client: Client, typed: dict[str, Any]) -> None:
    response = client.post("/questionnaire/", typed)

    assert response.status_code == 422
    assert typed.get("company", "") in response.content.decode()
    assert "Errore:" in response.content.decode()
    assert not Company.objects.exists()


def test_an_area_shows_each_question_with_the_full_text_of_its_levels(get: Get) -> None:
    assessment = make_assessment()
    words = library.words(assessment.name, "en").of("str.costing", "manufacturing")

    page = get(f"/questionnaire/{assessment.pk}/str/", "en")

    assert page.count('<details class="question"') == 14
    assert words.ask in page
    assert all(level in page for level in words.levels)


def test_a_profile_has_its_own_wording_and_its_own_questions(get: Get) -> None:
    assessment = make_assessment(profile="services")

    page = get(f"/questionnaire/{assessment.pk}/des/", "en")

    assert page.count('<details class="question"') == 12
    assert 'id="des.cad"' not in page


@pytest.mark.parametrize("area", ["xyz", "strategy"])
def test_an_area_that_does_not_exist_has_no_page(get: Get, area: str) -> None:
    get(f"/questionnaire/{make_assessment().pk}/{area}/", status=404)


def test_saving_an_area_keeps_what_was_chosen_and_goes_on(client: Client) -> None:
    assessment = make_assessment()

    response = post(
        client,
        assessment,
        "str",
        **{
            "str.costing.answer": "4",
            "str.costing.note": "Seen\r\non Monday",
            "str.erp.answer": "na",
            "str.erp.reason": "No orders",
            "go": "next",
        },
    )

    answers = stored.answers(assessment)
    assert response["Location"] == f"/questionnaire/{assessment.pk}/des/?saved=str"
    assert (answers["str.costing"].value, answers["str.costing"].note) == (4, "Seen\non Monday")
    assert answers["str.erp"].reason == "No orders"
    assert AnswerEntry.objects.count() == 2


@pytest.mark.parametrize(
    ("area", "go", "where"),
    [
        ("des", "back", "/str/?saved=des"),
        ("str", "back", "/"),
        ("des", "stay", "/des/?saved=des"),
        ("env", "end", "/"),
        ("env", "next", "/"),
    ],
)
def test_the_button_says_where_to_go_after_saving(client: Client, area: str, go: str, where: str) -> None:
    assessment = make_assessment()

    response = post(client, assessment, area, go=go)

    assert response["Location"] == f"/questionnaire/{assessment.pk}{where}"


def test_sending_the_same_page_twice_says_the_same_thing_once(client: Client) -> None:
    assessment, typed = make_assessment(), {"str.costing.answer": "4"}
    post(client, assessment, "str", **typed)

    response = post(client, assessment, "str", **typed)

    assert response.status_code == 302
    assert AnswerEntry.objects.count() == 1


def test_what_stays_as_it_was_is_not_entered_again(client: Client) -> None:
    assessment = make_assessment()
    post(client, assessment, "str", **{"str.costing.answer": "4", "str.costing.note": "Seen"})
    seen = str(AnswerEntry.objects.get().pk)

    post(
        client,
        assessment,
        "str",
        **{"str.costing.answer": "4", "str.costing.note": "Seen", "str.costing.seen": seen},
    )

    assert AnswerEntry.objects.count() == 1


def test_a_changed_answer_replaces_the_one_that_was_seen(client: Client) -> None:
    assessment = make_assessment()
    post(client, assessment, "str", **{"str.costing.answer": "4"})
    seen = str(AnswerEntry.objects.get().pk)

    post(client, assessment, "str", **{"str.costing.answer": "2", "str.costing.seen": seen})

    current = stored.current(assessment)["str.costing"]
    assert (current.entry.value, str(current.entry.replaces), current.rivals) == (2, seen, ())


def test_an_answer_can_be_taken_back(client: Client) -> None:
    assessment = make_assessment()
    post(client, assessment, "str", **{"str.costing.answer": "4"})
    seen = str(AnswerEntry.objects.get().pk)

    post(client, assessment, "str", **{"str.costing.answer": "clear", "str.costing.seen": seen})

    assert stored.answers(assessment) == {}


def test_not_applicable_without_a_reason_saves_nothing_and_keeps_what_was_typed(client: Client) -> None:
    assessment = make_assessment()

    response = post(
        client,
        assessment,
        "str",
        **{"str.erp.answer": "na", "str.costing.answer": "5", "str.costing.note": "<b>Seen</b>"},
    )

    page = response.content.decode()
    assert response.status_code == 422
    assert "Dite perché non si applica" in page
    assert "&lt;b&gt;Seen&lt;/b&gt;" in page
    assert re.search(r'name="str\.costing\.answer" value="5" checked', page)
    assert not AnswerEntry.objects.exists()


@pytest.mark.parametrize(
    "typed",
    [
        {"str.costing.answer": "6"},
        {"str.costing.answer": "three"},
        {"str.costing.answer": "3", "str.costing.note": "x" * 5001},
        {"str.costing.answer": "3", "opened": "yesterday"},
        {"str.costing.answer": "3", "str.costing.seen": "me"},
        {"str.costing.answer": "3", "str.costing.note": "\x00"},
    ],
)
def test_what_no_page_of_ours_sends_is_refused(client: Client, typed: dict[str, Any]) -> None:
    response = post(client, make_assessment(), "str", **typed)

    assert response.status_code == 422
    assert not AnswerEntry.objects.exists()


def test_an_entry_of_somebody_elses_question_is_not_replaced(client: Client) -> None:
    assessment = make_assessment()
    post(client, assessment, "str", **{"str.costing.answer": "4"})
    seen = str(AnswerEntry.objects.get().pk)

    post(client, assessment, "str", **{"str.erp.answer": "2", "str.erp.seen": seen})

    assert stored.current(assessment)["str.erp"].entry.replaces is None


def test_a_closed_assessment_can_be_read_but_not_changed(client: Client, get: Get) -> None:
    assessment = actions.fill_demonstration(at=NOON)

    page = get(f"/questionnaire/{assessment.pk}/str/")
    response = post(client, assessment, "str", **{"str.costing.answer": "5"})

    assert '<fieldset class="all" disabled>' in page
    assert 'name="go"' not in page
    assert response.status_code == 409
    assert "è chiusa" in response.content.decode()


def test_what_is_missing_is_listed_with_its_place(get: Get) -> None:
    assessment = half_answered()

    page = get(f"/questionnaire/{assessment.pk}/")

    assert "70 domande su 140" in page
    assert f'href="/questionnaire/{assessment.pk}/env/#env.metering"' in page
    assert "#str.costing" not in page


def test_a_report_is_offered_when_six_questions_in_ten_are_answered(get: Get) -> None:
    too_few, enough = half_answered(0.5), half_answered(0.6)

    without, offered = get(f"/questionnaire/{too_few.pk}/"), get(f"/questionnaire/{enough.pk}/")

    assert "Punteggio non mostrato: 70 risposte su 140, ne servono 84." in without
    assert "Prepara il rapporto in italiano" not in without
    assert "Prepara il rapporto in italiano" in offered


def test_no_report_is_begun_while_too_little_is_answered(client: Client) -> None:
    assessment = half_answered(0.5)

    response = client.post(f"/questionnaire/{assessment.pk}/report/", {"language": "it"})

    assert response.status_code == 422
    assert not background.is_being_made(assessment, "it")


def test_the_page_of_a_report_in_the_making_looks_again_by_itself(client: Client) -> None:
    assessment = half_answered(0.6)
    background.begin(assessment, "it", SLEEPING)
    child = background.CHILDREN[-1]
    try:
        response = client.get(f"/questionnaire/{assessment.pk}/report/it/")
    finally:
        child.kill()
        child.wait()

    assert response["Refresh"] == "2"
    assert "Il rapporto è in preparazione" in response.content.decode()


def test_the_page_of_a_report_that_was_not_made_offers_to_make_it(get: Get) -> None:
    assessment = half_answered(0.6)

    page = get(f"/questionnaire/{assessment.pk}/report/it/")

    assert "Ancora nessun rapporto" in page
    assert "Refresh" not in page


@pytest.mark.parametrize("language", ["fr", "../it", ""])
def test_a_report_in_a_language_we_do_not_have_is_not_there(client: Client, language: str) -> None:
    assessment = half_answered(0.6)

    response = client.post(f"/questionnaire/{assessment.pk}/report/", {"language": language})

    assert response.status_code == 404


def test_the_language_is_kept_and_the_visitor_stays_on_the_page(client: Client) -> None:
    response = client.post("/language/", {"language": "en", "next": "/questionnaire/"})

    assert response["Location"] == "/questionnaire/"
    assert "Answer the 140 questions yourself" in client.get("/questionnaire/").content.decode()


def test_the_language_form_sends_nobody_to_another_site(client: Client) -> None:
    response = client.post("/language/", {"language": "en", "next": "https://example.org/"})

    assert response["Location"] == "/"


def test_forms_of_other_sites_are_refused() -> None:
    client = Client(enforce_csrf_checks=True, HTTP_HOST="localhost")

    response = client.post("/questionnaire/", {"company": "Charlie", "profile": "trade"})

    assert response.status_code == 403
    assert not Company.objects.exists()


def test_the_demonstration_is_entered_once_however_often_it_is_filled() -> None:
    first = actions.fill_demonstration(at=NOON)

    again = actions.fill_demonstration(at=NOON)

    assert again == first
    assert (Company.objects.count(), Assessment.objects.count(), AnswerEntry.objects.count()) == (1, 2, 151)


def test_the_invented_company_answers_all_140_questions_with_notes_and_reasons() -> None:
    answers = stored.answers(actions.fill_demonstration(at=NOON))

    assert len(answers) == 140
    assert sum(bool(answer.note) for answer in answers.values()) >= 45
    assert sum(not answer.applicable for answer in answers.values()) >= 3
    assert {answer.value for answer in answers.values() if answer.applicable} == {1, 2, 3, 4, 5}
