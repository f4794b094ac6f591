"""`capofila roadmap` and `capofila check_actions`, as a person or a script runs them."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from capofila.__main__ import main
from capofila.instruments import library as instruments
from capofila.roadmap import library
from capofila.roadmap.tests.builders import ORD, write_library

COMPANY = {
    "name": "Falegnameria Prova S.n.c.",
    "profile": "manufacturing",
    "size": "small",
    "goals": ["certification-iso-27001", "shorter-lead-times"],
}
Printed = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    yield
    for function in (instruments.load, instruments.words, library.load, library.words):
        function.cache_clear()


def files(folder: Path, instrument: str = "digital-maturity", **company: object) -> list[str]:
    """A firm at level 2 everywhere in three areas, and what it says of itself."""
    asked = instruments.load(instrument)
    profile = company.get("profile", COMPANY["profile"])
    answers = {
        question.code: 2
        for question in asked.applicable(str(profile))
        if question.type == "level" and question.area in {"dat", "mnt", "log", "ord", "mac"}
    }
    (folder / "answers.json").write_text(json.dumps({"instrument": instrument, "answers": answers}))
    (folder / "company.json").write_text(json.dumps({**COMPANY, **company}))
    return ["--answers", str(folder / "answers.json"), "--company", str(folder / "company.json")]


def planned(capsys: Printed, *arguments: str) -> dict[str, object]:
    code = main(["roadmap", *arguments, "--json"])
    printed = capsys.readouterr()
    assert (code, printed.err) == (0, "")
    document: dict[str, object] = json.loads(printed.out)
    return document


def test_the_json_is_that_of_the_contract(tmp_path: Path, capsys: Printed) -> None:
    document = planned(capsys, *files(tmp_path))

    items = document["items"]
    assert isinstance(items, list)
    assert list(document) == ["objective", "gap", "budget_eur", "items", "left_out"]
    assert (document["gap"], document["budget_eur"]) == (0.0, None)
    assert {tuple(item) for item in items} == {
        (
            "action", "priority", "why", "quarter", "quarters", "cost_eur", "days", "after",
            "service_areas", "gain",
        )
    }  # fmt: skip
    assert all(re.fullmatch(r"\d+\.\d\d", item["cost_eur"]) for item in items)
    assert document["objective"] == pytest.approx(sum(i["priority"] * (13 - i["quarter"]) for i in items))
    assert [item["quarter"] for item in items] == sorted(item["quarter"] for item in items)


def test_a_budget_and_days_are_kept_quarter_by_quarter(tmp_path: Path, capsys: Printed) -> None:
    document = planned(
        capsys,
        *files(tmp_path),
        "--budget",
        "12000.50",
        "--days-per-quarter",
        "60",
        "--exclude",
        "dat.stop-plan",
    )

    items, left = document["items"], document["left_out"]
    assert isinstance(items, list)
    assert isinstance(left, list)
    assert document["budget_eur"] == "12000.50"
    assert {"action": "dat.stop-plan", "why": "excluded"} in left
    assert "over budget" in {entry["why"] for entry in left}
    for quarter in range(1, 13):
        cents = sum(round(float(i["cost_eur"]) * 100) for i in items if i["quarter"] <= quarter)
        assert cents <= 1200050 * quarter // 12
        assert sum(i["days"] for i in items if i["quarter"] == quarter) <= 60
    ends = {item["action"]: item["quarter"] + item["quarters"] for item in items}
    assert all(ends[before] <= item["quarter"] for item in items for before in item["after"])


def test_a_pin_is_kept(tmp_path: Path, capsys: Printed) -> None:
    document = planned(capsys, *files(tmp_path), "--pin", "dat.stop-plan:7")

    items = document["items"]
    assert isinstance(items, list)
    assert [item["quarter"] for item in items if item["action"] == "dat.stop-plan"] == [7]


@pytest.mark.parametrize("language", ["it", "en"])
def test_every_action_says_why_in_the_language_asked(tmp_path: Path, capsys: Printed, language: str) -> None:
    documents = planned(capsys, *files(tmp_path), "--language", language)

    items = documents["items"]
    assert isinstance(items, list)
    sentences = [item["why"] for item in items]
    assert len(sentences) > 20
    assert all(sentence[0].isupper() and sentence.endswith(".") for sentence in sentences)
    assert not [sentence for sentence in sentences if re.search(r"[{}]|\b(dat|mnt|log)\.", sentence)]
    assert all(("giornat" in sentence) == (language == "it") for sentence in sentences)
    assert len({sentence.split(":")[0] for sentence in sentences}) > 5


def test_text_for_people_shows_quarters_goals_and_weights(tmp_path: Path, capsys: Printed) -> None:
    code = main(["roadmap", *files(tmp_path), "--exclude", "dat.stop-plan"])

    printed = capsys.readouterr().out
    assert code == 0
    assert "\nQuarter 1\n" in printed
    assert "[dat.stop-plan]: excluded" in printed
    assert "preparing for ISO 27001 certification: " in printed
    assert "no certificate is promised" in printed
    assert "not asked: " in printed
    assert "exponents: gap 1, relevance 1, peers 1, feasibility 1." in printed
    assert "Peers are not known here" in printed


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--pin", "dat.stop-plan:13"], "roadmap.pin-quarter"),
        (["--pin", "dat.stop-plam:2"], "roadmap.unknown-action"),
        (["--exclude", "dat.stop-plam"], "roadmap.unknown-action"),
        (["--pin", "dat.stop-plan:2", "--pin", "dat.stop-plan:3"], "roadmap.pin-twice"),
        (["--pin", "dat.stop-plan:2", "--exclude", "dat.stop-plan"], "roadmap.pin-excluded"),
        (["--pin", "dat.stop-plan:1", "--days-per-quarter", "1"], "roadmap.pin-days"),
    ],
)
def test_wishes_that_cannot_be_met_are_refused(
    tmp_path: Path, capsys: Printed, arguments: list[str], code: str
) -> None:
    assert main(["roadmap", *files(tmp_path), *arguments]) == 2

    printed = capsys.readouterr()
    assert printed.out == ""
    assert f"[{code}]" in printed.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["--budget", "-1"], ["--budget", "1.005"], ["--budget", "a lot"], ["--days-per-quarter", "2.5"],
        ["--pin", "dat.stop-plan"], ["--pin", ":3"], ["--pin", "dat.stop-plan:two"],
    ],
)  # fmt: skip
def test_arguments_that_are_none_end_with_2(tmp_path: Path, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["roadmap", *files(tmp_path), *arguments])

    assert ended.value.code == 2


def test_answers_without_a_library_make_an_empty_roadmap(tmp_path: Path, capsys: Printed) -> None:
    (tmp_path / "answers.json").write_text('{"instrument": "eu-dma-sme", "answers": {"q2": ["1"]}}')
    (tmp_path / "company.json").write_text('{"name": "Prova"}')
    arguments = ["--answers", str(tmp_path / "answers.json"), "--company", str(tmp_path / "company.json")]

    document = planned(capsys, *arguments, "--budget", "100")

    assert document == {"objective": 0.0, "gap": 0.0, "budget_eur": "100.00", "items": [], "left_out": []}


def test_a_withheld_overall_score_leaves_gains_unknown(tmp_path: Path, capsys: Printed) -> None:
    (tmp_path / "answers.json").write_text(
        '{"instrument": "digital-maturity", "answers": {"dat.incident": 1}}'
    )
    (tmp_path / "company.json").write_text(json.dumps(COMPANY))
    arguments = ["--answers", str(tmp_path / "answers.json"), "--company", str(tmp_path / "company.json")]

    items = planned(capsys, *arguments)["items"]

    assert isinstance(items, list)
    assert items
    assert {item["gain"] for item in items} == {None}


# A hub's own library


def test_a_hub_s_own_actions_are_planned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    write_library(tmp_path)
    monkeypatch.setenv("CAPOFILA_INSTRUMENTS", str(tmp_path / "instruments"))
    monkeypatch.setenv("CAPOFILA_ACTIONS", str(tmp_path / "actions"))

    document = planned(capsys, *files(tmp_path, "small", profile="workshop", goals=["lower-costs"]))

    items = document["items"]
    assert isinstance(items, list)
    assert [(i["action"], i["quarter"], i["after"]) for i in items] == [
        ("ord.plan-on-paper", 1, []),
        ("mac.care-list", 2, ["ord.plan-on-paper"]),
    ]
    assert "it begins after “Write ord.plan-on-paper down”" in items[1]["why"]


def test_check_actions_counts_what_is_sound_and_names_what_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Printed
) -> None:
    monkeypatch.setenv("CAPOFILA_INSTRUMENTS", str(tmp_path / "instruments"))
    directory = write_library(tmp_path)

    assert main(["check_actions", str(directory), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "instrument": "small@1.0", "version": "1.0", "actions": 2, "areas": {"ord": 1, "mac": 1},
        "languages": ["en", "it"],
    }  # fmt: skip
    assert main(["check_actions", str(directory)]) == 0
    assert "2 actions, no mistakes" in capsys.readouterr().out

    (directory / "ord.yaml").write_text(ORD.replace("days: 3", "days: many"))

    assert main(["check_actions", str(directory)]) == 2
    line = capsys.readouterr().err
    assert line == (
        f"{directory / 'ord.yaml'}:4: ord.plan-on-paper: days: "
        'The value is "many"; expected a whole number from 1 to 60. [actions.whole-number]\n'
    )
