"""What changed between two assessments: the page in desk, with the actions done in between."""

import re
from datetime import timedelta
from typing import Any

import pytest

from capofila.assessments.models import Assessment
from capofila.assessments.tests.entries import make_assessment
from capofila.assessments.tests.people import Scene, entry, make_scene, send, signed_in
from capofila.companies.tests.builders import NOON
from capofila.desk import comparison_page
from capofila.instruments import library
from capofila.lib.problems import Problem, gettext_noop
from capofila.roadmap import library as actions
from capofila.roadmap.models import Progress

pytestmark = pytest.mark.django_db
OURS = library.load("digital-maturity@1.0")


def two_stages(*, before: int = 2, after: int = 3) -> tuple[Scene, Assessment]:
    """A closed first assessment and a second one a year later, each full at one level."""
    scene = make_scene()
    later = make_assessment(
        scene.assessment.company, stage="T1", on=scene.assessment.day + timedelta(days=365)
    )
    for one, level in ((scene.assessment, before), (later, after)):
        at = Scene(one, scene.partner, scene.alice, scene.carla)
        asked = OURS.applicable("manufacturing")
        send(at, scene.alice, *(entry(level, question=question.code) for question in asked))
    Assessment.objects.filter(pk=scene.assessment.pk).update(state="complete")
    return scene, later


def shown(scene: Scene, assessment: Assessment, language: str = "en") -> str:
    response = signed_in(scene.alice).get(
        f"/assessments/{assessment.pk}/comparison/", headers={"accept-language": language}
    )
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_scores_answers_and_both_days_stand_on_the_page() -> None:
    scene, later = two_stages()

    page = shown(scene, later)

    assert re.search(r"2\.00 → 3\.00 <small>\+1\.00", page)
    asked = len(OURS.applicable("manufacturing"))
    assert f"{asked} answers changed" in page
    assert page.count('<tr><th scope="row">') >= asked + 10
    for one in (scene.assessment, later):
        assert f'href="/assessments/{one.pk}/"' in page


def test_nothing_changed_is_said_too() -> None:
    scene, later = two_stages(after=2)

    assert "0 answers changed" in shown(scene, later)


def test_an_action_done_in_between_is_named_and_a_later_one_is_not() -> None:
    scene, later = two_stages()
    codes = [action.code for action in actions.load("digital-maturity@1.0").actions][:2]
    for code, on in ((codes[0], later.day), (codes[1], later.day + timedelta(days=1))):
        Progress.objects.create(
            assessment=scene.assessment, action=code, state="done", on=on, at=NOON, by_name="Alice"
        )

    page = shown(scene, later)

    words = actions.words("digital-maturity@1.0", "en")
    assert words.of(codes[0], "manufacturing").name.split("’")[0] in page
    assert page.count("Actions done in between") == 1
    assert words.of(codes[1], "manufacturing").name not in page


def test_a_first_assessment_has_nothing_before_it() -> None:
    scene, _ = two_stages()

    assert "no assessment before this one" in shown(scene, scene.assessment)


def test_an_open_one_is_no_before() -> None:
    scene, later = two_stages()
    Assessment.objects.filter(pk=scene.assessment.pk).update(state="draft")

    assert "no assessment before this one" in shown(scene, later)


def test_versions_without_a_crosswalk_are_told_kindly(monkeypatch: pytest.MonkeyPatch) -> None:
    scene, later = two_stages()

    def none(before: str, after: str) -> None:
        raise Problem("crosswalk.none", gettext_noop("No crosswalk leads from one to the other."))

    monkeypatch.setattr(library, "crosswalk", none)

    page = shown(scene, later)

    assert "These two cannot be compared." in page
    assert "No crosswalk leads" in page


def test_what_cannot_be_compared_is_listed_with_the_reason_in_both_languages() -> None:
    scene, later = two_stages()
    new = Scene(later, scene.partner, scene.alice, scene.carla)
    held = signed_in(scene.alice).get(new.path).json()["questions"]["str.erp"]["consultant"]["entry"]["id"]
    send(new, scene.alice, entry(None, question="str.erp", state="cleared", replaces=[held]))

    assert "Without an answer today" in shown(scene, later)
    assert "Che cosa non si può confrontare" in shown(scene, later, "it")


