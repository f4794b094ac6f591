from datetime import UTC, datetime
from pathlib import Path

import pytest

from capofila.files import actions
from capofila.files.contents import recognised
from capofila.files.models import Stored
from capofila.files.tests.builders import picture

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.django_db
def test_the_same_bytes_are_stored_once(data_folder: Path) -> None:
    content = actions.prepare(b"notes")

    first, again = actions.store(content, at=NOON), actions.store(content, at=NOON)

    assert first == again
    assert [file.name for file in (data_folder / "files").rglob("*") if file.is_file()] == [first.sha256]
    assert actions.path(first.sha256).read_bytes() == b"notes"


@pytest.mark.django_db
def test_bytes_that_went_missing_are_written_again_when_they_come_again() -> None:
    content = actions.prepare(b"notes")
    stored = actions.store(content, at=NOON)
    actions.path(stored.sha256).unlink()

    actions.store(content, at=NOON)

    assert actions.path(stored.sha256).is_file()
    assert Stored.objects.count() == 1


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(actions.FileEmpty):
        actions.prepare(b"")


def test_a_file_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "LARGEST", 10)

    with pytest.raises(actions.FileTooLarge) as refused:
        actions.prepare(b"x" * 11)

    assert refused.value.status == 413


def test_nothing_is_left_behind_by_a_write_that_fails(
    data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: Path, target: Path) -> Path:
        raise OSError("no space")

    monkeypatch.setattr(Path, "replace", broken)

    with pytest.raises(OSError, match="no space"):
        actions.write(recognised(picture()))
    assert [file for file in (data_folder / "files").rglob("*") if file.is_file()] == []
