"""What the page of the benchmark says: with whom, why not with a smaller group, what else there is to see."""

from datetime import date
from html import unescape

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from capofila.assessments import benchmark
from capofila.assessments.models import Assessment
from capofila.assessments.tests.entries import answer_everything, make_assessment
from capofila.assessments.tests.peers import JUNE, MARCH, Peers, contact_of
from capofila.assessments.tests.people import signed_in
from capofila.companies.models import Company
from capofila.companies.tests.builders import NOON
from capofila.consortium import actions as consortium
from capofila.consortium.tests.builders import make_lead, make_member

pytestmark = pytest.mark.django_db
SEVEN = [210, 240, 250, 260, 280, 300, 330]
TWELVE = [200 + 10 * at for at in range(12)]


@pytest.fixture
def peers() -> Peers:
    make_lead()
    return Peers()


@pytest.fixture
def client() -> Client:
    return signed_in(make_member("Alice", "lead-administrator").user)


def at_three(**facts: object) -> Assessment:
    """Level 3 everywhere, in a small metalworking firm of Bergamo unless said otherwise."""
    said = {"name": "Vetreria", "sector": "manufacturing", "size": "small", "province": "BG", **facts}
    assessment = make_assessment(Company.objects.create(created_at=NOON, **said))
    answer_everything(assessment)
    return assessment


def text(client: Client, assessment: Assessment, language: str = "en", **query: str) -> str:
    path = f"/assessments/{assessment.pk}/benchmark/"
    response = client.get(path, query, headers={"accept-language": language})
    assert response.status_code == 200
    return unescape(response.content.decode())


def test_the_page_says_how_many_others_of_which_group_and_when(peers: Peers, client: Client) -> None:
    peers.assessed(TWELVE)
    peers.freeze(MARCH)

    found = text(client, at_three())

    assert "Higher than half of the others in 10 of 10 areas" in found
    assert "compared with Manufacturing, small enterprise, BG" in found
    assert "12 other companies" in found
    assert "2026Q1-manufacturing-small-BG-" in found
    assert "higher than about 75 in 100" in found


def test_too_few_for_a_median_are_compared_by_their_mean_and_it_is_said(peers: Peers, client: Client) -> None:
    peers.assessed(SEVEN)
    peers.freeze(MARCH)

    found = text(client, at_three())

    assert "Above the mean of the others in 10 of 10 areas" in found
    assert "Median, quartiles and place take 12 companies." in found


def test_the_next_larger_group_is_said_aloud_in_both_languages(peers: Peers, client: Client) -> None:
    peers.assessed(SEVEN)
    peers.freeze(MARCH)
    brescia = at_three(province="BS")

    assert (
        "Not with Manufacturing, small enterprise, BS: fewer than 7 companies, linked ones counted as one. "
        "So compared with Manufacturing, small enterprise."
    ) in text(client, brescia)
    assert (
        "Non con Attività manifatturiere, piccola impresa, BS: meno di 7 imprese, contando come una quelle "
        "collegate. Perciò il confronto è con Attività manifatturiere, piccola impresa."
    ) in text(client, brescia, "it")


def test_companies_that_entered_with_a_larger_group_are_said_to_be_counted_there(
    peers: Peers, client: Client
) -> None:
    peers.assessed(SEVEN[:4])
    peers.assessed(SEVEN[4:], on=date(2026, 3, 3), province="BS")
    peers.freeze(MARCH)
    peers.assessed(SEVEN[:3], on=date(2026, 5, 1))
    peers.freeze(JUNE)

    assert "its companies entered together with others" in text(client, at_three())


def test_what_is_not_known_of_a_company_is_said(peers: Peers, client: Client) -> None:
    found = text(client, at_three(sector="", size="", province=""))

    assert "sector not known, size not known, province not known" in found


def test_until_there_are_enough_published_means_stand_there_with_their_source(
    peers: Peers, client: Client
) -> None:
    found = text(client, at_three())

    assert "Not yet companies enough to compare with" in found
    assert "Another questionnaire, on the same scale from 1 to 5" in found
    for figure in ("2.85", "2.99", "3.25", "3.48", "Agenzia Nova, 19.7.2023", "2023", "not stated"):
        assert figure in found


def test_a_questionnaire_without_published_means_invents_none(peers: Peers, client: Client) -> None:
    company = Company.objects.create(name="Vetreria", created_at=NOON)
    european = make_assessment(company, instrument="eu-dma-sme", profile="")

    assert "No means have been published for this questionnaire" in text(client, european)
    assert benchmark.reference_lines("eu-dma-sme", "it") == []


def test_a_demonstration_says_that_its_companies_are_invented(client: Client) -> None:
    consortium.found(hub="Polo", lead_partner="Officina Digitale", at=NOON, is_demo=True)
    make_lead().hub.__class__.objects.update(is_demo=True)

    assert "Demonstration: these companies are invented." in text(client, at_three(is_demo=True))


def test_larger_groups_and_other_dates_can_be_looked_at(peers: Peers, client: Client) -> None:
    peers.assessed(SEVEN)
    peers.freeze(MARCH)
    peers.assessed(TWELVE, on=date(2026, 5, 1))
    peers.freeze(JUNE)
    own = at_three()

    assert "19 other companies" in text(client, own)
    assert "compared with all companies" in text(client, own, group="all")
    assert "7 other companies" in text(client, own, on="2026-03-31")


def test_a_group_that_stayed_as_it_was_says_so(peers: Peers, client: Client) -> None:
    peers.assessed(SEVEN)
    peers.freeze(MARCH)
    peers.freeze(JUNE)

    assert "Looked at again on 30\N{NO-BREAK SPACE}June 2026" in text(client, at_three())


def test_the_contact_reads_the_same_page(peers: Peers) -> None:
    peers.assessed(TWELVE)
    peers.freeze(MARCH)
    own = at_three()
    carla = signed_in(contact_of(own))

    assert "12 other companies" in text(carla, own)
    assert "Beside other companies" in unescape(
        carla.get(f"/assessments/{own.pk}/", headers={"accept-language": "en"}).content.decode()
    )


def test_a_comparison_asks_the_database_the_same_number_of_times_however_many_there_are(
    peers: Peers, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    own = at_three()
    for on in (MARCH, JUNE):
        peers.assessed(TWELVE * 3, on=date(on.year, on.month - 1, 1))
        peers.freeze(on)

        with django_assert_num_queries(7):
            benchmark.compared(own, own={})
