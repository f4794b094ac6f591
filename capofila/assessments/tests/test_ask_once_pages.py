"""Ask once, on the pages: what is implied is shown, confirmed or changed, and no answer before that."""

import html
import random
import re
from typing import Any

import pytest

from capofila.assessments import implying, queries, screen
from capofila.assessments.models import AnswerEntry, Assessment
from capofila.assessments.rules import ask_once
from capofila.assessments.rules.answers import Answer
from capofila.assessments.tests.entries import make_assessment
from capofila.assessments.tests.people import Scene, entry, make_scene, send, signed_in
from capofila.instruments import library

pytestmark = pytest.mark.django_db
OURS, FORM = library.load("digital-maturity@1.0"), library.load("eu-dma-sme@1.0")
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
CHECKED = re.compile(r'name="([^"]+)" value="([^"]*)" data-value checked')


def two(level: int = 3, **levels: int) -> tuple[Scene, Assessment]:
    """A company's interview, full at one level, and its European assessment without an answer."""
    scene = make_scene()
    said = {q.code: level for q in OURS.applicable("manufacturing")} | levels
    send(scene, scene.alice, *(entry(value, question=code) for code, value in said.items()))
    return scene, make_assessment(scene.assessment.company, instrument="eu-dma-sme", profile="")


def page_of(scene: Scene, form: Assessment, area: str = "d2") -> str:
    return str(
        signed_in(scene.alice)
        .get(f"/assessments/{form.pk}/areas/{area}/?open=all", headers={"accept-language": "en"})
        .content.decode()
    )


def post(scene: Scene, form: Assessment, area: str, page: str | None, **typed: Any) -> int:
    fields: dict[str, Any] = {}
    if page is not None:
        fields = {name: html.unescape(value) for name, value in HIDDEN.findall(page) if "csrf" not in name}
        for name, value in CHECKED.findall(page):
            fields.setdefault(name, []).append(value)
    fields |= {"go": "stay"} | typed
    return int(signed_in(scene.alice).post(f"/assessments/{form.pk}/areas/{area}/", fields).status_code)


def filled(form: Assessment) -> implying.Filled | None:
    return implying.of(screen.sheet(form, "en"))


def test_what_is_implied_is_filled_in_marked_and_counted_and_no_answer() -> None:
    scene, form = two()

    page = page_of(scene, form)

    assert "83 of 96 filled in, 13 to ask" in page
    assert "To confirm: 83." in page
    assert re.search(r"implied by [^<]+ \(level 3\)", page)
    assert 'name="q4.v.6"' in page
    assert page.count("to ask</span>") == 1  # q4.6
    assert queries.answers(form) == {}
    assert queries.unanswered(form) == [question.code for question in FORM.questions]


def test_saving_the_page_as_it_stands_says_nothing() -> None:
    scene, form = two()

    assert post(scene, form, "d2", page_of(scene, form)) == 302

    assert not AnswerEntry.objects.filter(assessment=form).exists()


def test_one_question_is_confirmed_with_what_is_to_ask() -> None:
    scene, form = two()

    post(scene, form, "d2", page_of(scene, form), **{"q4.confirm": "on", "q4.v.6": "2"})

    found = queries.answers(form)
    assert set(found) == {"q4"}
    assert len(found["q4"].value) == len(FORM.by_code["q4"].rows)  # type: ignore[arg-type]
    assert AnswerEntry.objects.get(assessment=form).role == "consultant"


def test_a_confirmed_question_names_what_implied_it() -> None:
    scene, form = two()

    post(scene, form, "d2", page_of(scene, form), **{"q3.confirm": "on"})

    assert re.match(r"(Confirmed|Confermato), .+ \((level|livello) 3\)\.$", queries.answers(form)["q3"].note)
    assert "q3.implied" not in page_of(scene, form)


def test_a_cell_that_is_changed_is_an_answer() -> None:
    scene, form = two()
    page = page_of(scene, form)

    post(scene, form, "d2", page, **{"q3.v": ["1"]})

    assert queries.answers(form) == {"q3": Answer(("1",))}


