"""The sentences stand in both languages, with the same facts, and each one is used."""

import re
import string
from pathlib import Path

import pytest

from capofila.reports.languages import LANGUAGES
from capofila.reports.phrases import data, phrases

ROOM = Path(__file__).parent.parent
ITALIAN, ENGLISH = (phrases(language)._texts for language in LANGUAGES)
BY_DATA = (
    "format.",
    "noun.",
    "size.",
    "status.",
    "dimensions.weak-",
    "facts.stage-",
    "guide.level-",
    "column.",
    "headline.even-",
    "area.above",
    "area.below",
    "area.at",
)


def variants(text: str | list[str]) -> list[str]:
    return [text] if isinstance(text, str) else text


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_sentences() -> None:
    assert set(ITALIAN) == set(ENGLISH)


def test_a_sentence_holds_the_same_facts_in_both_languages() -> None:
    for key in set(ITALIAN) - {"format.months", "format.decimal", "format.thousands"}:
        italian, english = variants(ITALIAN[key]), variants(ENGLISH[key])

        assert len(italian) == len(english), key
        assert [fields(text) for text in italian] == [fields(text) for text in english], key
        assert all(text.count("**") % 2 == 0 for text in [*italian, *english]), key


def test_every_sentence_is_used() -> None:
    code = "\n".join(
        file.read_text(encoding="utf-8") for file in ROOM.rglob("*.py") if "tests" not in file.parts
    )

    unused = [key for key in ITALIAN if f'"{key}"' not in code and not key.startswith(BY_DATA)]

    # Keys made from parts: f"profile.{kind}" and the like.
    patterns = [
        re.escape(found).replace(r"\{", "{").replace("{", "\0")
        for found in re.findall(r'f"([a-z-]+\.[^"]*\{[^"]*)"', code)
    ]
    made = [re.compile(re.sub("\0[^}]*\\\\?}", ".+", pattern) + "$") for pattern in patterns]
    assert [key for key in unused if not any(pattern.match(key) for pattern in made)] == []


@pytest.mark.parametrize("name", ["areas-digital-maturity", "glossary"])
def test_the_other_sentences_have_the_same_shape_in_both_languages(name: str) -> None:
    italian, english = (data(name, language) for language in LANGUAGES)

    assert _shape(italian) == _shape(english)


def _shape(value: object) -> object:
    if isinstance(value, dict):
        return {key: _shape(inner) for key, inner in value.items()}
    return len(value) if isinstance(value, list) else None


def test_numbers_are_written_as_each_language_writes_them() -> None:
    italian, english = phrases("it"), phrases("en")

    assert italian.euros(7_800_000_00) == "7.800.000\u00a0€"
    assert english.euros(7_800_000_50) == "€7,800,000.50"
