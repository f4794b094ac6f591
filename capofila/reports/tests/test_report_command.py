"""The main job, whole: answers and company in, a PDF out, from the command line."""

import hashlib
import json
from pathlib import Path

import page
import pikepdf
import pypdfium2
import pytest

from capofila.__main__ import main
from capofila.assessments.rules.answers import jsonable
from capofila.reports.tests.builders import make_submission, varied

COMPANY = {
    "name": "Tessitura Lariomonte S.r.l.",
    "vat": "IT00743110157",
    "employees": 46,
    "turnover_eur": "7800000",
    "goals": ["lower-costs", "security"],
    "profile": "manufacturing",
}
HOSTILE = (
    "<b>x</b> #set text(red) *grassetto* _c_ $e^x$ @rif \\n `codice` {x} %s \x07 [link](http://localhost)"
)


def files(folder: Path, *, company: dict[str, object] | None = None, **answers: object) -> list[str]:
    """The two files of a full interview, as arguments."""
    submission = make_submission(varied(1), notes=True)
    document = {
        "instrument": "digital-maturity",
        "profile": "manufacturing",
        "stage": "T0",
        "date": "2026-03-01",
        "answers": jsonable(submission.answers),
        **answers,
    }
    (folder / "answers.json").write_text(json.dumps(document), encoding="utf-8")
    (folder / "company.json").write_text(json.dumps(company or COMPANY), encoding="utf-8")
    return ["--answers", str(folder / "answers.json"), "--company", str(folder / "company.json")]


def report(folder: Path, *arguments: str, name: str = "report.pdf") -> Path:
    out = folder / name
    assert main(["report", *arguments, "-o", str(out)]) == 0
    return out


def text_of(pdf: Path) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "\n".join(document[index].get_textpage().get_text_range() for index in range(len(document)))


@pytest.mark.slow
@pytest.mark.parametrize("language", ["it", "en"])
def test_a_full_interview_makes_a_sound_report(tmp_path: Path, language: str) -> None:
    out = report(tmp_path, *files(tmp_path), "--language", language)

    pages = len(pypdfium2.PdfDocument(out))
    failures = [
        failure.rule_id
        for profile in ("ua1", "pdfa-3a")
        for failure in page.validate_pdf(str(out), profile=profile).failures
        if "STREAM-LENGTH" not in failure.rule_id  # a false alarm of this one rule
    ]
    assert 55 <= pages <= 68
    assert failures == []


@pytest.mark.slow
def test_the_same_files_make_the_same_bytes(tmp_path: Path) -> None:
    arguments = files(tmp_path)

    one, other = (report(tmp_path, *arguments, name=name) for name in ("one.pdf", "other.pdf"))

    assert hashlib.sha256(one.read_bytes()).digest() == hashlib.sha256(other.read_bytes()).digest()


@pytest.mark.slow
def test_the_answers_travel_inside_and_score_the_same(tmp_path: Path) -> None:
    out = report(tmp_path, *files(tmp_path))

    with pikepdf.open(out) as pdf:
        attached = json.loads(pdf.attachments["answers.json"].get_file().read_bytes())

    sent = json.loads((tmp_path / "answers.json").read_text(encoding="utf-8"))
    assert attached["answers"] == sent["answers"]
    assert attached["version"] == "1.0"


@pytest.mark.slow
def test_markup_in_names_and_notes_is_printed_not_run(tmp_path: Path) -> None:
    answers = {"prd.tracking": {"value": 2, "note": HOSTILE}, "mnt.spares": {"not_applicable": HOSTILE}}
    arguments = files(
        tmp_path, company={**COMPANY, "name": "Rossi & <i>Figli</i> #1 *S.r.l.*"}, answers=answers
    )

    text = text_of(report(tmp_path, *arguments))

    assert "<b>x</b> #set text(red) *grassetto* _c_ $e^x$" in " ".join(text.split())
    assert "Rossi & <i>Figli</i> #1 *S.r.l.*" in " ".join(text.split())
    assert "\x07" not in text


@pytest.mark.parametrize(
    ("name", "code"), [("report.txt", "report.format"), ("nowhere/report.pdf", "output.not-writable")]
)
def test_a_report_that_cannot_be_written_is_refused_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, code: str
) -> None:
    exit_code = main(["report", *files(tmp_path), "-o", str(tmp_path / name)])

    assert exit_code == 2
    assert code in capsys.readouterr().err
    assert sorted(file.name for file in tmp_path.iterdir()) == ["answers.json", "company.json"]


def test_the_profile_of_the_company_serves_where_the_answers_give_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = files(tmp_path, company={**COMPANY, "profile": "services"})

    exit_code = main(["report", *arguments, "-o", str(tmp_path / "report.pdf")])

    # The file says manufacturing, the company services.
    assert exit_code == 2
    assert "answers.disagree" in capsys.readouterr().err
