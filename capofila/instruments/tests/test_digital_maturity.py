"""The questionnaire digital-maturity 1.0 keeps what its method promises."""

import re
from collections import Counter, defaultdict

import pytest
import yaml

from capofila.instruments import library
from capofila.instruments.rules.shape import QuestionWords

NAME = "digital-maturity@1.0"
INSTRUMENT = library.load(NAME)
LANGUAGES = ("it", "en")
VAGUE = {
    "it": "in parte|spesso|qualche|adeguat[oaie]|avanzat[oaie]|pienamente|regolarmente|sistematic[oaie]|"
    "efficac[ei]|se necessario|di solito|purtroppo",
    "en": "partially|mostly|often|adequate|adequately|advanced|fully|regularly|systematic|systematically|"
    "efficiently|effectively|where necessary|as needed",
}
IMPLIED = yaml.safe_load(
    (library.OURS / "implied-digital-maturity-1.0-eu-dma-sme-1.0.yaml").read_text(encoding="utf-8")
)["cells"]


def levels(words: QuestionWords) -> list[str]:
    """The level texts of a question, those of its variants too."""
    variants = [words.for_profile(profile).levels for profile in words.profiles]
    return [text for texts in dict.fromkeys([words.levels, *variants]) for text in texts]


def test_ten_areas_hold_fourteen_questions_each() -> None:
    counts = Counter(question.area for question in INSTRUMENT.questions)

    assert counts == dict.fromkeys(INSTRUMENT.areas, 14)
    assert len(counts) == 10


def test_every_area_has_four_three_three_and_four_questions_by_dimension() -> None:
    counts = Counter((question.area, question.dimension) for question in INSTRUMENT.questions)

    wanted = {"execution": 4, "monitoring": 3, "organisation": 3, "technology": 4}
    assert counts == {(area, d): n for area in INSTRUMENT.areas for d, n in wanted.items()}


@pytest.mark.parametrize("profile", list(INSTRUMENT.profiles))
def test_a_profile_keeps_enough_questions_in_every_area_and_cell(profile: str) -> None:
    shown = INSTRUMENT.applicable(profile)

    cells = Counter((question.area, question.dimension) for question in shown)
    assert len(shown) >= 105
    assert len(cells) == 40
    assert min(cells.values()) >= 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_opening_of_a_level_is_used_by_more_than_two_questions(language: str) -> None:
    users: dict[str, set[str]] = defaultdict(set)

    for code, words in library.words(NAME, language).questions.items():
        for text in levels(words):
            users[" ".join(re.findall(r"[\w’]+", text.lower())[:3])].add(code)

    assert {opening: codes for opening, codes in users.items() if len(codes) > 2} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_level_hides_behind_a_vague_degree(language: str) -> None:
    vague = [
        (code, found.group())
        for code, words in library.words(NAME, language).questions.items()
        for text in levels(words)
        if (found := re.search(rf"\b({VAGUE[language]})\b", text, re.IGNORECASE))
    ]

    assert vague == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_says_all_it_should(language: str) -> None:
    words = library.words(NAME, language).questions

    assert all(
        q.short and q.ask.endswith("?") and q.why and q.evidence and len(q.levels) == 5
        for q in words.values()
    )
    assert (
        max(len(q.for_profile(profile).short) for q in words.values() for profile in INSTRUMENT.profiles)
        <= 34
    )
    assert len({q.short for q in words.values()}) == 140


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_level_is_one_or_two_sentences(language: str) -> None:
    lengths = [len(t.split()) for q in library.words(NAME, language).questions.values() for t in levels(q)]

    assert min(lengths) >= 10
    assert max(lengths) <= 45


def test_the_answers_imply_eighty_three_cells_of_the_european_questionnaire() -> None:
    sizes = {
        profile: sum(
            cell["question"] in {q.code for q in INSTRUMENT.applicable(profile)}
            and profile in cell.get("profiles", [profile])
            for cell in IMPLIED
        )
        for profile in INSTRUMENT.profiles
    }

    assert len({cell["cell"] for cell in IMPLIED}) == len(IMPLIED) == 83
    assert sizes == {"manufacturing": 83, "services": 73, "trade": 77, "construction-crafts": 81}


def test_every_implied_cell_exists_and_hangs_on_questions_that_exist() -> None:
    eu = library.load("eu-dma-sme@1.0")
    cells = {
        ".".join([q.code, part, *([column] if column else [])])
        for q in eu.questions
        for part in (*q.items, *q.rows)
        for column in (q.columns or ("",))
    }

    used = [cell["question"] for cell in IMPLIED] + [
        s["question"] for c in IMPLIED for s in c.get("supporting", [])
    ]
    assert {cell["cell"] for cell in IMPLIED} <= cells
    assert len(cells) == 96
    assert set(used) <= set(INSTRUMENT.by_code)
