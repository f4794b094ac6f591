"""compose: the document says what the answers say, in both languages, for every kind of interview."""

import re
from dataclasses import replace
from datetime import date

import pytest

from capofila.assessments.answers_file import Shown, Submission
from capofila.assessments.rules.answers import Answer
from capofila.instruments import library
from capofila.lib.document import Chapter, Document
from capofila.reports.compose import compose
from capofila.reports.tests.builders import make_company, make_submission, varied
from capofila.reports.tests.reading import sentences, texts

SAME_FOR_ALL = {"contents", "guide", "facts", "glossary"}


def chapter(document: Document, key: str) -> Chapter:
    return next(found for found in document.chapters if found.key == key)


def said(document: Document, key: str) -> str:
    return " ".join(texts(chapter(document, key)))


def test_both_languages_have_the_same_chapters_and_blocks() -> None:
    submission = make_submission(varied(1), notes=True)

    italian, english = (compose(submission, make_company(), language) for language in ("it", "en"))

    assert [(c.key, len(c.blocks)) for c in italian.chapters] == [
        (c.key, len(c.blocks)) for c in english.chapters
    ]


@pytest.mark.parametrize("language", ["it", "en"])
@pytest.mark.parametrize("level", [1, 3, 5])
def test_no_chapter_is_empty_however_even_the_answers(language: str, level: int) -> None:
    document = compose(make_submission(lambda question: level), make_company(), language)

    assert all(found.blocks and found.title for found in document.chapters)


@pytest.mark.parametrize("language", ["it", "en"])
@pytest.mark.parametrize("profile", ["manufacturing", "services", "trade", "construction-crafts"])
def test_no_placeholder_or_key_is_left_in_the_text(language: str, profile: str) -> None:
    document = compose(make_submission(varied(2), profile=profile, notes=True), make_company(), language)

    whole = " ".join(text for found in document.chapters for text in texts(found))

    assert not re.search(r"\{[a-z_]*\}|\*\*|\bNone\b|\.\.(?!\.)", whole)


def test_the_summary_gives_the_overall_score_and_the_areas_at_both_ends() -> None:
    levels = {"qua": 5, "dat": 1}
    document = compose(make_submission(lambda question: levels.get(question.area, 3)), make_company(), "it")

    text = said(document, "summary")

    assert "3,00" in text  # (5 + 1 + 8 x 3) / 10
    assert "Qualità (5,00)" in text
    assert "Dati, IA e cybersicurezza (1,00)" in text


def test_an_area_is_told_in_the_words_of_the_levels_chosen() -> None:
    submission = make_submission(lambda question: 2)
    document = compose(submission, make_company(), "it")
    words = compose.__globals__["Picture"](make_company(), submission, "", "it").question("mnt.breakdowns")

    text = said(document, "area.mnt")

    assert words.levels[1].rstrip(".") in text


def test_two_companies_share_under_two_sentences_in_five() -> None:
    one = compose(make_submission(varied(3), notes=True), make_company("Alfa S.r.l."), "it")
    other = compose(make_submission(varied(4)), make_company("Beta S.p.A."), "it")
    levels = _level_texts(make_submission())

    first, second = (
        {
            s
            for c in d.chapters
            if c.key not in SAME_FOR_ALL
            for s in sentences(c)
            if not _holds_level(s, levels)
        }
        for d in (one, other)
    )

    shared = first & second
    asks = {s for s in shared if s.endswith("?")}
    assert len(shared - asks) < 0.4 * min(len(first - asks), len(second - asks))


def _level_texts(submission: Submission) -> list[str]:
    words = library.words(submission.name, "it")
    return [
        sentence
        for q in words.questions.values()
        for text in q.levels
        for sentence in text.rstrip(".").split(". ")
    ]


def _holds_level(sentence: str, levels: list[str]) -> bool:
    return any(level in sentence for level in levels)


def test_a_question_left_out_shows_its_reason_and_its_effect() -> None:
    submission = make_submission(lambda question: 3, not_applicable=("log.warehouse",))

    text = said(compose(submission, make_company(), "it"), "annex")

    assert "Non abbiamo magazzino" in text
    # Thirteen threes; a one would give 40/14, a five 44/14.
    assert "13\u00a0risposte" in text
    assert "2,86" in text
    assert "3,14" in text


def test_an_area_with_too_few_answers_shows_no_score_and_says_why() -> None:
    document = compose(
        make_submission(
            lambda question: None if question.area == "env" and question.dimension != "execution" else 3
        ),
        make_company(),
        "it",
    )

    text = said(document, "area.env")

    assert "4 risposte su 14" in text
    assert "ne servono 9" in text


def test_an_interview_without_answers_still_gives_a_document() -> None:
    document = compose(make_submission(lambda question: None), make_company(), "en")

    assert "0" in chapter(document, "summary").title


def test_nothing_reads_the_clock_when_no_date_is_given() -> None:
    document = compose(make_submission(day=None), make_company(), "it")

    assert document.stamp is None
    assert document.cover is not None
    assert document.cover.day == ""


def test_the_european_profile_is_a_chapter_when_it_was_answered() -> None:

    instrument = library.load("eu-dma-sme")
    eu = Submission(
        "eu.json", instrument, "eu-dma-sme", None, "T0", None, "it", {"q2": Answer(value=("1", "2"))}
    )

    document = compose(make_submission(), make_company(), "it", eu)

    assert "eu" in [found.key for found in document.chapters]
    assert "non si possono calcolare" in said(document, "eu")


@pytest.mark.parametrize(("language", "dated"), [("it", "del 31 gennaio 2026"), ("en", "of 31 January 2026")])
def test_the_annex_lists_what_was_seen_with_the_day_it_is_from_and_the_day_it_came(
    language: str, dated: str
) -> None:
    seen = [
        Shown("piano.pdf", date(2026, 3, 1), date(2026, 1, 31), "ab12" * 16),
        Shown("foto.jpg", date(2026, 3, 2), None, "cd34" * 16),
    ]
    submission = replace(make_submission(), evidence={"str.costing": seen})

    text = said(compose(submission, make_company(), language), "annex")

    assert dated in text.replace("\u00a0", " ")
    assert all(part in text for part in ("piano.pdf", "foto.jpg", "ab12ab12ab12ab12", "cd34cd34cd34cd34"))


@pytest.mark.parametrize(("language", "title"), [("it", "questionario europeo"), ("en", "European")])
def test_what_was_shown_for_the_commissions_questionnaire_stands_in_the_annex_too(
    language: str, title: str
) -> None:
    seen = [Shown("fattura.pdf", date(2026, 3, 2), date(2026, 1, 31), "0123456789abcdef" * 4)]
    eu = replace(make_submission(instrument="eu-dma-sme", profile=None), answers={}, evidence={"q1": seen})

    text = said(compose(make_submission(), make_company(), language, eu), "annex")

    assert title in text
    assert all(part in text for part in ("Q1", "fattura.pdf", "0123456789abcdef"))
