"""A file of enterprises, holdings and links, read and asked for the class, as a person would."""

import json
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capofila.__main__ import main
from capofila.companies import group_file
from capofila.companies.group_file import GroupFile
from capofila.companies.rules.group import Accounts, Enterprise, Holding, Link
from capofila.companies.rules.status import company_size
from capofila.companies.size_data import size_rules
from capofila.lib.problems import Problem, Refused
from capofila.lib.tests.refusals import refused_codes

EXAMPLE = """\
subject: A
on: 2026-01-01
enterprises:
  A: {accounts: [{year: 2024, awu: 41, turnover_eur: 7100000, balance_sheet_eur: 5000000},
                 {year: 2025, awu: 52, turnover_eur: 8300000, balance_sheet_eur: 6100000}]}
  B: {kind: university, accounts: []}
  C: {accounts: [{year: 2024, awu: 20, turnover_eur: 2000000, balance_sheet_eur: 1000000},
                 {year: 2025, awu: 80, turnover_eur: 9000000, balance_sheet_eur: 4000000}]}
holdings:
  - {owner: B, of: A, capital: 25, votes: 25}
  - {owner: C, of: A, capital: 30, votes: 30, since: 2023-05-01}
links: []
"""


BETWEEN_MISTAKES: list[object] = [["A"], ["A", "B", "A"], "AB", {}]


def read(folder: Path, **keys: object) -> GroupFile:
    path = folder / "group.json"
    document = {"subject": "A", "on": "2026-01-01", "enterprises": {"A": {}, "B": {}}, **keys}
    path.write_text(json.dumps({key: value for key, value in document.items() if value != "absent"}))
    return group_file.read(path)


def test_the_example_of_the_contract(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "group.yaml"
    path.write_text(EXAMPLE, encoding="utf-8")

    code = main(["company_size", str(path), "--json"])

    printed = capsys.readouterr()
    document = json.loads(printed.out)
    assert (code, printed.err) == (0, "")
    assert all(isinstance(reason, str) for reason in document.pop("reasons"))
    assert document == {
        "class": "small",
        "weights": {"A": 1.0, "C": 0.3},
        "awu": 76.0,
        "turnover_eur": "11000000.00",
        "balance_sheet_eur": "7300000.00",
        "by_year": {"2024": "small", "2025": "medium"},
    }


def test_the_command_prints_text_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "group.yaml"
    path.write_text(EXAMPLE, encoding="utf-8")

    main(["company_size", str(path)])

    printed = capsys.readouterr().out
    assert printed.startswith("A: small\n")
    assert "turnover: €11,000,000" in printed
    assert "C: 30 %" in printed
    assert "2025: medium" in printed


def test_nothing_known_is_printed_as_unknown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "group.yaml"
    path.write_text("subject: A\nenterprises:\n  A:\n", encoding="utf-8")

    codes = [main(["company_size", str(path), *more]) for more in ([], ["--json"])]

    text, _, document = capsys.readouterr().out.partition("{")
    assert codes == [0, 0]
    assert text.startswith("A: unknown\n")
    assert json.loads("{" + document)["turnover_eur"] is None


def test_a_whole_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "group.yaml"
    path.write_text(
        "subject: A\non: 2026-03-01\nenterprises:\n"
        "  A: {country: de, accounts: [{year: 2025, awu: 41.5, turnover_eur: 7100000.50}]}\n"
        "  B: {kind: business-angel, invested_eur: 1000}\n"
        "  NO: {kind: local-authority, budget_eur: '900', inhabitants: 800}\n"
        "holdings:\n  - {owner: B, of: A, capital: 12.5}\n"
        "  - {owner: NO, of: A, capital: 10, votes: 20, until: 2025-12-31}\n"
        "links:\n  - {between: [A, B], by: person, market: same, since: 2024-01-01}\n"
    )

    found = group_file.read(path)

    assert (found.subject, found.on) == ("A", date(2026, 3, 1))
    assert found.ties.enterprises == {
        "A": Enterprise("A", country="DE", accounts=(Accounts(2025, Fraction("41.5"), 7_100_000_50),)),
        "B": Enterprise("B", "business-angel", invested=1000_00),
        "NO": Enterprise("NO", "local-authority", budget=900_00, inhabitants=800),
    }
    assert found.ties.holdings == (
        Holding("B", "A", Fraction("12.5"), Fraction("12.5")),
        Holding("NO", "A", Fraction(10), Fraction(20), until=date(2025, 12, 31)),
    )
    assert found.ties.links == (Link(("A", "B"), "person", "same", date(2024, 1, 1)),)


def owned(**keys: object) -> dict[str, object]:
    holding = {"owner": "B", "of": "A", "capital": 30, **keys}
    return {"holdings": [{key: value for key, value in holding.items() if value != "absent"}]}


def linked(**keys: object) -> dict[str, object]:
    link = {"between": ["A", "B"], "by": "agreement", **keys}
    return {"links": [{key: value for key, value in link.items() if value != "absent"}]}


def with_accounts(*rows: object) -> dict[str, object]:
    return {"enterprises": {"A": {"accounts": list(rows)}}}


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ({"subject": "absent"}, "group.missing-key"),
        *[({"subject": subject}, "group.type") for subject in (None, 7, ["A"])],
        ({"subject": "Z"}, "group.unknown-enterprise"),
        ({"enterprises": {"A": {"kind": "person"}}}, "group.type"),
        ({"enterprise": {}}, "group.unknown-key"),
        *[({"on": day}, "group.type") for day in ("2026", 2026, "2026-02-30", True)],
        ({"enterprises": {"A": {}, " ": {}}}, "group.type"),
        ({"enterprises": {"A": {}, "x" * 301: {}}}, "group.type"),
        ({"enterprises": {"A": []}}, "group.type"),
        ({"enterprises": {"A": {"size": 3}}}, "group.unknown-key"),
        ({"enterprises": {"A": {"kind": "company"}}}, "group.choice"),
        *[({"enterprises": {"A": {"country": each}}}, "group.type") for each in ("ITA", "1T", 39)],
        *[({"enterprises": {"A": {"invested_eur": each}}}, "group.type") for each in (-1, "1,5", 0.001)],
        *[({"enterprises": {"A": {"inhabitants": each}}}, "group.type") for each in (-1, 2.5, "5")],
        (with_accounts({"awu": 3}), "group.missing-key"),
        *[(with_accounts({"year": year}), "group.type") for year in ("2025", 25, 2025.5, True)],
        *[(with_accounts({"year": 2025, "awu": awu}), "group.type") for awu in (-1, "3", True, 1e30)],
        (with_accounts({"year": 2025, "turnover_eur": "much"}), "group.type"),
        (with_accounts({"year": 2025, "staff": 3}), "group.unknown-key"),
        (with_accounts({"year": 2025}, {"year": 2025.0}), "group.duplicate-year"),
        ({"holdings": {}}, "group.type"),
        ({"holdings": ["A"]}, "group.type"),
        (owned(owner="absent"), "group.missing-key"),
        (owned(owner="Z"), "group.unknown-enterprise"),
        (owned(of="B"), "group.itself"),
        (owned(capital="absent"), "group.type"),
        *[(owned(capital=share), "group.type") for share in (-1, 100.01, "30", True)],
        (owned(votes=101), "group.type"),
        (owned(share=30), "group.unknown-key"),
        (owned(since="2025"), "group.type"),
        (owned(since="2025-02-01", until="2025-01-31"), "group.until-before-since"),
        ({"enterprises": {"A": {}, "B": {}, "P": {"kind": "person"}}, **owned(of="P")}, "group.type"),
        ({"links": "A"}, "group.type"),
        (linked(by="absent"), "group.missing-key"),
        (linked(by="friendship"), "group.choice"),
        (linked(market="near"), "group.choice"),
        *[(linked(between=each), "group.type") for each in BETWEEN_MISTAKES],
        (linked(between=["A", "A"]), "group.itself"),
        (linked(between=["A", "Z"]), "group.unknown-enterprise"),
    ],
)  # fmt: skip
def test_a_mistake_has_a_code(tmp_path: Path, keys: dict[str, object], code: str) -> None:
    assert refused_codes(lambda: read(tmp_path, **keys)) == [code]


