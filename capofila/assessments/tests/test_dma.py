"""One row of the Commission's table: names, order and encodings."""

import argparse
import csv
import io
from datetime import date
from pathlib import Path

import pytest

from capofila.assessments.answers_file import Submission
from capofila.assessments.commands import export_dma
from capofila.assessments.rules import dma
from capofila.assessments.rules.answers import Answer, Answers
from capofila.assessments.tests.builders import PSO, SME, changed, everything, nothing, with_row
from capofila.instruments.rules.shape import Instrument
from capofila.lib.problems import Refused

DEMO = Path(__file__).parents[2] / "desk" / "demo"


def layout(instrument: Instrument) -> dma.Layout:
    return export_dma._layout(Submission("a.json", instrument, instrument.name, None, None, None, None, {}))


def row(instrument: Instrument, answers: Answers) -> dict[str, str]:
    its_layout = layout(instrument)
    cells = dma.row(
        its_layout,
        instrument,
        answers,
        stage="T0",
        day=date(2026, 3, 1),
        company="Rossi Srl",
        vat="00743110157",
    )
    return dict(zip(dma.header(its_layout), cells, strict=True))


def test_the_row_begins_with_when_and_who() -> None:
    assert list(row(SME, {}).items())[:4] == [
        ("time_point", "T0"),
        ("maturity_assessment_date", "03/01/2026"),
        ("enterprise_name_edih", "Rossi Srl"),
        ("fiscal_registration_number_vat", "00743110157"),
    ]


def test_what_is_not_known_stays_empty() -> None:
    cells = dma.row(layout(SME), SME, {}, stage=None, day=None, company="Rossi Srl", vat=None)

    assert [cell for cell in cells if cell] == ["Rossi Srl"]


@pytest.mark.parametrize(("instrument", "columns"), [(SME, 4 + 86), (PSO, 4 + 97)], ids=["sme", "pso"])
def test_every_item_and_row_has_a_column_of_its_own(instrument: Instrument, columns: int) -> None:
    cells = {
        (question.code, part)
        for question in instrument.questions
        for part in (question.items or question.rows)
    }
    its_layout = layout(instrument)

    assert len(set(dma.header(its_layout))) == len(dma.header(its_layout)) == columns
    assert {(column.question, column.part) for column in its_layout.columns} == cells


@pytest.mark.parametrize("instrument", [SME, PSO], ids=["sme", "pso"])
def test_everything_and_nothing_have_their_encodings(instrument: Instrument) -> None:
    most = list(row(instrument, everything(instrument, negative=True)).values())[4:]
    least = list(row(instrument, nothing(instrument)).values())[4:]

    assert set(most) == {"1", "1|1", "10"}
    assert set(least) == {"0", "0|0"}


def test_the_first_digit_of_a_pair_is_the_plan() -> None:
    pair = "product_service_design_m2_1_1"

    planned = row(SME, with_row(nothing(SME), "q1", "1", ("plan",)))[pair]
    already = row(SME, with_row(nothing(SME), "q1", "1", ("already",)))[pair]

    assert (planned, already) == ("1|0", "0|1")
    assert (
        row(PSO, with_row(nothing(PSO), "q9", "4", ("planned",)))["ensure_internal_visibility_m2_9_5"]
        == "1|0"
    )


def test_scales_count_by_two_and_no_partly_yes_by_five() -> None:
    given = with_row(with_row(nothing(SME), "q9", "2", 3), "q11", "5", "partly")

    cells = row(SME, given)

    assert cells["automation_and_artificial_intelligence_likert__computer_vision_m2_5_9"] == "6"
    assert cells["green_digitalisation_2_likert__recycling_reuse_m2_6_11"] == "5"


def test_a_tick_is_in_the_column_of_its_item() -> None:
    cells = row(SME, changed(nothing(SME), "q8", ("4",)))

    assert [name for name, cell in cells.items() if cell == "1"] == [
        "cyber_threats_egularly_monitored_m2_4_8"
    ]


def test_an_unanswered_question_or_row_is_empty_and_never_zero() -> None:
    given = everything(SME)
    del given["q2"]
    given["q9"] = Answer({"1": 5})

    cells = row(SME, given)

    assert {cell for name, cell in cells.items() if name.endswith("_m2_1_2")} == {""}
    assert [cell for name, cell in cells.items() if name.endswith("_m2_5_9")] == ["10", "", "", "", ""]


def test_a_name_that_a_spreadsheet_would_run_is_made_harmless() -> None:
    assert export_dma._neutral("=HYPERLINK(1)") == "'=HYPERLINK(1)"
    assert export_dma._neutral("Rossi & Figli") == "Rossi & Figli"


def exported(tmp_path: Path, eu: str, *more: str) -> dict[str, str]:
    (tmp_path / "eu.yaml").write_text(f"instrument: eu-dma-sme\nanswers:\n{eu}", encoding="utf-8")
    out = tmp_path / "row.csv"
    parser = argparse.ArgumentParser()
    export_dma.add_arguments(parser)
    given = ["--answers", str(tmp_path / "eu.yaml"), "--company", str(DEMO / "company.yaml"), "-o", str(out)]
    export_dma.run(parser.parse_args([*given, *more]))
    header, cells = csv.reader(io.StringIO(out.read_text(encoding="utf-8-sig"), newline=""))
    return dict(zip(header, cells, strict=True))


def test_what_is_implied_stands_in_the_row_only_where_it_is_asked_for_and_named(tmp_path: Path) -> None:
    eu, ours = '  q4: {"1": 2}\n  q3: []\n', ("--implied-by", str(DEMO / "answers.yaml"))

    plain, filled = exported(tmp_path, eu), exported(tmp_path, eu, *ours)

    named = filled.pop("implied_not_confirmed").split(";")
    assert [name for name in plain if plain[name] != filled[name]] == [
        name for name in filled if name in named
    ]
    assert plain.keys() == filled.keys()
    assert not {name for name in named if name.endswith("m2_2_3")}  # q3 is answered: none of these
    assert sum(name.endswith("m2_2_4") for name in named) == 4  # q4.1 is answered, two are to ask


def test_answers_that_imply_nothing_for_the_form_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        exported(tmp_path, "  q3: []\n", "--implied-by", str(DEMO / "eu-answers.yaml"))

    assert [problem.code for problem in refused.value.problems] == ["dma.nothing-implied"]
