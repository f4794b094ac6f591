"""Other people's questionnaires in the interview: texts, numbers and dates are asked and kept, not scored."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from capofila.__main__ import main
from capofila.assessments import queries
from capofila.assessments.rules import scoring
from capofila.assessments.tests.people import Scene, entry, make_scene, results, send, signed_in
from capofila.instruments import library
from capofila.instruments.tests.builders import write_instrument
from capofila.instruments.tests.forms import FOREIGN, form, write_form

pytestmark = pytest.mark.django_db
OPENED = "2026-03-02T12:00:00+00:00"
VALUES: dict[str, Any] = {
    "staff": 42,
    "share": 12.5,
    "since": "2020-01-31",
    "firm": "Rossi Srl",
    "tablets": "some",
}


@pytest.fixture(autouse=True)
def hub_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A hub's own folder with a form that was made elsewhere, and one in Italian alone."""
    folder = tmp_path / "instruments"
    folder.mkdir()
    for name, sheets in (("orders", FOREIGN), ("solo", form(["text", "who", "Chi?"]))):
        file = write_form(tmp_path / f"{name}.xlsx", sheets)
        flags = ["--code", name, "--version", "1.0", "--language", "it"]
        assert main(["import_xlsform", str(file), "-o", str(folder / f"{name}-1.0"), *flags]) == 0
    monkeypatch.setenv("CAPOFILA_INSTRUMENTS", str(folder))
    library.load.cache_clear()
    library.words.cache_clear()
    yield folder
    library.load.cache_clear()
    library.words.cache_clear()


def scene(instrument: str = "orders") -> Scene:
    return make_scene(instrument=instrument, profile="")


def answered(found: Scene) -> dict[str, object]:
    return {code: answer.value for code, answer in queries.answers(found.assessment).items()}


def test_a_page_without_scripts_keeps_every_kind_of_answer() -> None:
    found = scene()
    browser = signed_in(found.alice)
    address = f"/assessments/{found.assessment.pk}/areas"

    for area, typed in (
        ("general", {"firm.v": "Rossi Srl", "since.v": "2020-01-31"}),
        ("orders", {"planning.answer": "3", "tablets.v": "some", "staff.v": "42", "share.v": "12,5"}),
    ):
        assert browser.post(f"{address}/{area}/", {"opened": OPENED, **typed}).status_code == 302

    assert answered(found) == {
        "firm": "Rossi Srl", "planning": 3, "tablets": "some", "staff": 42, "share": Decimal("12.5"),
        "since": date(2020, 1, 31),
    }  # fmt: skip
    page = browser.get(f"{address}/orders/?open=all").content.decode()
    assert 'value="42"' in page
    assert 'value="12.5"' in page
    assert 'value="2020-01-31"' in browser.get(f"{address}/general/?open=all").content.decode()


@pytest.mark.parametrize(("area", "typed"), [
    ("orders", {"staff.v": "many"}), ("orders", {"share.v": "1/2"}), ("general", {"since.v": "31/01/2020"}),
    ("orders", {"share.v": "NaN"}), ("orders", {"staff.v": "4.5"}),
])  # fmt: skip
def test_what_is_no_value_is_refused_with_what_was_typed(area: str, typed: dict[str, str]) -> None:
    found = scene()

    response = signed_in(found.alice).post(
        f"/assessments/{found.assessment.pk}/areas/{area}/", {"opened": OPENED, **typed}
    )

    assert response.status_code == 422
    assert next(iter(typed.values())) in response.content.decode()
    assert answered(found) == {}


def test_a_device_sends_every_kind_of_answer() -> None:
    found = scene()

    sent = send(found, found.alice, *(entry(value, question=code) for code, value in VALUES.items()))

    assert [outcome for outcome, _, _ in results(sent)] == ["added"] * len(VALUES)
    assert answered(found) == {
        "firm": "Rossi Srl", "tablets": "some", "staff": 42, "share": Decimal("12.5"),
        "since": date(2020, 1, 31),
    }  # fmt: skip


def test_they_count_as_done_and_not_in_the_scores() -> None:
    found = scene()
    send(found, found.alice, *(entry(value, question=code) for code, value in VALUES.items()))

    scores = scoring.score(library.load("orders"), queries.answers(found.assessment), None)

    page = signed_in(found.alice).get(f"/assessments/{found.assessment.pk}/areas/general/").content.decode()
    assert scores.overall.value is None
    assert "2 domande su 2" in " ".join(page.split())


def test_a_question_without_a_reason_or_evidence_has_no_empty_lines() -> None:
    found = scene("solo")

    page = signed_in(found.alice).get(f"/assessments/{found.assessment.pk}/areas/general/").content.decode()

    assert "Chi?" in page
    assert 'class="why"' not in page
    assert 'class="see"' not in page


def test_a_questionnaire_in_one_language_is_shown_to_everybody() -> None:
    found = scene("solo")
    browser = signed_in(found.alice)
    browser.cookies["django_language"] = "en"

    page = browser.get(f"/assessments/{found.assessment.pk}/areas/general/")
    start = browser.get(f"/assessments/new/{found.assessment.company_id}/")

    assert "Chi?" in page.content.decode()
    assert start.status_code == 200
    assert 'value="solo"' in start.content.decode()


def test_items_without_words_are_shown_by_their_code(hub_folder: Path) -> None:
    words = "ord: O\nmac: M\n" + "".join(
        f"{code}: {code}\n" for code in ("doing", "tools", "workshop", "office", "low", "high")
    )
    asked = "".join(
        f'{code}: {{ask: "{code}?"{levels}}}\n'
        for code, levels in (
            *(("ord.plan", ", levels: [a, b, c, d, e]"), ("mac.care", ", levels: [a, b, c, d, e]")),
            *((code, "") for code in ("ord.ways", "mac.money", "mac.skill", "mac.rules", "who.staff")),
            *((code, "") for code in ("who.share", "who.says", "who.since", "who.kind")),
        )
    )
    write_instrument(hub_folder / "small-1.0", words=words + asked)
    found = make_scene(instrument="small", profile="workshop")

    for area in ("ord", "mac"):
        page = signed_in(found.alice).get(f"/assessments/{found.assessment.pk}/areas/{area}/")
        assert page.status_code == 200
