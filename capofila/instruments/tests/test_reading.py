"""Every mistake in an instrument's file is named with its line and code, all of them at once."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capofila.instruments.rules import conditions, reading, wording
from capofila.instruments.rules.shape import Bands
from capofila.instruments.tests.builders import SMALL, WORDS, read, read_small
from capofila.lib import sources
from capofila.lib.problems import Problem

PLAN = "  - {code: ord.plan, area: ord, dimension: doing, type: level}"
WAYS_ITEMS = 'type: ticks, items: ["1", "2", "3"], negative: ["3"]'
SHOWN = 'shown_when: {any: [{question: ord.plan, at_least: 3}, {all: [{question: ord.ways, includes: "1"}]}]}'
BANDS = "list: [[low, 1, 3], [high, 3, 5]]"


def test_an_instrument_holds_questions_of_all_ten_types() -> None:
    instrument = read_small()

    types = {question.type for question in instrument.questions}

    assert len(types) == 10
    assert instrument.name == "small@1.0"
    assert len(instrument.applicable("workshop")) == 11
    assert len(instrument.applicable("office")) == 10


def test_every_type_of_mistake_is_reported_in_one_reading() -> None:
    text = (
        SMALL.replace("source:", "sauce:")
        .replace("weight: 2", "weight: two")
        .replace("[high, 3, 5]", "[high, 3.5, 5]")
        .replace("[mac.care]", "[mac.cart]")
    )

    _, problems = read(text)

    assert [(problem.code, problem.at.line) for problem in problems if problem.at] == [
        ("instrument.unknown-key", 3),
        ("instrument.missing-key", 1),
        ("instrument.not-a-number", 17),
        ("instrument.profile-question", 9),
        ("instrument.band-gap", 12),
    ]
    assert {problem.at.file for problem in problems if problem.at} == {"instrument.yaml"}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("areas:", "colour: red\nareas:", "instrument.unknown-key"),
        ('source: "Invented for tests"\n', "", "instrument.missing-key"),
        ("code: small", "code: ''", "instrument.empty-text"),
        ("code: small", "code: [small]", "instrument.type"),
        ("scale: [1, 5]", "scale: [5, 1]", "instrument.scale"),
        ("scale: [1, 5]", "scale: 5", "instrument.type"),
        ("areas: [ord, mac]", "areas: [ord, mac, ord]", "instrument.duplicate-code"),
        ("areas: [ord, mac]", "areas: [ord]", "instrument.area"),
        ("dimensions: [doing, tools]", "dimensions: [doing, tools, ord]", "instrument.duplicate-code"),
        ("dimensions: [doing, tools]", "dimensions: [tools]", "instrument.dimension"),
        ("code: ord.plan, area", "code: workshop, area", "instrument.duplicate-code"),
        ("not_applicable: excluded", "not_applicable: ignored", "instrument.choice"),
        ("min_coverage: 0.5", "min_coverage: 50", "instrument.min-coverage"),
        ("min_coverage: 0.5", "min_coverage: half", "instrument.not-a-number"),
        ("rule: weighted-mean", "rule: mean", "instrument.scoring-rule"),
        ("rule: weighted-mean", "rule: weighted-mean, params: {missing: zero}", "instrument.unknown-key"),
        ("rule: weighted-mean", "rule: eu-dma, params: {missing: nought}", "instrument.choice"),
        # questions
        (PLAN, f"{PLAN}\n{PLAN}", "instrument.duplicate-code"),
        (PLAN, "  - {area: ord, dimension: doing, type: level}", "instrument.missing-key"),
        (PLAN, "  - {code: ord.plan, area: ord, type: level}", "instrument.missing-key"),
        ("type: integer", "type: whole", "instrument.type"),
        ("type: integer", "type: integer, weigth: 2", "instrument.unknown-key"),
        ("weight: 2", "weight: two", "instrument.not-a-number"),
        ("weight: 2", "weight: 0", "instrument.not-a-number"),
        ("weight: 2", "weight: -1", "instrument.not-a-number"),
        ("weight: 2", "weight: .nan", "instrument.not-a-number"),
        ("weight: 2", "weight: --2", "instrument.not-a-number"),
        (WAYS_ITEMS, "type: ticks", "instrument.missing-part"),
        (WAYS_ITEMS, 'type: ticks, items: ["1", "1"]', "instrument.duplicate-code"),
        ('negative: ["3"]', 'negative: ["4"]', "instrument.negative"),
        ("type: text", 'type: text, rows: ["1"]', "instrument.extra-part"),
        ("type: text", 'type: text, negative: ["1"]', "instrument.extra-part"),
        # conditions
        (SHOWN, "shown_when: {any: [{question: ord.plam, at_least: 3}]}", "instrument.condition-unknown"),
        (SHOWN, "shown_when: {any: [{question: who.staff, at_least: 3}]}", "instrument.condition-later"),
        (SHOWN, "shown_when: {any: [{question: ord.plan, at_least: three}]}", "instrument.condition"),
        (SHOWN, "shown_when: {any: [{question: ord.plan, is: three}]}", "instrument.condition"),
        (SHOWN, "shown_when: {any: [{question: ord.plan}]}", "instrument.condition"),
        (SHOWN, "shown_when: {any: [{question: ord.plan, is: 1, at_most: 3}]}", "instrument.condition"),
        (SHOWN, "shown_when: {any: []}", "instrument.condition"),
        (SHOWN, "shown_when: {any: [{all: []}]}", "instrument.condition"),
        (SHOWN, "shown_when: {any: [], all: []}", "instrument.condition"),
        (SHOWN, "shown_when: {none: []}", "instrument.unknown-key"),
        (SHOWN, "shown_when: {any: [{question: ord.ways, at_least: 3}]}", "instrument.condition-type"),
        (SHOWN, "shown_when: {any: [{question: ord.ways, is: 1}]}", "instrument.condition-type"),
        (SHOWN, "shown_when: {any: [{question: ord.ways, includes: 4}]}", "instrument.condition-item"),
        (SHOWN, "shown_when: {any: [{question: ord.plan, includes: 4}]}", "instrument.condition-item"),
        # profiles
        ("[mac.care]", "[mac.cart]", "instrument.profile-question"),
        ("workshop: {}", "workshop: {not_applicable: [mac.care]}", "instrument.never-shown"),
        ("workshop: {}", "workshop: {hides: [mac.care]}", "instrument.unknown-key"),
        # bands
        (BANDS, "list: [[low, 1, 3], [high, 3.1, 5]]", "instrument.band-gap"),
        (BANDS, "list: [[low, 1.2, 3], [high, 3, 5]]", "instrument.band-gap"),
        (BANDS, "list: [[low, 1, 3], [high, 3, 4.9]]", "instrument.band-gap"),
        (BANDS, "list: [[low, 1, 3], [high, 2.9, 5]]", "instrument.band-overlap"),
        (BANDS, "list: [[low, 1, 3], [high, 3, 6]]", "instrument.band-beyond"),
        (BANDS, "list: [[low, 0, 3], [high, 3, 5]]", "instrument.band-beyond"),
        (BANDS, "list: [[low, 1, 3], [low, 3, 5]]", "instrument.duplicate-code"),
        (BANDS, "list: [[low, 1, 3], [high, 3]]", "instrument.band"),
        (BANDS, "list: [[low, 3, 1], [high, 3, 5]]", "instrument.band"),
        ("edge: lower", "edge: left", "instrument.choice"),
        # the file itself
        ("areas: [ord, mac]", "areas: [ord, mac]\nareas: [ord, mac]", "file.duplicate-key"),
        ("areas: [ord, mac]", "areas: &a [ord, mac]\ndimensions: *a", "file.alias"),
    ],
)
def test_a_mistake_has_a_line_and_a_code(old: str, new: str, code: str) -> None:
    assert old in SMALL

    _, problems = read(SMALL.replace(old, new, 1))

    assert code in [problem.code for problem in problems]
    assert all(problem.at and problem.at.line for problem in problems)


def test_a_mistake_stands_on_its_own_line() -> None:
    text = SMALL.replace("weight: 2", "weight: two")
    line = text.splitlines().index(next(line for line in text.splitlines() if "two" in line)) + 1

    _, problems = read(text)

    assert [str(problem) for problem in problems] == [
        f'instrument.yaml:{line}: mac.care: weight: The value is "two"; expected a number.'
        " [instrument.not-a-number]"
    ]


def test_a_circle_of_conditions_is_named_as_a_circle() -> None:
    text = SMALL.replace(
        "type: integer", "type: integer, shown_when: {any: [{question: who.share, is: 1}]}"
    ).replace("type: decimal", "type: decimal, shown_when: {any: [{question: who.staff, is: 1}]}")

    _, problems = read(text)

    circles = [problem.facts["circle"] for problem in problems if problem.code.endswith("condition-cycle")]
    assert circles == ["who.staff -> who.share -> who.staff", "who.share -> who.staff -> who.share"]


def test_a_question_that_looks_at_itself_is_a_circle() -> None:
    _, problems = read(
        SMALL.replace("type: integer", "type: integer, shown_when: {any: [{question: who.staff, is: 1}]}")
    )

    assert "instrument.condition-cycle" in [problem.code for problem in problems]


def test_two_questions_without_a_code_are_two_mistakes() -> None:
    _, problems = read(SMALL.replace(PLAN, "  - {area: ord}\n  - {area: ord}\n  - nothing\n" + PLAN))

    assert [problem.code for problem in problems].count("instrument.missing-key") >= 4


def test_an_unknown_word_is_answered_with_the_nearest() -> None:
    _, problems = read(SMALL.replace("type: matrix", "type: matirx"))

    assert any(problem.facts.get("meant") == "matrix" for problem in problems)


def test_a_score_lies_in_the_band_that_holds_its_edge() -> None:
    lower = read_small().bands
    upper = read_small(SMALL.replace("edge: lower", "edge: upper")).bands

    def bands(which: Bands) -> list[str | None]:
        return [which.of(Fraction(score)) for score in ("1", "2.999", "3", "3.001", "5")]

    assert bands(lower) == ["low", "low", "high", "high", "high"]
    assert bands(upper) == ["low", "low", "low", "high", "high"]


def words(text: str) -> list[Problem]:
    problems: list[Problem] = []
    tree = sources.parse_yaml(text, "words.en.yaml", problems)
    wording.read_words(tree, "words.en.yaml", "en", read_small(), problems)
    return problems


def test_words_that_are_complete_have_no_mistakes() -> None:
    assert words(WORDS) == []


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('doing: "Doing"\n', "", "words.missing-word"),
        ('low: "Low"\n', "", "words.missing-word"),
        ('office: "Office"\n', "", "words.missing-word"),
        ('who.says: {ask: "Who says so?"}\n', "", "words.missing-word"),
        ('ord: "Orders"', 'ord: ""', "words.empty-text"),
        ('ord: "Orders"', "ord: {short: Ord}", "words.missing-key"),
        ('ord: "Orders"', 'ord: "Orders"\nrod: "Orders"', "words.unknown-key"),
        ('ask: "Who says so?"', 'asks: "Who says so?"', "words.unknown-key"),
        ('ask: "Who says so?"', 'ask: ["Who says so?"]', "words.type"),
        ('"By the system"]', '""]', "words.missing-level"),
        (', "By the system"]', "]", "words.missing-level"),
        ('"By the system"]', '"By the system", "Beyond"]', "words.levels"),
        ('  levels: ["By heart", "On paper", "In a sheet", "In a system", "By the system"]\n', "",
         "words.missing-level"),
        ('{ask: "Who says so?"', '{levels: [a, b, c, d, e], ask: "Who"', "words.extra-levels"),
        (', "3": "Not at all"', "", "words.missing-key"),
        ('"3": "Not at all"', '"4": "Not at all", "3": "Never"', "words.unknown-key"),
        ('points: ["No", "Partly", "Yes"]', 'points: ["No", "Yes"]', "words.points"),
        ("profiles: {office:", "profiles: {offices:", "words.unknown-key"),
        ("profiles: {office: {ask:", "profiles: {office: {asks:", "words.unknown-key"),
        ('{office: {ask: "How are jobs planned?"}}', "{office: {levels: [a, b]}}", "words.missing-level"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_words_has_a_line_and_a_code(old: str, new: str, code: str) -> None:
    assert old in WORDS

    problems = words(WORDS.replace(old, new, 1))

    assert code in [problem.code for problem in problems]
    assert all(problem.at and problem.at.line for problem in problems)


def test_a_profile_rewords_what_it_says_and_keeps_the_rest() -> None:
    tree = sources.parse_yaml(WORDS, "words.en.yaml", [])
    spoken = wording.read_words(tree, "words.en.yaml", "en", read_small(), [])

    plain, office = spoken.of("ord.plan", "workshop"), spoken.of("ord.plan", "office")

    assert (plain.ask, office.ask) == ("How are orders planned?", "How are jobs planned?")
    assert plain.levels == office.levels


def test_what_one_language_says_every_language_says() -> None:
    trees = {"en": WORDS, "it": WORDS.replace('  why: "Dates hold."\n', "")}
    spoken = {
        language: (
            wording.read_words(sources.parse_yaml(text, "", []), "", language, read_small(), []),
            f"words.{language}.yaml",
        )
        for language, text in trees.items()
    }
    problems: list[Problem] = []

    wording.check_languages(spoken, problems)

    assert [(p.code, str(p.at)) for p in problems] == [("words.missing-word", "words.it.yaml: ord.plan: why")]


# Whatever an author writes gives an instrument or mistakes, never another exception.

scalars = st.sampled_from(
    ["", "1", "-1", "x", "ord", "ord.plan", "~", "1e9", "level", "eu-dma", "any", "--3"]
)
trees = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [*reading.KEYS, *reading.QUESTION_KEYS, *conditions.OPERATORS, "any", "all", "question"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


def as_node(value: object) -> sources.Node:
    if isinstance(value, dict):
        return sources.Node({key: as_node(item) for key, item in value.items()}, 1)
    if isinstance(value, list):
        return sources.Node([as_node(item) for item in value], 1)
    return sources.Node(sources.Text(value), 1)


@given(st.dictionaries(st.sampled_from(reading.KEYS), trees, max_size=8))
@settings(max_examples=80, deadline=None)
def test_no_tree_of_values_breaks_the_reader_of_instruments(keys: dict[str, object]) -> None:
    tree = sources.parse_yaml(SMALL, "", [])
    tree = sources.Node({**(tree.mapping or {}), **(as_node(keys).mapping or {})}, 1)

    instrument = reading.read_instrument(tree, "instrument.yaml", [])

    assert wording.read_words(tree, "words.en.yaml", "en", instrument, []).language == "en"


@given(st.dictionaries(st.sampled_from(reading.QUESTION_KEYS), trees, max_size=6))
@settings(max_examples=80, deadline=None)
def test_no_question_breaks_the_reader_of_instruments(keys: dict[str, object]) -> None:
    tree = sources.parse_yaml(SMALL, "", [])
    questions = (tree.mapping or {})["questions"].items or []
    questions.append(as_node(keys))

    instrument = reading.read_instrument(tree, "instrument.yaml", [])

    assert len(instrument.questions) >= 11


@given(trees)
@settings(max_examples=80, deadline=None)
def test_no_words_break_the_reader_of_words(value: object) -> None:
    tree = sources.parse_yaml(WORDS, "", [])
    mapping = dict(tree.mapping or {})
    mapping["ord.plan"] = mapping["mac.skill"] = mapping["ord"] = as_node(value)

    spoken = wording.read_words(sources.Node(mapping, 1), "words.en.yaml", "en", read_small(), [])

    assert spoken.of("ord.plan", "office") is not None