# A third assessment, and the API


def third(scene: Scene, *, level: int = 4) -> Assessment:
    later = make_assessment(
        scene.assessment.company, stage="T2", on=scene.assessment.day + timedelta(days=730)
    )
    at = Scene(later, scene.partner, scene.alice, scene.carla)
    asked = OURS.applicable("manufacturing")
    send(at, scene.alice, *(entry(level, question=question.code) for question in asked))
    return later


def told(scene: Scene, assessment: Assessment, *, status: int = 200, **query: int) -> Any:
    response = signed_in(scene.alice).get(f"/api/assessments/{assessment.pk}/comparison", query)
    assert response.status_code == status
    return response.json()


def test_a_third_without_a_closed_second_is_compared_with_the_first() -> None:
    scene, _ = two_stages()

    page = shown(scene, third(scene))

    assert re.search(r"2\.00 → 4\.00 <small>\+2\.00", page)
    assert "Compared with:" not in page


def test_a_third_is_compared_with_the_second_and_the_first_can_be_chosen() -> None:
    scene, second = two_stages()
    Assessment.objects.filter(pk=second.pk).update(state="complete")
    last = third(scene)

    assert "3.00 → 4.00" in shown(scene, last)
    assert f"?with={scene.assessment.pk}" in shown(scene, last)
    chosen = signed_in(scene.alice).get(f"/assessments/{last.pk}/comparison/?with={scene.assessment.pk}")
    assert re.search(r"2[.,]00 → 4[.,]00", chosen.content.decode())
    with_first = told(scene, last, **{"with": scene.assessment.pk})
    assert (with_first["overall"], with_first["before"]["stage"]) == (
        {"before": "2.00", "after": "4.00"},
        "T0",
    )
    assert [one["stage"] for one in with_first["choices"]] == ["T1", "T0"]


def test_the_api_tells_what_the_page_shows() -> None:
    scene, later = two_stages()
    code = next(iter(actions.load("digital-maturity@1.0").actions)).code
    Progress.objects.create(
        assessment=scene.assessment, action=code, state="done", on=later.day, at=NOON, by_name="Alice"
    )

    found = told(scene, later)

    asked = len(OURS.applicable("manufacturing"))
    assert (found["questions"], len(found["changed"]), found["not_comparable"]) == (asked, asked, [])
    assert found["areas"]["str"] == {"before": "2.00", "after": "3.00"}
    assert found["changed"][0] == {"question": "str.digital-plan", "before": 2, "after": 3}
    assert found["actions_done"] == [{"action": code, "on": later.day.isoformat()}]


def test_the_api_says_what_cannot_be_compared_and_why() -> None:
    scene, later = two_stages()
    new = Scene(later, scene.partner, scene.alice, scene.carla)
    held = signed_in(scene.alice).get(new.path).json()["questions"]["str.erp"]["consultant"]["entry"]["id"]
    send(new, scene.alice, entry(None, question="str.erp", state="cleared", replaces=[held]))

    assert told(scene, later)["not_comparable"] == [{"question": "str.erp", "why": "unanswered after"}]


@pytest.mark.parametrize("other", [None, 0, 999_999])
def test_the_api_refuses_where_there_is_nothing_before(other: int | None) -> None:
    scene, later = two_stages()
    query = {} if other is None else {"with": other or later.pk}

    refused = told(scene, scene.assessment if other is None else later, status=409, **query)

    assert [problem["code"] for problem in refused["problems"]] == ["comparison.nothing-before"]


def test_it_is_reached_from_overview_and_company_file() -> None:
    scene, later = two_stages()
    browser = signed_in(scene.alice)

    overview = browser.get(f"/assessments/{later.pk}/").content.decode()
    file = browser.get(f"/companies/{later.company_id}/file/").content.decode()

    assert 'href="comparison/"' in overview
    assert f'href="/assessments/{later.pk}/comparison/"' in file
    assert comparison_page.newest(later.company) == later


def test_the_company_and_strangers_do_not_read_it() -> None:
    scene, later = two_stages()

    assert signed_in(scene.carla).get(f"/assessments/{later.pk}/comparison/").status_code in {403, 404}
