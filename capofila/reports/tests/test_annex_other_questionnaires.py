"""What is asked and not scored stands in the annex, in the words and figures of the report's language."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from capofila.assessments.answers_file import Submission
from capofila.assessments.rules.answers import Answer
from capofila.instruments import library
from capofila.instruments.tests.builders import write_instrument
from capofila.lib.document import Entries
from capofila.reports.chapters.annex import chapter
from capofila.reports.compose import compose
from capofila.reports.picture import Picture
from capofila.reports.tests.builders import make_company

ANSWERS: dict[str, Answer] = {
    "who.staff": Answer(value=42),
    "who.share": Answer(value=Decimal("12.5")),
    "who.says": Answer(value="Anna"),
    "who.since": Answer(value=date(2020, 1, 31), note="By the notary's deed"),
    "who.kind": Answer(value="family"),
}


@pytest.fixture
def submission(tmp_path: Path) -> Submission:
    name = str(write_instrument(tmp_path / "small-1.0"))
    loaded = library.load(name)
    return Submission("answers.json", loaded, name, "workshop", "T0", date(2026, 3, 1), "en", ANSWERS)


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("it", ["42", "12,5", "Anna", "31\u00a0gennaio 2020", "Family"]),
        ("en", ["42", "12.5", "Anna", "31\u00a0January 2020", "Family"]),
    ],
)
def test_numbers_texts_dates_and_choices_are_listed(
    language: str, texts: list[str], submission: Submission
) -> None:
    blocks = chapter(Picture(make_company(), submission, "Polo di prova", language)).blocks

    entries = [entry for block in blocks if isinstance(block, Entries) for entry in block.items]
    listed = {entry.question: entry.answer for entry in entries}
    asked = ["How many people?", "What share?", "Who says so?", "Since when?", "Which kind?"]
    assert [listed[question] for question in asked] == texts


def test_a_report_on_answers_without_a_score_has_no_empty_chapter(submission: Submission) -> None:
    document = compose(submission, make_company(), "it")

    assert [found.key for found in document.chapters if not found.blocks or not found.title] == []
