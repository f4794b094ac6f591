"""The commands that work from files, as a person or a script runs them."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from capofila.__main__ import main
from capofila.assessments.rules.answers import jsonable
from capofila.assessments.tests.builders import PSO, SME, everything, nothing
from capofila.instruments.tests.builders import SMALL, write_instrument

COMMANDS = [
    "check_instrument",
    "roadmap",
    "import_xlsform",
    "export_xlsform",
    "score",
    "export_dma",
]
COMPANY = {"name": "Rossi & Figli, “Meccanica” Srl", "vat": "00743110157", "profile": "manufacturing"}


def write_json(path: Path, document: object) -> str:
    path.write_text(json.dumps(document), encoding="utf-8")
    return str(path)


def eu_answers(folder: Path, **keys: object) -> str:
    document = {
        "instrument": "eu-dma-sme", "stage": "T0", "date": "2026-03-01",
        "answers": jsonable(everything(SME)), **keys,
    }  # fmt: skip
    return write_json(folder / "answers.json", document)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return write_instrument(tmp_path / "small-1.0")


# score


def test_score_prints_one_json_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["score", "--answers", eu_answers(tmp_path), "--json"])

    printed = capsys.readouterr()
    document = json.loads(printed.out)
    assert (code, printed.err) == (0, "")
    assert document["instrument"] == "eu-dma-sme"
    assert document["overall"] == {"score": 100.0, "coverage": 1.0, "band": "advanced"}
    assert list(document["areas"]) == ["d1", "d2", "d3", "d4", "d5", "d6"]
    assert (document["profile"], document["withheld"], document["warnings"]) == (None, [], [])


def test_score_prints_text_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["score", "--answers", eu_answers(tmp_path, answers={"q2": ["1"]})])

    printed = capsys.readouterr().out
    assert code == 0
    assert "eu-dma-sme@1.0: scores from 0 to 100" in printed
    assert "withheld" in printed
    assert "0 of 2 answered" in printed


def test_score_takes_from_flags_what_a_table_does_not_carry(
    tmp_path: Path, small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "answers.csv"
    path.write_text("question;item;value;not_applicable;note\nord.plan;;4;;\n", encoding="utf-8")

    code = main(
        ["score", "--answers", str(path), "--instrument", str(small), "--profile", "office", "--json"]
    )

    document = json.loads(capsys.readouterr().out)
    assert code == 0
    assert (document["profile"], document["cells"]["ord.doing"]["score"]) == ("office", 4.0)


def test_a_refusal_is_a_line_for_each_problem_and_exit_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = eu_answers(tmp_path, answers={"q2\n\u001b[31m": ["1"], "q3": ["99"], "q4": 3})

    code = main(["score", "--answers", path, "--json"])

    printed = capsys.readouterr()
    assert (code, printed.out) == (2, "")
    assert [line.rpartition(" ")[2] for line in printed.err.splitlines()] == [
        "[answers.unknown-question]", "[answers.unknown-item]", "[answers.type]",
    ]  # fmt: skip
    assert all(line.startswith(path) for line in printed.err.splitlines())
    assert "\u001b" not in printed.err


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.json", b"", "file.empty"),
        ("a.json", b'{"instrument": "eu-dma-sme", "answers": {"q2": "\xff"}}', "file.not-utf-8"),
        ("a.json", b'{"instrument": "no-such", "answers": {}}', "instrument.unknown"),
        (
            "a.json",
            b'{"instrument": "eu-dma-sme", "version": "7", "answers": {}}',
            "instrument.unknown-version",
        ),
        ("a.json", b'{"answers": {}, "answers": {}, "instrument": "eu-dma-sme"}', "file.duplicate-key"),
        ("a.yaml", b"instrument: &a eu-dma-sme\nanswers: {q2: [*a, *a]}\n", "file.alias"),
        ("a.csv", b"question,value\nq2,1\n", "table.missing-column"),
        ("a.xlsx", b"question,value\nq2,1\n", "table.not-xlsx"),
        ("a.txt", b"question", "file.kind"),
    ],
)
def test_a_file_that_is_not_sound_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, data: bytes, code: str
) -> None:
    (tmp_path / name).write_bytes(data)

    assert main(["score", "--answers", str(tmp_path / name), "--json"]) == 2
    printed = capsys.readouterr()
    assert (printed.out, f"[{code}]" in printed.err) == ("", True)


def test_a_file_of_fifty_megabytes_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.json"
    with path.open("wb") as file:
        file.truncate(50_000_000)

    assert main(["score", "--answers", str(path)]) == 2
    assert "[file.too-large]" in capsys.readouterr().err


@pytest.mark.parametrize("date", ["2026-02-30", "20260301", "2026-W09-1", "1 March"])
def test_a_flag_that_is_no_date_is_refused(
    tmp_path: Path, date: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["score", "--answers", eu_answers(tmp_path), "--date", date])

    assert stopped.value.code == 2
    assert f"{date} is not a date such as 2026-03-01" in capsys.readouterr().err


# check_instrument


def test_check_instrument_counts_what_is_sound(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check_instrument", str(small), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "instrument": "small",
        "version": "1.0",
        "areas": 2,
        "questions": 11,
        "profiles": {"workshop": 11, "office": 10},
        "languages": ["en", "it"],
    }

    assert main(["check_instrument", str(small)]) == 0
    assert "small@1.0: 11 questions in 2 areas, no mistakes." in capsys.readouterr().out


def test_check_instrument_names_every_mistake_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_instrument(tmp_path / "x", SMALL.replace("weight: 2", "weight: two"), "ord: Orders\n")

    assert main(["check_instrument", str(folder), "--json"]) == 2

    printed = capsys.readouterr()
    lines = printed.err.splitlines()
    assert printed.out == ""
    assert lines[0].startswith(f"{folder / 'instrument.yaml'}:17: mac.care: weight: ")
    assert len([line for line in lines if line.endswith("[words.missing-word]")]) == 2 * 18


def test_check_instrument_refuses_a_folder_that_is_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check_instrument", str(tmp_path / "nowhere")]) == 2
    assert "[file.not-found]" in capsys.readouterr().err


# export_dma


@pytest.mark.parametrize(("instrument", "columns"), [(SME, 90), (PSO, 101)], ids=["sme", "pso"])
def test_export_dma_writes_a_row_that_every_spreadsheet_reads(
    tmp_path: Path, instrument: object, columns: int, capsys: pytest.CaptureFixture[str]
) -> None:
    which = SME if instrument is SME else PSO
    answers = eu_answers(tmp_path, instrument=which.code, answers=jsonable(nothing(which)))
    company = write_json(tmp_path / "company.json", COMPANY)

    code = main(["export_dma", "--answers", answers, "--company", company, "-o", str(tmp_path / "out.csv")])

    data = (tmp_path / "out.csv").read_bytes()
    text = data.decode("utf-8-sig")
    header, row = csv.reader(text.splitlines())
    assert (code, capsys.readouterr().err) == (0, "")
    assert data.startswith(b'\xef\xbb\xbf"time_point","maturity_assessment_date",')
    assert text.count("\r\n") == 2
    assert (len(header), len(row)) == (columns, columns)
    assert row[:5] == ["T0", "03/01/2026", COMPANY["name"], "00743110157", "0|0" if which is SME else "0"]


@pytest.mark.parametrize(
    ("company", "answers", "output", "codes"),
    [
        ({"name": "Rossi", "vat": "00743110158"}, {}, "out.csv", ["company.vat"]),
        (
            {},
            {"stage": "T9"},
            "nowhere/out.csv",
            ["output.not-writable", "company.missing-key", "answers.stage"],
        ),
        (COMPANY, {}, ".", ["output.not-writable"]),
        (
            COMPANY,
            {"instrument": "digital-maturity", "answers": {}, "date": None},
            "out.csv",
            ["dma.no-layout"],
        ),
        (
            COMPANY,
            {"answers": {"q2": {"not_applicable": "why not"}}},
            "out.csv",
            ["answers.not-applicable-refused"],
        ),
    ],
)
def test_export_dma_refuses_and_writes_nothing(
    tmp_path: Path,
    company: object,
    answers: dict[str, object],
    output: str,
    codes: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    files = [
        "--answers",
        eu_answers(tmp_path, **answers),
        "--company",
        write_json(tmp_path / "c.json", company),
    ]
    before = sorted(tmp_path.iterdir())

    assert main(["export_dma", *files, "-o", str(tmp_path / output)]) == 2

    printed = capsys.readouterr()
    assert [line.rpartition("[")[2].rstrip("]") for line in printed.err.splitlines()] == codes
    assert (printed.out, sorted(tmp_path.iterdir())) == ("", before)


def test_a_refused_export_leaves_the_file_of_before(tmp_path: Path) -> None:
    output = tmp_path / "out.csv"
    output.write_text("of before")
    company = write_json(tmp_path / "c.json", {"name": "Rossi", "vat": "1"})

    assert (
        main(["export_dma", "--answers", eu_answers(tmp_path), "--company", company, "-o", str(output)]) == 2
    )
    assert output.read_text() == "of before"


# All of them


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([command, "--help"])

    assert stopped.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: capofila {command}")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_without_its_arguments_is_refused(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([command])

    assert stopped.value.code == 2
    assert "required" in capsys.readouterr().err


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True, encoding="utf-8", env={**os.environ, **environment}, timeout=60, check=False,
    )  # fmt: skip


def test_score_starts_without_what_it_does_not_use(tmp_path: Path) -> None:
    done = run("-X", "importtime", "-m", "capofila", "score", "--answers", eu_answers(tmp_path), "--json")

    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert json.loads(done.stdout)["overall"]["score"] == 100.0
    assert "yaml" in imported
    assert not imported & {"django", "openpyxl", "typst", "PIL", "rapidfuzz", "stdnum", "numpy"}


def test_output_is_utf_8_whatever_the_terminal_says(tmp_path: Path) -> None:
    answers = eu_answers(tmp_path, answers={})

    done = run("-m", "capofila", "score", "--answers", answers, PYTHONIOENCODING="ascii")

    assert (done.returncode, done.stderr) == (0, "")
    assert "–" in done.stdout


def test_a_refusal_in_a_process_of_its_own_has_exit_code_2(tmp_path: Path) -> None:
    done = run("-m", "capofila", "score", "--answers", str(tmp_path / "nowhere.json"))

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"{tmp_path / 'nowhere.json'}: There is no such file. [file.not-found]\n"


def test_a_database_without_tables_is_said_so_and_nothing_is_traced(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "capofila", "verify_journal"],
        env={**os.environ, "CAPOFILA_DATA": str(tmp_path / "new"), "DATABASE_URL": ""},
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
    assert "[database.not-migrated]" in ended.stderr
