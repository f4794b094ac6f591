import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from capofila.accounts.models import Mail, User
from capofila.assessments import actions
from capofila.assessments import queries as stored
from capofila.assessments.models import AnswerEntry, Assessment, Milestone
from capofila.assessments.tests.entries import ALICE, BOB, answer_everything, make_assessment, said
from capofila.companies import actions as companies
from capofila.companies.models import Company, Contact
from capofila.companies.tests.builders import NOON, make_company
from capofila.consortium.models import Partner, Role
from capofila.consortium.tests.builders import make_member, make_partner, make_user
from capofila.instruments import library
from capofila.journal.actions import Actor

pytestmark = pytest.mark.django_db
OPENED = "2026-03-02T12:00:00+00:00"
Get = Callable[..., str]


def served(partner: Partner | None = None, **facts: Any) -> Company:
    """A company that Alice's partner serves."""
    company = make_company(**facts)
    by = Actor(user=None, name="Alice", role="consultant")
    companies.serve(company, partner or make_partner(), on=NOON.date(), by=by)
    return company


def begun(**facts: Any) -> Assessment:
    return make_assessment(facts.pop("company", None) or served(), **facts)


def half_answered() -> Assessment:
    assessment = begun()
    codes = [question.code for question in library.load(assessment.name).questions]
    actions.receive(assessment, [said(3, question=code) for code in codes[:70]], author=ALICE, at=NOON)
    return assessment


def completed(**facts: Any) -> Assessment:
    assessment = begun(**facts)
    answer_everything(assessment)
    return actions.complete(assessment, at=NOON)


@pytest.fixture
def alice() -> User:
    return make_member("Alice", Role.CONSULTANT).user


@pytest.fixture
def client(client: Client, alice: User) -> Client:
    """Alice's browser: a consultant of the partner that serves the company."""
    client.force_login(alice)
    return client


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
    return client.post(f"/assessments/{assessment.pk}/areas/{area}/", {"opened": OPENED, **typed})


# The interview without scripts


def test_an_area_shows_each_question_with_the_full_text_of_its_levels(get: Get) -> None:
    assessment = begun()
    words = library.words(assessment.name, "en").of("str.costing", "manufacturing")

    page = get(f"/assessments/{assessment.pk}/areas/str/", "en")

    assert page.count('<details class="question"') == 14
    assert words.ask in page
    assert all(level in page for level in words.levels)


def test_a_profile_has_its_own_wording_and_its_own_questions(get: Get) -> None:
    assessment = begun(profile="services")

    page = get(f"/assessments/{assessment.pk}/areas/des/", "en")

    assert page.count('<details class="question"') == 12
    assert 'id="des.cad"' not in page


@pytest.mark.parametrize("area", ["xyz", "strategy"])
def test_an_area_that_does_not_exist_has_no_page(get: Get, area: str) -> None:
    get(f"/assessments/{begun().pk}/areas/{area}/", status=404)


def test_saving_an_area_keeps_what_was_chosen_and_goes_on(client: Client) -> None:
    assessment = begun()

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
    assert response["Location"] == f"/assessments/{assessment.pk}/areas/des/"
    assert (answers["str.costing"].value, answers["str.costing"].note) == (4, "Seen\non Monday")
    assert answers["str.erp"].reason == "No orders"
    assert AnswerEntry.objects.count() == 2


@pytest.mark.parametrize(
    ("area", "go", "where"),
    [
        ("des", "back", "/areas/str/"),
        ("str", "back", "/"),
        ("des", "stay", "/areas/des/"),
        ("env", "end", "/"),
        ("env", "next", "/"),
    ],
)
def test_the_button_says_where_to_go_after_saving(client: Client, area: str, go: str, where: str) -> None:
    assessment = begun()

    response = post(client, assessment, area, go=go)

    assert response["Location"] == f"/assessments/{assessment.pk}{where}"


