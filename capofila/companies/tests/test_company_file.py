"""A company file: what it may say, and every mistake with its code."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capofila.companies import company_file
from capofila.companies.company_file import CompanyFacts
from capofila.companies.rules import identifiers, size
from capofila.companies.size_data import size_rules
from capofila.lib.problems import Problem, Refused
from capofila.lib.tests.refusals import refused_codes

VAT_MISTAKES: list[object] = ["00743110158", "0074311015", "x", 743110157, True, [], {}, 1e10]
GOALS = ("skills", "lower-costs")


def read(folder: Path, **keys: object) -> CompanyFacts:
    path = folder / "company.json"
    document = {"name": "Rossi Srl", **keys}
    path.write_text(json.dumps({key: value for key, value in document.items() if value != "absent"}))
    return company_file.read(path, GOALS)


def test_a_name_is_enough(tmp_path: Path) -> None:
    assert read(tmp_path) == CompanyFacts("Rossi Srl")


def test_null_says_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, **dict.fromkeys(set(company_file.KEYS) - {"name"})) == CompanyFacts("Rossi Srl")


def test_a_whole_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "company.yaml"
    path.write_text(
        "name: Rossi & Figli Srl\ntype: pso\nvat: 00743110157\ntax_code: 00743110157\nrea: bs-123456\n"
        "ateco: {version: 2007, code: 25.62}\nprovince: no\nprofile: manufacturing\nemployees: 42\n"
        "turnover_eur: 7100000.50\ngoals: [skills]\ngoals_text: Growing\n"
        "statuses: {women-led: 2025-01-31, innovative-sme: }\nlanguage: it\n"
    )

    assert company_file.read(path, GOALS) == CompanyFacts(
        name="Rossi & Figli Srl",
        type="pso",
        vat="00743110157",
        tax_code="00743110157",
        rea="BS-123456",
        ateco=("2007", "25.62"),
        province="NO",
        profile="manufacturing",
        size="small",
        size_is_provisional=True,
        employees=42,
        turnover_cents=7_100_000_50,
        goals=("skills",),
        goals_text="Growing",
        statuses={"women-led": date(2025, 1, 31), "innovative-sme": None},
        language="it",
    )


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ({"name": "absent"}, "company.missing-key"),
        *[({"name": name}, "company.type") for name in (None, 7, ["Rossi"], "x" * 301)],
        ({"name": "  "}, "company.empty-text"),
        ({"nome": "Rossi"}, "company.unknown-key"),
        ({"type": "bank"}, "company.choice"),
        *[({"vat": vat}, "company.vat") for vat in VAT_MISTAKES],
        ({"vat": "DE123456789"}, "company.vat"),
        ({"tax_code": "RSSMRA80A01F205Y"}, "company.tax-code"),
        ({"tax_code": "00743110158"}, "company.tax-code"),
        *[
            ({"rea": rea}, "company.type")
            for rea in ("123456", "BS-", "BS-12345678", "BS-1\n", "BS-\u0661", 123456)
        ],
        *[({"province": province}, "company.type") for province in ("Brescia", "B1", "BS\n", 1)],
        ({"ateco": "25.62"}, "company.type"),
        ({"ateco": {"version": 2007}}, "company.missing-key"),
        ({"ateco": {"version": 2022, "code": "25.62"}}, "company.type"),
        ({"ateco": {"version": True, "code": "25.62"}}, "company.type"),
        *[
            ({"ateco": {"version": 2025, "code": code}}, "company.type")
            for code in ("2562", "25.62\n", "25.621", 25.62)
        ],
        *[({"employees": number}, "company.type") for number in (-1, 2.5, "many", True, 1e30)],
        *[
            ({"turnover_eur": euros}, "company.type")
            for euros in (-1, 0.001, "1,5", "much", True, 1e30, "1.234")
        ],
        ({"size": "tiny"}, "company.choice"),
        ({"size": "large", "employees": 5, "turnover_eur": 100}, "company.size-disagrees"),
        ({"goals": ["skils"]}, "company.unknown-goal"),
        ({"goals": "skills"}, "company.type"),
        ({"goals": ["skills", "skills"]}, "company.duplicate-code"),
        ({"goals_text": "x" * 5001}, "company.type"),
        ({"statuses": ["innovative"]}, "company.unknown-status"),
        ({"statuses": ["women-led", "women-led"]}, "company.duplicate-code"),
        ({"statuses": {"women-led": "2025"}}, "company.type"),
        ({"statuses": [{"status": "women-led", "on": "20250131"}]}, "company.type"),
        ({"statuses": 3}, "company.type"),
    ],
)
def test_a_mistake_has_a_code(tmp_path: Path, keys: dict[str, object], code: str) -> None:
    assert refused_codes(lambda: read(tmp_path, **keys)) == [code]


def test_every_mistake_is_reported_at_once(tmp_path: Path) -> None:
    assert refused_codes(lambda: read(tmp_path, name="absent", vat="1", province="Brescia", goals=["x"])) == [
        "company.missing-key", "company.vat", "company.type", "company.unknown-goal",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("00743110157", "00743110157"),
        ("IT 007.431.101-57", "00743110157"),
        ("it00743110157", "00743110157"),
        ("DE136695976", "DE136695976"),
        ("00743110156", None),
        ("00000000000", None),
        ("IT", None),
        ("", None),
    ],
)
def test_a_vat_number_is_checked_by_its_last_digit(written: str, kept: str | None) -> None:
    assert identifiers.vat(written) == kept


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("RCCMNL83S18D969H", "RCCMNL83S18D969H"),
        ("rccmnl83s18d969h", "RCCMNL83S18D969H"),
        ("RCCMNL83S18D969X", None),
    ],
)
def test_a_tax_code_is_checked_by_its_last_character(written: str, kept: str | None) -> None:
    assert identifiers.tax_code(written) == kept


@pytest.mark.parametrize(
    ("staff", "turnover", "balance", "expected"),
    [
        (9, 2_000_000, None, "micro"),
        (10, 2_000_000, None, "small"),
        (9, 2_000_001, None, "small"),
        (9, 3_000_000, 2_000_000, "micro"),
        (49, 10_000_000, 99_000_000, "small"),
        (50, 10_000_000, None, "medium"),
        (249, 50_000_000, None, "medium"),
        (249, 50_000_001, 43_000_000, "medium"),
        (249, 50_000_001, 43_000_001, "small-mid-cap"),
        (250, 1, 1, "small-mid-cap"),
        (749, 150_000_000, None, "small-mid-cap"),
        (750, 1, 1, "large"),
        (5, 200_000_000, 200_000_000, "large"),
    ],
)
def test_a_size_needs_the_staff_and_one_of_the_two_amounts(
    staff: int, turnover: int | None, balance: int | None, expected: str
) -> None:
    cents = [None if euros is None else euros * 100 for euros in (turnover, balance)]

    found = size.size_class(size_rules().ceilings, staff=staff, turnover=cents[0], balance_sheet=cents[1])

    assert found == expected


def test_a_size_from_own_figures_is_provisional_and_a_stated_one_is_not(tmp_path: Path) -> None:
    computed = read(tmp_path, employees=42, balance_sheet_eur="5000000")
    stated = read(tmp_path, size="medium")
    both = read(tmp_path, size="small", employees=42, balance_sheet_eur=5000000.00)
    neither = read(tmp_path, employees=42)

    assert [(facts.size, facts.size_is_provisional) for facts in (computed, stated, both, neither)] == [
        ("small", True), ("medium", False), ("small", False), (None, False),
    ]  # fmt: skip


def test_goals_are_taken_as_they_are_where_nobody_uses_them(tmp_path: Path) -> None:
    path = tmp_path / "company.json"
    path.write_text('{"name": "Rossi Srl", "goals": ["anything"]}')

    assert company_file.read(path, goals=None).goals == ("anything",)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
    | st.sampled_from(["00743110157", "2007", "status", "women-led"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["version", "code", "status", "on", "women-led"]), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(company_file.KEYS), anything))
@settings(max_examples=80, deadline=None)
def test_any_document_is_a_company_or_refused(
    tmp_path_factory: pytest.TempPathFactory, keys: dict[str, object]
) -> None:
    try:
        facts = read(tmp_path_factory.getbasetemp(), **keys)
    except (Problem, Refused):
        return

    assert facts.name


@given(st.text(max_size=30) | st.text("0123456789ITDEFR .-", max_size=20))
@settings(max_examples=150, deadline=None)
def test_any_text_is_an_identifier_or_none(text: str) -> None:
    for check in (identifiers.vat, identifiers.tax_code):
        found = check(text)

        assert found is None or found.isalnum()