def test_every_mistake_is_reported_at_once_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "group.yaml"
    path.write_text(
        "subject: D\nenterprises:\n  A: {accounts: [{year: 2025, awu: many}]}\n  B: {}\n"
        "holdings:\n  - {owner: Beta, of: A, capital: 130}\n",
        encoding="utf-8",
    )

    code = main(["company_size", str(path), "--json"])

    printed = capsys.readouterr()
    assert (code, printed.out) == (2, "")
    assert [line.partition("group.yaml:")[2].split(": ")[0] for line in printed.err.splitlines()] == [
        "3", "6", "6", "1",
    ]  # fmt: skip
    assert "holdings: 1: capital: The value is" in printed.err


def test_null_says_nothing(tmp_path: Path) -> None:
    found = read(tmp_path, on=None, holdings=None, links=None, enterprises={"A": {"accounts": None}})

    assert found == GroupFile("A", None, found.ties)
    assert found.ties.enterprises == {"A": Enterprise("A")}


def test_a_day_before_the_first_rules_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "group.yaml"
    path.write_text("subject: A\non: 1999-12-31\nenterprises: {A: {}}\n", encoding="utf-8")

    assert main(["company_size", str(path)]) == 2
    assert "company-size.no-rules" in capsys.readouterr().err


KNOWN_KEYS = (
    *group_file.KEYS, *group_file.ENTERPRISE_KEYS, *group_file.ACCOUNTS_KEYS, *group_file.HOLDING_KEYS,
    *group_file.LINK_KEYS, "A", "B",
)  # fmt: skip
anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(["A", "B", "2025-01-01", "person"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KNOWN_KEYS), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(group_file.KEYS[1:]), anything))
@settings(max_examples=150, deadline=None)
def test_any_document_is_a_group_or_refused(
    tmp_path_factory: pytest.TempPathFactory, keys: dict[str, object]
) -> None:
    try:
        found = read(tmp_path_factory.getbasetemp(), **keys)
    except (Problem, Refused):
        return

    assert company_size(found.ties, found.subject, found.on, size_rules()).reasons