def test_sending_the_same_page_twice_says_the_same_thing_once(client: Client) -> None:
    assessment, typed = begun(), {"str.costing.answer": "4"}
    post(client, assessment, "str", **typed)

    response = post(client, assessment, "str", **typed)

    assert response.status_code == 302
    assert AnswerEntry.objects.count() == 1


def test_what_stays_as_it_was_is_not_entered_again(client: Client) -> None:
    assessment = begun()
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
    assessment = begun()
    post(client, assessment, "str", **{"str.costing.answer": "4"})
    seen = str(AnswerEntry.objects.get().pk)

    post(client, assessment, "str", **{"str.costing.answer": "2", "str.costing.seen": seen})

    current = stored.current(assessment)["str.costing"]
    assert (current.entry.value, [str(before) for before in current.entry.replaces], current.rivals) == (
        2,
        [seen],
        (),
    )


def test_an_answer_can_be_taken_back(client: Client) -> None:
    assessment = begun()
    post(client, assessment, "str", **{"str.costing.answer": "4"})
    seen = str(AnswerEntry.objects.get().pk)

    post(client, assessment, "str", **{"str.costing.answer": "clear", "str.costing.seen": seen})

    assert stored.answers(assessment) == {}


def test_not_applicable_without_a_reason_saves_nothing_and_keeps_what_was_typed(client: Client) -> None:
    assessment = begun()

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
    response = post(client, begun(), "str", **typed)

    assert response.status_code == 422
    assert not AnswerEntry.objects.exists()


def test_an_entry_of_somebody_elses_question_is_not_replaced(client: Client) -> None:
    assessment = begun()
    post(client, assessment, "str", **{"str.costing.answer": "4"})
    seen = str(AnswerEntry.objects.get().pk)

    post(client, assessment, "str", **{"str.erp.answer": "2", "str.erp.seen": seen})

    current = stored.current(assessment)
    assert (current["str.costing"].entry.value, current["str.erp"].entry.value) == (4, 2)


def test_a_closed_assessment_can_be_read_but_not_changed(client: Client, get: Get) -> None:
    assessment = completed()

    page = get(f"/assessments/{assessment.pk}/areas/str/")
    response = post(client, assessment, "str", **{"str.costing.answer": "5"})

    assert '<fieldset class="answer" disabled>' in page
    assert 'name="go"' not in page
    assert response.status_code == 409
    assert "è chiusa" in response.content.decode()


def test_what_is_missing_is_listed_with_its_place(get: Get) -> None:
    assessment = half_answered()

    page = get(f"/assessments/{assessment.pk}/")

    assert "70 domande su 140" in page
    assert f'href="/assessments/{assessment.pk}/areas/env/#env.metering"' in page
    assert "#str.costing" not in page


def test_every_type_of_question_can_be_answered_without_scripts(client: Client) -> None:
    assessment = begun(instrument="eu-dma-sme", profile="")

    typed: dict[str, Any] = {
        "d1": {"q1.v.1": ["already", "plan"], "q1.v.2": "plan", "q2.v": ["1", "3"]},
        "d2": {"q3.answer": "value", "q4.v.1": "5", "q4.v.2": "0"},
        "d6": {"q11.v.1": "partly"},
    }
    statuses = [post(client, assessment, area, go="stay", **said).status_code for area, said in typed.items()]

    answers = stored.answers(assessment)
    assert statuses == [302, 302, 302]
    assert {code: stored.as_stored(answer) for code, answer in answers.items()} == {
        "q1": {str(row): {1: ["already", "plan"], 2: ["plan"]}.get(row, []) for row in range(1, 11)},
        "q2": ["1", "3"],
        "q3": [],
        "q4": {"1": 5, "2": 0},
        "q11": {"1": "partly"},
    }


def test_the_page_says_what_the_stage_before_said_and_copies_nothing(get: Get) -> None:
    company = served()
    completed(company=company)
    second = begun(company=company, stage="T1")

    page = get(f"/assessments/{second.pk}/areas/str/")

    assert page.count('<span class="chip before">2026</span>') == 14
    assert " checked" not in page
    assert stored.answers(second) == {}


