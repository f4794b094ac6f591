"""The roadmap's pages: for the consultant who changes it, the company that was given it, and the others."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from capofila.accounts.models import Mail, User
from capofila.assessments.models import Assessment
from capofila.assessments.tests.entries import make_assessment
from capofila.assessments.tests.test_pages import served
from capofila.companies.models import Contact
from capofila.companies.tests.builders import NOON
from capofila.consortium.models import Partner, Role
from capofila.consortium.tests.builders import make_lead, make_member, make_partner, make_user
from capofila.roadmap import actions, handing_over, proving, queries
from capofila.roadmap.models import HubWeights, Progress, Roadmap
from capofila.roadmap.tests.stories import BY, FOLLOWER, FREE, answered, deed, newest, standing

pytestmark = pytest.mark.django_db
PLAN_ON_FRIDAY = "Plan the week on Friday and cap the jobs left open"


@pytest.fixture
def partner() -> Partner:
    return make_partner()


@pytest.fixture
def assessment(partner: Partner) -> Assessment:
    return answered(served(partner))


@pytest.fixture
def alice(partner: Partner) -> Client:
    return signed_in(make_member("Alice", Role.CONSULTANT, partner=partner).user)


@pytest.fixture
def bob(assessment: Assessment) -> Client:
    """The company's contact."""
    user = make_user("Bob", by_link=True)
    Contact.objects.create(company=assessment.company, user=user, name="Bob", email="bob@example.org")
    return signed_in(user)


def signed_in(user: User) -> Client:
    client = Client(HTTP_HOST="localhost", headers={"accept-language": "en"})
    client.force_login(user)
    return client


def at(assessment: Assessment, end: str = "") -> str:
    return f"/assessments/{assessment.pk}/roadmap/{end}"


def text(client: Client, address: str, status: int = 200, **options: Any) -> str:
    response = client.get(address, **options)
    assert response.status_code == status
    return unescape(response.content.decode())


def plain(response: Any) -> str:
    """The page without what is new in every answer."""
    return re.sub(r'csrfmiddlewaretoken" value="\w+"', "", response.content.decode())


def sent(client: Client, assessment: Assessment, do: str, status: int = 302, **typed: Any) -> str:
    response = client.post(at(assessment, "change/"), {"do": do, **typed})
    assert response.status_code == status
    return unescape(response.content.decode())


def handed_over(assessment: Assessment) -> Roadmap:
    row = actions.make(assessment, deed())
    proving.prove.func(row.pk)
    handing_over.hand_over(assessment, version=row.number, by=BY, at=NOON)
    return row


def test_a_roadmap_is_made_from_its_page(alice: Client, assessment: Assessment) -> None:
    assert "There is no roadmap yet" in text(alice, at(assessment))

    sent(alice, assessment, "make")

    found = text(alice, at(assessment))
    assert PLAN_ON_FRIDAY in found
    assert "A quick plan; the best one is being worked out." in found
    assert "Days in each quarter, of 25" in found


def test_too_few_answers_are_said_on_the_page(alice: Client, partner: Partner) -> None:
    begun = make_assessment(served(partner, name="Another"))

    assert "too few for a score" in sent(alice, begun, "make", status=422)


def test_money_and_days_are_changed_and_the_plan_moves(alice: Client, assessment: Assessment) -> None:
    actions.make(assessment, deed())

    sent(alice, assessment, "limits", budget="0", days="20")

    row = newest(assessment)
    assert (row.budget_cents, row.days_per_quarter) == (0, 20)
    assert "more than the budget" in text(alice, at(assessment, "?show=all"))


@pytest.mark.parametrize("budget", ["many", "-1", "12.5", "999999999999"])
def test_money_that_is_none_is_said_at_its_field(alice: Client, assessment: Assessment, budget: str) -> None:
    actions.make(assessment, deed())

    found = sent(alice, assessment, "limits", status=422, budget=budget, days="20")

    assert "Nothing was changed." in found
    assert f'value="{budget}"' in found
    assert newest(assessment).number == 1


