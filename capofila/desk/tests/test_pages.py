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


def half_answered(share: float = 0.5, company: Company | None = None) -> Assessment:
    assessment = make_assessment(company)
    codes = [question.code for question in library.load(assessment.name).questions]
    entries = [said(3, question=code) for code in codes[: round(len(codes) * share)]]
    assessments.receive(assessment, entries, author=ALICE, at=NOON)
    return assessment


def test_the_first_page_lists_companies_and_invites_to_answer(get: Get) -> None:
    assessment = half_answered(company=make_company(name="Vetreria Alice"))

    page = get("/")

    assert f'<a href="/assessments/{assessment.pk}/">Vetreria Alice</a>' in page
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
        ("/", 5),
        ("/companies/{company}/", 12),
        ("/assessments/{pk}/report/", 10),
        ("/questionnaire/", 3),
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


def test_a_visitor_chooses_a_name_and_a_profile_and_lands_on_the_overview(client: Client) -> None:
    response = client.post("/questionnaire/", {"company": "Vetreria Alice", "profile": "trade"})

    assessment = Assessment.objects.get()
    assert response["Location"] == f"/assessments/{assessment.pk}/"
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


def test_a_report_is_offered_when_six_questions_in_ten_are_answered(get: Get) -> None:
    too_few, enough = half_answered(0.5), half_answered(0.6)

    without, offered = get(f"/assessments/{too_few.pk}/report/"), get(f"/assessments/{enough.pk}/report/")

    assert "Punteggio non mostrato: 70 risposte su 140, ne servono 84." in without
    assert "Prepara il rapporto in italiano" not in without
    assert "Prepara il rapporto in italiano" in offered


def test_no_report_is_begun_while_too_little_is_answered(client: Client) -> None:
    assessment = half_answered(0.5)

    response = client.post(f"/assessments/{assessment.pk}/report/make/", {"language": "it"})

    assert response.status_code == 422
    assert not background.is_being_made(assessment, "it")


def test_the_page_of_a_report_in_the_making_looks_again_by_itself(client: Client) -> None:
    assessment = half_answered(0.6)
    background.begin(assessment, "it", SLEEPING)
    child = background.CHILDREN[-1]
    try:
        response = client.get(f"/assessments/{assessment.pk}/report/it/")
    finally:
        child.kill()
        child.wait()

    assert response["Refresh"] == "2"
    assert "Il rapporto è in preparazione" in response.content.decode()


def test_the_page_of_a_report_that_was_not_made_offers_to_make_it(get: Get) -> None:
    assessment = half_answered(0.6)

    page = get(f"/assessments/{assessment.pk}/report/it/")

    assert "Ancora nessun rapporto" in page
    assert "Refresh" not in page


@pytest.mark.parametrize("language", ["fr", "../it", ""])
def test_a_report_in_a_language_we_do_not_have_is_not_there(client: Client, language: str) -> None:
    assessment = half_answered(0.6)

    response = client.post(f"/assessments/{assessment.pk}/report/make/", {"language": language})

    assert response.status_code == 404


def test_the_language_is_kept_and_the_visitor_stays_on_the_page(client: Client) -> None:
    response = client.post("/account/language/", {"language": "en", "next": "/questionnaire/"})

    assert response["Location"] == "/questionnaire/"
    assert "Answer the 140 questions yourself" in client.get("/questionnaire/").content.decode()


def test_the_language_form_sends_nobody_to_another_site(client: Client) -> None:
    response = client.post("/account/language/", {"language": "en", "next": "https://example.org/"})

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
