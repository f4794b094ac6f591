"""The chapter on what changed: the figures of the comparison, in both languages, and what it refuses."""

from pathlib import Path

import pytest

from capofila import reports
from capofila.__main__ import main
from capofila.assessments import answers_file
from capofila.assessments.answers_file import Submission
from capofila.assessments.comparing import compared
from capofila.companies import company_file
from capofila.companies.company_file import CompanyFacts
from capofila.lib.document import Chapter, Heading, Table
from capofila.reports.compose import compose
from capofila.roadmap.goals import goals

FILES = Path(reports.__file__).parent.parent / "desk" / "demo"  # files, not code of a later room
LANGUAGES = ("it", "en")


@pytest.fixture
def company() -> CompanyFacts:
    return company_file.read(FILES / "company.yaml", goals())


def answers(name: str, company: CompanyFacts) -> Submission:
    return answers_file.read(FILES / name, company_profile=company.profile)


def chapter(company: CompanyFacts, language: str, before: Submission, after: Submission) -> Chapter:
    made = compose(after, company, language, before=before)
    return next(chapter for chapter in made.chapters if chapter.key == "comparison")


def tables(chapter: Chapter) -> list[Table]:
    found = []
    for block in chapter.blocks:
        inner = getattr(block, "blocks", [block])
        found += [one for one in inner if isinstance(one, Table)]
    return found


def test_a_report_without_an_earlier_assessment_has_no_such_chapter(company: CompanyFacts) -> None:
    made = compose(answers("answers.yaml", company), company, "en")

    assert "comparison" not in [chapter.key for chapter in made.chapters]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_figures_are_those_of_the_comparison(company: CompanyFacts, language: str) -> None:
    before, after = answers("answers.yaml", company), answers("answers-t1.yaml", company)
    found = compared(before, after)

    made = chapter(company, language, before, after)
    areas, dimensions, risen, fallen = tables(made)

    assert made.title.count("2.30" if language == "en" else "2,30") == 1
    assert areas.foot is not None
    assert areas.foot[1:] == (["2.30", "2.53", "+0.23"] if language == "en" else ["2,30", "2,53", "+0,23"])
    assert (len(areas.rows), len(dimensions.rows)) == (10, 4)
    assert (len(risen.rows), len(fallen.rows)) == (10, 1)
    assert len(found.changed) == 25


def test_both_languages_have_the_same_headings(company: CompanyFacts) -> None:
    before, after = answers("answers.yaml", company), answers("answers-t1.yaml", company)

    counts = [
        sum(isinstance(one, Heading) for block in chapter(company, language, before, after).blocks
            for one in getattr(block, "blocks", [block]))
        for language in LANGUAGES
    ]  # fmt: skip

    assert counts[0] == counts[1] == 5


def test_nothing_changed_is_said_so(company: CompanyFacts) -> None:
    same = answers("answers.yaml", company)

    made = chapter(company, "en", same, same)

    assert made.title == "At 2.31, as at the first assessment"
    assert len(tables(made)) == 2


def test_files_that_do_not_belong_together_leave_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "report.pdf"
    said = ["report", "--company", str(FILES / "company.yaml"), "-o", str(out)]

    for after, before in (("answers.yaml", "answers-t1.yaml"), ("answers.yaml", "eu-answers.yaml")):
        assert main([*said, "--answers", str(FILES / after), "--before", str(FILES / before)]) == 2

    assert not out.exists()
    refused = capsys.readouterr().err
    assert "comparison.order" in refused
    assert "comparison.other-instrument" in refused
