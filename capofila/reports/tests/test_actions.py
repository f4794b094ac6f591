import os
import signal
import sys
import time
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from capofila.assessments import actions as assessments
from capofila.assessments.models import Assessment
from capofila.assessments.tests.entries import ALICE, make_assessment, said
from capofila.companies.tests.builders import NOON
from capofila.instruments import library
from capofila.lib.problems import Problem
from capofila.reports import actions, background
from capofila.reports.models import Report, file_of
from capofila.reports.tests.test_pages import files_in

pytestmark = pytest.mark.django_db
SLEEPING = (sys.executable, "-c", "import time; time.sleep(60)")


def answered(level: int = 3) -> Assessment:
    """An assessment in which every question has the same level."""
    assessment = make_assessment()
    entries = [said(level, question=question.code) for question in library.load(assessment.name).questions]
    assessments.receive(assessment, entries, author=ALICE, at=NOON)
    return assessment


def wait_until(done: object) -> None:
    for _ in range(200):
        if done():  # type: ignore[operator]
            return
        time.sleep(0.05)
    pytest.fail("waited ten seconds")


@pytest.mark.slow
def test_a_report_is_kept_with_its_bytes_and_facts(data_folder: Path) -> None:
    report = actions.make(answered(), "it", at=NOON)

    data = report.file.read_bytes()
    assert files_in(data_folder / "reports") == sorted(
        file_of(sha256, form) for form, sha256 in report.checksums.items()
    )
    assert sorted(report.checksums) == ["docx", "html", "json", "pdf"]
    assert (report.size, report.state) == (len(data), Report.State.READY)
    with pikepdf.open(BytesIO(data)) as pdf:
        assert report.pages == len(pdf.pages)


@pytest.mark.slow
def test_the_same_data_give_the_report_that_is_there(data_folder: Path) -> None:
    assessment = answered()
    first = actions.make(assessment, "it", at=NOON)

    again = actions.make(assessment, "it", at=NOON)

    assert again == first
    assert len(files_in(data_folder / "reports")) == 4


@pytest.mark.slow
def test_the_same_data_give_the_same_bytes_when_the_file_was_lost() -> None:
    assessment = answered()
    first = actions.make(assessment, "it", at=NOON)
    first.file.unlink()

    again = actions.make(assessment, "it", at=NOON)

    assert (again.sha256, again.pk != first.pk) == (first.sha256, True)
    assert again.file.is_file()


@pytest.mark.slow
def test_a_changed_answer_makes_a_new_report_that_replaces_the_old_one() -> None:
    assessment = answered()
    first = actions.make(assessment, "it", at=NOON)
    holding = assessment.entries.get(question="str.costing")
    assessments.receive(assessment, [said(5, replaces=(holding.pk,))], author=ALICE, at=NOON)

    assert actions.up_to_date(assessment, "it") is None
    second = actions.make(assessment, "it", at=NOON)

    first.refresh_from_db()
    assert (first.state, second.state) == (Report.State.SUPERSEDED, Report.State.READY)
    assert second.sha256 != first.sha256


@pytest.mark.slow
def test_a_report_that_cannot_be_written_leaves_no_file_and_no_row(data_folder: Path) -> None:
    data_folder.mkdir()
    (data_folder / "reports").write_text("in the way")

    with pytest.raises((Problem, OSError)):
        actions.make(answered(), "it", at=NOON)

    assert not Report.objects.exists()
    assert files_in(data_folder) == [data_folder / "reports"]


def test_a_language_without_words_makes_no_report(data_folder: Path) -> None:
    with pytest.raises((Problem, OSError)):
        actions.make(answered(), "fr", at=NOON)

    assert not Report.objects.exists()
    assert files_in(data_folder) == []


def test_a_report_is_made_by_one_process_at_a_time(data_folder: Path) -> None:
    assessment = make_assessment()
    began = background.begin(assessment, "it", SLEEPING)
    child = background.CHILDREN[-1]
    try:
        again, other_language = (
            background.begin(assessment, "it", SLEEPING),
            background.is_being_made(assessment, "en"),
        )
        making = background.is_being_made(assessment, "it")
    finally:
        child.kill()
        child.wait()

    assert (began, making, again, other_language) == (True, True, False, False)


def test_a_killed_process_leaves_no_report_and_the_next_may_begin(data_folder: Path) -> None:
    assessment = make_assessment()
    background.begin(assessment, "it", SLEEPING)
    child = background.CHILDREN[-1]

    os.kill(child.pid, signal.SIGKILL)
    child.wait()

    assert not background.is_being_made(assessment, "it")
    assert not Report.objects.exists()
    assert [file for file in files_in(data_folder) if file.suffix == ".pdf"] == []


def test_a_process_that_ends_with_a_complaint_is_known_to_have_failed() -> None:
    assessment = make_assessment()
    background.begin(assessment, "it", (sys.executable, "-c", "raise SystemExit('no paper')"))
    background.CHILDREN[-1].wait()

    wait_until(lambda: not background.is_being_made(assessment, "it"))

    assert background.has_failed(assessment, "it")