@pytest.mark.parametrize(
    ("address", "statements"),
    [("areas/str/", 9), ("", 11), ("complete/", 7), ("paper/", 6)],
)
def test_a_page_stays_small_and_asks_little_however_much_was_said(
    client: Client, address: str, statements: int, django_assert_num_queries: Any
) -> None:
    assessment = begun()
    answer_everything(assessment)
    again = [said(level, note=f"{level}") for level in (1, 2, 3, 4, 5)]
    actions.receive(assessment, again, author=ALICE, at=NOON)
    client.get(f"/assessments/{assessment.pk}/{address}")

    with django_assert_num_queries(statements):
        page = client.get(f"/assessments/{assessment.pk}/{address}").content

    assert len(page) < 400_000


# The life of an assessment


def test_a_consultant_starts_an_assessment(client: Client, alice: User) -> None:
    company = served()
    typed = {"instrument": "digital-maturity", "profile": "trade", "stage": "T0", "on": "2026-03-02"}

    response = client.post(f"/assessments/new/{company.pk}/", {**typed, "interviewer": alice.pk})

    found = Assessment.objects.get()
    assert response["Location"] == f"/assessments/{found.pk}/"
    assert (found.profile, found.stage, found.interviewer, found.consultant) == (
        "trade",
        "T0",
        alice,
        "Alice",
    )
    assert [one.kind for one in found.milestones.all()] == [Milestone.Kind.STARTED]


def test_a_questionnaire_with_profiles_needs_one(client: Client, alice: User) -> None:
    company = served()
    typed = {"instrument": "digital-maturity", "stage": "T0", "on": "2026-03-02", "interviewer": alice.pk}

    response = client.post(f"/assessments/new/{company.pk}/", typed)

    assert response.status_code == 422
    assert not Assessment.objects.exists()


def test_a_contact_is_invited_by_mail_and_finds_the_open_areas_alone(client: Client) -> None:
    assessment = begun()
    contact = Contact.objects.create(company=assessment.company, name="Bob", email="bob@example.org")
    actions.receive(assessment, [said(5)], author=ALICE, at=NOON)

    client.post(f"/assessments/{assessment.pk}/invite/", {"contact": contact.pk, "areas": ["prd", "str"]})

    mail = Mail.objects.get()
    link = re.search(r"http://localhost(/\S+)", mail.text)
    assert link is not None
    visitor = Client(HTTP_HOST="localhost")
    assert visitor.post(link[1])["Location"] == f"/assessments/{assessment.pk}/"
    page = visitor.get(f"/assessments/{assessment.pk}/areas/str/").content.decode()
    assert "Alice" not in page.split("</header>")[1]
    assert visitor.get(f"/assessments/{assessment.pk}/areas/prd/").status_code == 200
    assert visitor.get(f"/assessments/{assessment.pk}/areas/qua/").status_code == 404


def test_a_contact_whose_address_somebody_signs_in_with_is_not_invited(client: Client) -> None:
    assessment = begun()
    contact = Contact.objects.create(company=assessment.company, name="Bob", email="bob@example.org")
    make_user("Bob")

    response = client.post(f"/assessments/{assessment.pk}/invite/", {"contact": contact.pk, "areas": ["prd"]})

    assert response.status_code == 422
    assert not Mail.objects.exists()


def test_a_difference_counts_until_somebody_says_why(client: Client, get: Get) -> None:
    assessment = begun()
    actions.open_to_contact(assessment, ["str"], at=NOON)
    mine = said(4)
    actions.receive(assessment, [mine], author=ALICE, at=NOON)
    actions.receive(assessment, [said(2)], author=BOB, at=NOON)
    before = get(f"/assessments/{assessment.pk}/").count("#str.costing")

    typed = {
        "str.costing.answer": "4",
        "str.costing.why": "Seen in the shop",
        "str.costing.seen": str(mine.id),
    }
    post(client, assessment, "str", **typed)

    assert (before, get(f"/assessments/{assessment.pk}/").count("#str.costing")) == (1, 0)
    assert stored.current(assessment)["str.costing"].entry.why == "Seen in the shop"