@pytest.mark.parametrize(("scope", "codes"), [
    ("area", {"q3", "q4"}), ("all", {"q2", "q3", "q4", "q5", "q6", "q7", "q8", "q9", "q11"}),
])  # fmt: skip
def test_an_area_or_all_is_confirmed_but_no_cell_that_nobody_was_asked(scope: str, codes: set[str]) -> None:
    scene, form = two()

    assert post(scene, form, "d2", None, confirm=scope) == 302

    assert set(queries.answers(form)) == codes
    left = filled(form)
    assert left is not None
    assert {one.code for one in left.to_complete} == {"q1", "q10"}


def test_a_question_that_is_answered_stays_as_it_was_answered() -> None:
    scene, form = two()
    post(scene, form, "d2", page_of(scene, form), **{"q3.v": ["1"]})

    post(scene, form, "d2", None, confirm="all")

    assert queries.answers(form)["q3"] == Answer(("1",))


def test_what_is_implied_follows_the_interview() -> None:
    scene, form = two(level=1)
    before = filled(form)
    held = signed_in(scene.alice).get(scene.path).json()["questions"]["str.erp"]["consultant"]["entry"]["id"]
    send(scene, scene.alice, entry(4, question="str.erp", replaces=[held]))

    after = filled(form)

    assert before is not None
    assert after is not None
    assert "10" not in before.questions["q3"].value
    assert "10" in after.questions["q3"].value


def test_neither_a_contact_nor_a_closed_form_nor_a_firm_without_interview_sees_any() -> None:
    scene, form = two()
    Assessment.objects.filter(pk=form.pk).update(prefill_areas=["d2"])

    of_company = signed_in(scene.carla).get(f"/assessments/{form.pk}/areas/d2/").content.decode()
    refused = signed_in(scene.carla).post(f"/assessments/{form.pk}/areas/d2/", {"confirm": "all"})
    Assessment.objects.filter(pk=form.pk).update(state="complete")

    assert "filled in" not in of_company
    assert refused.status_code in {403, 404}
    assert "filled in" not in page_of(scene, form)
    assert not AnswerEntry.objects.filter(assessment=form).exists()


def test_the_form_of_public_bodies_has_nothing_implied() -> None:
    scene, _ = two()
    form = make_assessment(scene.assessment.company, instrument="eu-dma-pso", profile="")

    assert filled(form) is None


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_is_confirmed_is_what_is_implied(seed: int) -> None:
    chance = random.Random(seed)
    scene = make_scene()
    said = {question.code: chance.randint(1, 5) for question in OURS.applicable("manufacturing")}
    send(scene, scene.alice, *(entry(value, question=code) for code, value in said.items()))
    form = make_assessment(scene.assessment.company, instrument="eu-dma-sme", profile="")
    file = library.implied(OURS.name, FORM.name)
    assert file is not None
    implied = ask_once.forward(
        file, OURS, {code: Answer(level) for code, level in said.items()}, "manufacturing"
    )
    expected = ask_once.proposed_answers(FORM, implied.values())
    ready = {one.code for one in filled(form).ready()}  # type: ignore[union-attr]

    post(scene, form, "d2", None, confirm="all")

    confirmed = {code: answer.value for code, answer in queries.answers(form).items()}
    assert confirmed == {code: answer.value for code, answer in expected.items() if code in ready}


def test_a_closed_european_assessment_leaves_levels_and_chooses_none() -> None:
    scene = make_scene()
    Assessment.objects.filter(pk=scene.assessment.pk).update(prefill_areas=["ppl"])
    form = make_assessment(scene.assessment.company, instrument="eu-dma-sme", profile="")
    post(scene, form, "d3", None, opened="2026-03-02T12:00:00+00:00", **{"q5.v": ["1"]})
    address = f"/assessments/{scene.assessment.pk}/areas/ppl/"

    while_open = signed_in(scene.alice).get(address).content.decode()
    Assessment.objects.filter(pk=form.pk).update(state="complete")
    pages = [signed_in(user).get(address).content.decode() for user in (scene.alice, scene.carla)]

    assert "data-hint" not in while_open
    for page in pages:
        assert re.search(r"leaves level 3 or above|lascia il livello 3 o superiore", page)
        assert "(q5.1)" in page
        assert 'value="3" checked' not in page
    assert queries.answers(scene.assessment) == {}
