"""A file is written whole or not at all."""

import os
from pathlib import Path

import pytest

from capofila.lib import output
from capofila.lib.problems import Problem


def test_a_file_is_replaced_at_once(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old")

    output.write(path, b"new")

    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_name_as_long_as_the_disk_allows_is_written(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 251 + ".csv")

    output.write(path, b"new")

    assert path.read_bytes() == b"new"


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    link = tmp_path / "link.csv"
    link.symlink_to(tmp_path / "a.csv")

    output.write(link, b"new")

    assert link.is_symlink()
    assert (tmp_path / "a.csv").read_bytes() == b"new"


@pytest.mark.parametrize(
    "name", [".", "nowhere/a.csv", "file/a.csv", "x" * 300, "loop", "pipe", "/proc/a.csv"]
)
def test_where_no_file_can_be_written_nothing_is(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("here first")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    os.mkfifo(tmp_path / "pipe")
    before = sorted(tmp_path.iterdir())

    with pytest.raises(Problem) as refused:
        output.write(tmp_path / name, b"new")

    assert refused.value.code == "output.not-writable"
    assert sorted(tmp_path.iterdir()) == before
    assert (tmp_path / "pipe").is_fifo()