def test_it_is_not_closed_while_two_answers_stand_side_by_side(client: Client) -> None:
    assessment = begun()
    answer_everything(assessment, but="str.costing")
    actions.receive(assessment, [said(2), said(4)], author=ALICE, at=NOON)

    response = client.post(f"/assessments/{assessment.pk}/complete/")

    assert response.status_code == 409
    assert "due risposte una accanto" in response.content.decode()


def test_it_is_closed_and_opened_again_with_a_reason(client: Client) -> None:
    assessment = begun()
    answer_everything(assessment)

    client.post(f"/assessments/{assessment.pk}/complete/")
    silent = client.post(f"/assessments/{assessment.pk}/reopen/", {"reason": " "})
    client.post(f"/assessments/{assessment.pk}/reopen/", {"reason": "A machine was forgotten"})

    assessment.refresh_from_db()
    assert silent.status_code == 422
    assert assessment.state == "draft"
    assert assessment.milestones.get(kind="reopened").reason == "A machine was forgotten"


def test_a_consultant_of_another_partner_finds_nothing(client: Client) -> None:
    assessment = begun(company=served(make_partner("Altra Rete")))
    paths = (
        "",
        "areas/str/",
        "paper/",
        "answers.xlsx",
        "answers/",
        "complete/",
        "reopen/",
        "invite/",
        "report/",
    )

    found = [client.get(f"/assessments/{assessment.pk}/{path}").status_code for path in paths]

    assert found == [404] * len(paths)


# Paper and spreadsheet


def test_answers_go_out_as_a_spreadsheet_and_come_back(client: Client) -> None:
    assessment, other = half_answered(), begun(company=served(name="Vetreria Bob"))

    sheet = client.get(f"/assessments/{assessment.pk}/answers.xlsx").content
    file = SimpleUploadedFile("answers.xlsx", sheet)
    again = SimpleUploadedFile("answers.xlsx", sheet)
    first = client.post(f"/assessments/{other.pk}/answers/", {"file": file})
    client.post(f"/assessments/{other.pk}/answers/", {"file": again})

    assert "70 risposte prese" in first.content.decode()
    assert stored.answers(other) == stored.answers(assessment)
    assert other.entries.count() == 70
    assert load_workbook(BytesIO(sheet))["answers"].max_row == 141


def test_a_note_that_looks_like_a_formula_stays_text(client: Client) -> None:
    assessment = begun()
    actions.receive(assessment, [said(3, note="=1+1")], author=ALICE, at=NOON)

    sheet = client.get(f"/assessments/{assessment.pk}/answers.xlsx").content

    cells = {
        cell.data_type
        for row in load_workbook(BytesIO(sheet))["answers"]
        for cell in row
        if cell.value == "=1+1"
    }
    assert cells == {"s"}


def test_a_spreadsheet_with_a_mistake_changes_nothing_and_says_where(client: Client) -> None:
    assessment = begun()
    text = b"question,item,value,not_applicable,note\nstr.costing,,3,,\nstr.erp,,9,,\n"

    response = client.post(
        f"/assessments/{assessment.pk}/answers/",
        {"file": SimpleUploadedFile("a.csv", text)},
        headers={"accept-language": "en"},
    )

    assert response.status_code == 422
    page = response.content.decode()
    assert "<li>a.csv:3: str.erp: The value is &quot;9&quot;; expected a whole number from 1 to 5.<" in page
    assert not assessment.entries.exists()


def test_the_paper_form_has_every_question_with_its_code(get: Get) -> None:
    page = get(f"/assessments/{begun().pk}/paper/")

    assert page.count('class="small">(str.') == 14
    assert page.count("<li><p><b>") == 140
