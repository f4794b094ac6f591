"""What a report was made from, frozen: the same parts come back, and from them the same bytes."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from capofila.assessments.answers_file import Shown, Submission
from capofila.assessments.rules.answers import Answer
from capofila.assessments.rules.benchmark import Published, Suppressed
from capofila.instruments import library
from capofila.instruments.tests.builders import write_instrument
from capofila.lib.problems import Problem
from capofila.reports import frozen, parts, thawing
from capofila.reports.parts import Parts
from capofila.reports.peers import Peers
from capofila.reports.tests.builders import make_company, make_submission, varied
from capofila.roadmap import library as actions
from capofila.roadmap import planning
from capofila.roadmap.planning import Basis, Choices, Roadmap
from capofila.roadmap.rules.priorities import Limits
from capofila.roadmap.rules.raising import Firm
from capofila.roadmap.rules.schedule import Wishes

DAY = date(2026, 3, 1)


def small(folder: Path) -> Parts:
    """Every type of answer that is not scored."""
    name = str(write_instrument(folder / "small-1.0"))
    answers: dict[str, Answer] = {
        "who.staff": Answer(value=42),
        "who.share": Answer(value=Decimal("12.50")),
        "who.says": Answer(value="null"),
        "who.since": Answer(value=date(2020, 1, 31), note="By the notary's deed"),
        "who.kind": Answer(reason="Nobody knows"),
    }
    said = Submission("a.json", library.load(name), name, "workshop", "T0", DAY, "en", answers)
    return Parts("en", "Polo di prova", make_company(), said)


def whole(language: str = "it") -> Parts:
    """With all that a report can be made from."""
    own = replace(
        make_submission(varied(7), not_applicable=("str.costing",), notes=True),
        stage="T1",
        evidence={
            "prd.scheduling": [Shown("plan.pdf", DAY, None, "a" * 64), Shown("b.png", DAY, DAY, "b" * 64)]
        },
    )
    before = make_submission(varied(8), day=date(2025, 3, 1))
    company = make_company(
        ateco=("2025", "25.62"),
        goals=("shorter-lead-times",),
        statuses={"women-led": DAY, "youth-led": None},
        size="small",
        employees=18,
        turnover_cents=100,
    )
    peers = Peers(
        "2026q1-abc",
        DAY,
        "sector",
        14,
        {
            "overall": Published(14, 250, {10: 190, 25: 210, 50: 250, 75: 290, 90: 320}),
            "str": Suppressed("dominance"),
            "prd": Published(8, 240),
        },
        {"province": "too-few"},
    )
    texts = {"summary": "Parole **nostre** — «è così».\n\n- uno\n- due", "action.prd.friday-plan": "Breve."}
    return Parts(language, "Polo di prova", company, own, eu(), before, road(own), peers, texts, 12)


def eu() -> Submission:
    return make_submission(lambda question: None, instrument="eu-dma-sme", profile=None)


def road(own: Submission) -> Roadmap:
    """Moved about by a consultant: pinned, excluded, begun, not relevant."""
    basis = Basis(
        own.instrument,
        own.name,
        own.answers,
        Firm("manufacturing", "small", ("shorter-lead-times",)),
        {"str": Fraction(5, 2), "prd": Fraction(7, 3)},
    )
    codes = [priority.code for priority in planning.preview(basis).priorities]
    free = [code for code in codes if not actions.load(own.name).by_code[code].after]
    return planning.preview(
        basis,
        Choices(
            limits=Limits(2_000_000, 30),
            wishes=Wishes({free[0]: 3}, frozenset(free[1:2]), frozenset(free[2:3])),
            not_relevant={free[3]: "We have no warehouse"},
        ),
    )


@pytest.mark.parametrize("which", ["small", "whole", "bare"])
def test_what_was_frozen_comes_back_and_freezes_to_the_same_bytes(tmp_path: Path, which: str) -> None:
    made = small(tmp_path) if which == "small" else whole() if which == "whole" else bare("it")

    kept = frozen.written(made)
    again = thawing.read(kept)

    assert frozen.written(again) == kept
    assert (again.own.answers, again.company) == (made.own.answers, made.company)
    assert list(again.own.answers) == list(made.own.answers)
    assert (again.peers, again.texts, again.unconfirmed) == (made.peers, made.texts, made.unconfirmed)
    if made.roadmap is not None and again.roadmap is not None:
        assert again.roadmap.plan == made.roadmap.plan
        assert list(again.roadmap.plan.starts) == list(made.roadmap.plan.starts)
        assert (again.roadmap.priorities, again.roadmap.gains) == (
            made.roadmap.priorities,
            made.roadmap.gains,
        )


def bare(language: str) -> Parts:
    return Parts(language, "", make_company(), make_submission())


def test_whoever_reads_the_file_finds_answers_scores_plan_group_texts_and_versions() -> None:
    said = json.loads(frozen.written(whole()))

    own = said["assessments"]["own"]
    assert own["answers"]["str.costing"]["not_applicable"] == "Non abbiamo magazzino"
    assert Fraction(own["scores"]["overall"]["value"]) > 1
    assert said["roadmap"]["plan"]["starts"]
    assert said["benchmark"]["cohort"] == "2026q1-abc"
    assert said["assessments"]["before"]["day"] == "2025-03-01"
    assert said["texts"]["summary"].startswith("Parole")
    assert said["versions"]["instruments"]["digital-maturity"]["version"] == "1.0"
    assert said["versions"]["actions"]["digital-maturity"]["version"]
    assert {len(said["versions"][name]) for name in ("program", "report_texts")} == {64}


@pytest.mark.slow
@pytest.mark.parametrize("language", ["it", "en"])
def test_from_what_was_frozen_alone_the_same_bytes_are_made_in_every_form(language: str) -> None:
    made = whole(language)
    kept, first = frozen.written(made), parts.rendered(made)

    again = parts.rendered(thawing.read(kept))

    assert sorted(first) == ["docx", "html", "pdf"]
    for form, data in first.items():
        assert again[form] == data, form


@pytest.mark.parametrize(
    "broken", [b"", b"{}", b"[]", b"\xff", b'{"format": 9}', b'{"format": 1, "assessments": {}}']
)
def test_what_is_no_frozen_file_is_refused(broken: bytes) -> None:
    with pytest.raises(Problem) as refused:
        thawing.read(broken)

    assert refused.value.code == "reports.frozen-unreadable"


@pytest.mark.parametrize(
    "change",
    [
        lambda said: said["assessments"]["own"]["answers"].update({"zzz.unknown": {"value": 3}}),
        lambda said: said["company"].update({"nickname": "x"}),
        lambda said: said["roadmap"]["pins"].update({"zzz.unknown": 3}),
    ],
)
def test_a_file_that_somebody_changed_is_refused_as_a_whole(change: Any) -> None:
    said = json.loads(frozen.written(whole()))
    change(said)

    with pytest.raises(Problem):
        thawing.read(json.dumps(said).encode())


def test_answers_that_nobody_confirmed_are_counted_in_the_annex() -> None:
    told = {
        one.unconfirmed: " ".join(
            str(getattr(block, "text", "")) for block in parts.document(one).chapters[-2].blocks
        )
        for one in (replace(bare("en"), unconfirmed=count) for count in (0, 1, 12))
    }

    assert "European questionnaire: answers to confirm" not in told[0]
    assert "1\u00a0answer that nobody has confirmed yet" in told[1]
    assert "12\u00a0answers that nobody has confirmed yet" in told[12]