def test_a_pin_against_the_order_is_refused_by_the_names_of_the_actions(
    alice: Client, assessment: Assessment
) -> None:
    actions.make(assessment, deed())

    found = sent(alice, assessment, "pin", status=422, action=FOLLOWER, quarter="1")

    assert f"“{PLAN_ON_FRIDAY}” must be finished first" in found
    assert FREE + " " not in found.split('id="problems"')[1].split("</div>")[0]


def test_one_action_is_settled_and_settled_otherwise(alice: Client, assessment: Assessment) -> None:
    actions.make(assessment, deed())

    sent(alice, assessment, "pin", action=FREE, quarter="4")
    assert newest(assessment).pins == {FREE: 4}
    sent(alice, assessment, "unpin", action=FREE)
    sent(alice, assessment, "exclude", action=FREE)
    assert newest(assessment).excluded == [FREE]
    sent(alice, assessment, "include", action=FREE)
    sent(alice, assessment, "not-relevant", action=FREE, reason="by hand")
    assert "not relevant to the company: by hand" in text(alice, at(assessment, f"?show=all&settle={FREE}"))
    sent(alice, assessment, "relevant", action=FREE)
    sent(alice, assessment, "begin", action=FREE)
    assert Progress.objects.get(action=FREE).state == "begun"
    sent(alice, assessment, "undo")
    assert queries.progress(assessment)[FREE].state == "not-begun"


def test_nobody_overwrites_what_somebody_else_just_changed(alice: Client, assessment: Assessment) -> None:
    actions.make(assessment, deed())
    actions.pin(assessment, FREE, 2, deed(1))

    found = sent(alice, assessment, "pin", status=422, action=FREE, quarter="4", seen="1")

    assert "Somebody changed the roadmap" in found


def test_a_script_is_given_the_part_that_changed(alice: Client, assessment: Assessment) -> None:
    actions.make(assessment, deed())

    response = alice.post(
        at(assessment, "change/"), {"do": "pin", "action": FREE, "quarter": 6}, headers={"X-Part": "1"}
    )

    assert response.status_code == 200
    assert response.content.decode().lstrip().startswith('<div class="cols road"')
    assert 'data-quarter="6"' in response.content.decode()


def test_the_list_is_sorted_as_asked(alice: Client, assessment: Assessment) -> None:
    actions.make(assessment, deed())

    found = text(alice, at(assessment, "?sort=days"))

    days = [item.days for item in standing(assessment).planned]
    assert 'aria-sort="ascending"' in found
    listed = found.split('id="list"')[1]
    names = {item.action: item.days for item in standing(assessment).planned}
    places = sorted(names, key=lambda code: listed.index(f"/actions/{code}/"))
    assert [names[code] for code in places] == sorted(days)


