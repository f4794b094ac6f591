"""Where instruments are found, and whether their folders are sound."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from capofila.instruments import library
from capofila.instruments.tests.builders import SMALL, WORDS, write_instrument
from capofila.lib.problems import Problem, Refused


@pytest.fixture(autouse=True)
def _forget_instruments() -> Iterator[None]:
    library.load.cache_clear()
    library.words.cache_clear()
    yield
    library.load.cache_clear()
    library.words.cache_clear()


def codes(folder: Path) -> list[str]:
    return [problem.code for problem in library.check(folder)[1]]


def test_a_sound_folder_has_no_mistakes(tmp_path: Path) -> None:
    folder = write_instrument(tmp_path / "small-1.0")

    assert codes(folder) == []
    assert library.languages(folder) == ["en", "it"]


def test_mistakes_of_all_files_are_reported_at_once(tmp_path: Path) -> None:
    folder = write_instrument(tmp_path, SMALL.replace("weight: 2", "weight: two"))
    (folder / "words.it.yaml").write_text(WORDS.replace('low: "Low"\n', ""), encoding="utf-8")
    (folder / "words.de.yaml").write_bytes(b"ord: M\xe4rz")

    _, problems = library.check(folder)

    assert [(problem.code, Path(problem.at.file).name) for problem in problems if problem.at] == [
        ("instrument.not-a-number", "instrument.yaml"),
        ("file.not-utf-8", "words.de.yaml"),
        ("words.missing-word", "words.it.yaml"),
    ]


def test_an_instrument_without_words_is_refused(tmp_path: Path) -> None:
    assert codes(write_instrument(tmp_path, languages=())) == ["words.none"]


def test_the_words_of_one_language_are_enough(tmp_path: Path) -> None:
    assert codes(write_instrument(tmp_path, languages=("it",))) == []


def test_a_hub_has_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_instrument(tmp_path / "small-1.0")
    write_instrument(tmp_path / "small-1.10", SMALL.replace('"1.0"', '"1.10"'))
    write_instrument(tmp_path / "small-1.9", SMALL.replace('"1.0"', '"1.9"'))
    monkeypatch.setenv("CAPOFILA_INSTRUMENTS", str(tmp_path))

    newest, pinned = library.load("small"), library.load("small@1.9")

    assert (newest.version, pinned.version) == ("1.10", "1.9")
    assert library.words("small@1.0", "it").names["ord"] == "Orders"


def test_an_instrument_is_named_by_its_folder(tmp_path: Path) -> None:
    folder = write_instrument(tmp_path / "anything")

    assert library.load(str(folder)).name == "small@1.0"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("digital-maturty", "instrument.unknown"),
        ("", "instrument.unknown"),
        ("x" * 5000, "instrument.unknown"),
        ("eu-dma-sme@9.9", "instrument.unknown-version"),
        ("./nowhere", "instrument.not-found"),
        ("/" + "x" * 5000, "instrument.not-found"),
    ],
)
def test_an_unknown_name_is_refused(name: str, code: str) -> None:
    with pytest.raises(Problem) as refused:
        library.load(name)

    assert refused.value.code == code


def test_the_nearest_known_instrument_is_named() -> None:
    with pytest.raises(Problem) as refused:
        library.load("eu-dma-sm")

    assert refused.value.facts["meant"] == "eu-dma-sme"


def test_an_unsound_instrument_is_refused_when_it_is_loaded(tmp_path: Path) -> None:
    folder = write_instrument(tmp_path, SMALL.replace("weight: 2", "weight: two"))

    with pytest.raises(Refused, match="not-a-number"):
        library.load(str(folder))


def test_words_in_a_language_nobody_wrote_are_refused(tmp_path: Path) -> None:
    folder = write_instrument(tmp_path)

    with pytest.raises(Problem) as refused:
        library.words(str(folder), "de")

    assert (refused.value.code, refused.value.facts["known"]) == ("instrument.no-language", "en, it")


def test_our_released_files_have_not_changed() -> None:
    assert [str(problem) for problem in library.changed_releases()] == []


def test_a_released_file_that_changed_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_instrument(tmp_path / "small-1.0")
    released = tmp_path / "RELEASED"
    released.write_text(
        "".join(f"{library.checksum(file)}  small-1.0/{file.name}\n" for file in sorted(folder.iterdir())),
        encoding="utf-8",
    )
    monkeypatch.setattr(library, "OURS", tmp_path)
    monkeypatch.setattr(library, "RELEASED", released)
    assert codes(folder) == []

    (folder / "words.en.yaml").write_text(WORDS + "# one line more\n", encoding="utf-8")
    (folder / "words.it.yaml").unlink()

    changed = [problem for problem in library.check(folder)[1] if problem.at]
    assert [(problem.code, Path(problem.at.file).name) for problem in changed if problem.at] == [
        ("instrument.released-changed", "words.en.yaml"),
        ("instrument.released-changed", "words.it.yaml"),
    ]


@pytest.mark.parametrize(
    "directory", sorted(path.parent.name for path in library.OURS.glob("*/instrument.yaml"))
)
def test_our_instruments_have_no_mistakes(directory: str) -> None:
    assert [str(problem) for problem in library.check(library.OURS / directory)[1]] == []