def test_the_page_takes_few_queries_however_many_actions(
    alice: Client, assessment: Assessment, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    actions.make(assessment, deed())

    with django_assert_num_queries(12):
        text(alice, at(assessment))
    with django_assert_num_queries(13):
        text(alice, at(assessment, f"actions/{FREE}/"))


def test_a_change_takes_few_queries_however_many_actions(
    alice: Client, assessment: Assessment, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    actions.make(assessment, deed())
    part = {"X-Part": "1"}
    typed = {"do": "limits", "budget": "9000", "days": "20"}
    alice.post(at(assessment, "change/"), typed, headers=part)

    with django_assert_max_num_queries(31):
        alice.post(at(assessment, "change/"), {**typed, "days": "21"}, headers=part)


def test_what_a_change_shows_is_what_the_page_shows_afterwards(alice: Client, assessment: Assessment) -> None:
    actions.make(assessment, deed())
    part = {"X-Part": "1"}

    typed = {"do": "pin", "action": FREE, "quarter": 6}

    changed = alice.post(at(assessment, "change/"), typed, headers=part)

    assert 'data-quarter="6"' in changed.content.decode()
    assert plain(changed) == plain(alice.get(at(assessment), {"settle": FREE}, headers=part))


def test_an_action_says_what_to_do_and_takes_what_became_of_it(alice: Client, assessment: Assessment) -> None:
    actions.make(assessment, deed())
    address = at(assessment, f"actions/{FREE}/")
    assert "Meet every Friday at 14.00" in text(alice, address)

    refused = alice.post(f"{address}progress/", {"state": "dropped", "on": "2026-03-02"})
    assert refused.status_code == 422
    assert "Say why the action was dropped." in refused.content.decode()

    typed = {"state": "done", "on": "2026-03-02", "note": "On the wall"}
    assert alice.post(f"{address}progress/", typed).status_code == 302
    assert "On the wall" in text(alice, address)


def test_goals_say_what_is_missing_and_promise_nothing(alice: Client, assessment: Assessment) -> None:
    actions.make(assessment, deed())
    actions.set_goals(assessment, ["certification-iso-27001"], deed(1))

    found = text(alice, at(assessment, "goals/"))

    assert "It is no certificate, and promises none." in found
    assert "What the questionnaire does not ask" in found
    assert found.index("ISO 27001") < found.index("Delivering in less time")


def test_every_version_opens_as_it_was(alice: Client, assessment: Assessment) -> None:
    actions.make(assessment, deed())
    actions.pin(assessment, FREE, 9, deed(1))

    listed = text(alice, at(assessment, "versions/"))

    assert f"{PLAN_ON_FRIDAY}: pinned" in listed
    earlier = text(alice, at(assessment, "versions/1/"))
    assert ": quarter 9" in text(alice, at(assessment))
    assert ": quarter 9" not in earlier
    assert "Plan with these" not in earlier


# The company


def test_the_company_sees_nothing_before_it_is_handed_over(bob: Client, assessment: Assessment) -> None:
    actions.make(assessment, deed())

    for end in ("", f"actions/{FREE}/", "goals/", "versions/1/"):
        found = text(bob, at(assessment, end))
        assert "Not handed over yet" in found
        assert PLAN_ON_FRIDAY not in found


def test_the_company_sees_what_it_was_given_and_says_how_it_goes(bob: Client, assessment: Assessment) -> None:
    handed_over(assessment)
    actions.pin(assessment, FREE, 9, deed(5))

    found = text(bob, at(assessment))
    assert PLAN_ON_FRIDAY in found
    assert "quarter 9" not in found
    assert "Plan with these" not in found

    typed = {"state": "begun", "on": "2026-03-02", "note": "Two shifts"}
    assert bob.post(at(assessment, f"actions/{FREE}/progress/"), typed).status_code == 302
    row = Progress.objects.get()
    assert (row.state, row.by_company, row.by_name) == ("begun", True, "Bob")
    assert bob.post(at(assessment, "change/"), {"do": "undo"}).status_code == 404


def test_the_version_is_handed_over_from_its_page(alice: Client, assessment: Assessment) -> None:
    row = actions.make(assessment, deed())
    waiting = alice.post(at(assessment, "hand-over/"), {"version": row.number})
    assert waiting.status_code == 409

    proving.prove.func(row.pk)

    assert "Hand version 1 over" in text(alice, at(assessment, "hand-over/"))
    assert alice.post(at(assessment, "hand-over/"), {"version": row.number}).status_code == 302
    assert "Handed over on" in text(alice, at(assessment))
    again = text(alice, at(assessment, "hand-over/"))
    assert "has had version 1 since" in again
    assert "Hand version 1 over" not in again


def test_the_contact_is_written_to_when_it_is_handed_over(
    alice: Client, bob: Client, assessment: Assessment
) -> None:
    row = actions.make(assessment, deed())
    proving.prove.func(row.pk)
    contact = assessment.company.contacts.get()
    assert "Bob, bob@example.org" in text(alice, at(assessment, "hand-over/"))
    assert alice.post(at(assessment, "hand-over/"), {"version": row.number}).status_code == 422

    for _ in range(2):
        sent = {"version": row.number, "contact": contact.pk}
        assert alice.post(at(assessment, "hand-over/"), sent).status_code == 302

    mail = Mail.objects.get()
    assert (mail.language, mail.subject) == ("it", f"{assessment.company.name}: il vostro percorso")
    assert "http://localhost/" in mail.text
    assert PLAN_ON_FRIDAY in text(bob, at(assessment))


def test_with_the_report_goes_the_roadmap_that_stands_and_no_second_mail(assessment: Assessment) -> None:
    assert handing_over.with_report(assessment, by=BY, at=NOON) is None
    row = actions.make(assessment, deed())
    assert handing_over.with_report(assessment, by=BY, at=NOON) is None

    proving.prove.func(row.pk)
    given = handing_over.with_report(assessment, by=BY, at=NOON)

    assert given == queries.handovers(assessment).get()
    assert handing_over.with_report(assessment, by=BY, at=NOON) == given
    actions.pin(assessment, FREE, 9, deed(5))
    assert handing_over.with_report(assessment, by=BY, at=NOON) is None  # not proven yet: it does not go
    assert queries.handovers(assessment).get() == given
    assert not Mail.objects.exists()


def test_consultants_of_another_partner_know_of_nothing(assessment: Assessment) -> None:
    actions.make(assessment, deed())
    sara = signed_in(make_member("Sara", partner=make_partner("Elsewhere")).user)

    for end in ("", f"actions/{FREE}/", "goals/", "versions/", "versions/1/", "hand-over/"):
        assert sara.get(at(assessment, end)).status_code == 404


def test_an_auditor_reads_and_changes_nothing(assessment: Assessment) -> None:
    actions.make(assessment, deed())
    dario = signed_in(make_member("Dario", Role.AUDITOR).user)

    assert "Plan with these" not in text(dario, at(assessment))
    assert dario.post(at(assessment, "change/"), {"do": "undo"}).status_code in (403, 404)
    assert dario.get(at(assessment, "hand-over/")).status_code in (403, 404)


# Weights


def test_the_lead_administrator_weighs_and_every_roadmap_prints_it(assessment: Assessment) -> None:
    make_lead()
    marta = signed_in(make_member("Marta", Role.LEAD_ADMINISTRATOR).user)
    page = marta.get("/roadmap/weights/")
    typed = {name: field.value() for name, field in ((f.name, f) for f in page.context["form"])}

    assert marta.post("/roadmap/weights/", {**typed, "gap": "5"}).status_code == 422
    assert marta.post("/roadmap/weights/", {**typed, "gap": "3"}).status_code == 302

    assert HubWeights.objects.get().weights["exponents"]["gap"] == 3
    actions.make(assessment, deed())
    printed = text(marta, at(assessment)).split('id="weights"')[1]
    assert '<dd class="num">3</dd>' in printed


# The API


def test_the_api_tells_the_plan_takes_progress(alice: Client, bob: Client, assessment: Assessment) -> None:
    address = f"/api/assessments/{assessment.pk}/roadmap"
    assert alice.get(address).json() == {"roadmap": None, "items": []}
    handed_over(assessment)
    actions.pin(assessment, FREE, 9, deed(5))

    new, given = alice.get(address).json(), bob.get(address).json()

    assert (new["roadmap"]["version"], new["roadmap"]["handed_over"], new["roadmap"]["proven"]) == (
        2,
        False,
        False,
    )
    assert (given["roadmap"]["version"], given["roadmap"]["handed_over"]) == (1, True)
    assert {item["action"]: item["quarter"] for item in new["items"]}[FREE] == 9
    said = {"action": FREE, "state": "done", "on": "2026-03-02"}
    answer = bob.post(f"{address}/progress", said, content_type="application/json")
    assert (answer.status_code, answer.json()["side"]) == (200, "company")
    assert [item["state"] for item in alice.get(f"{address}/progress").json()["items"]] == ["done"]
    wrong = bob.post(f"{address}/progress", {**said, "state": "dropped"}, content_type="application/json")
    assert (wrong.status_code, wrong.json()["problems"][0]["code"]) == (422, "roadmap.dropped-why")
