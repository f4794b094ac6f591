"""Where instruments are found: our own, then those in a hub's folder (`CAPOFILA_INSTRUMENTS`).

Anywhere an instrument is named, a name is `CODE` (the newest released version),
`CODE@VERSION` or a directory.
"""

import hashlib
import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from capofila.instruments.rules import reading, wording
from capofila.instruments.rules.crosswalk import Crosswalk, identity, read_crosswalk
from capofila.instruments.rules.implied import Implied, read_implied
from capofila.instruments.rules.shape import Instrument, Words
from capofila.lib import sources
from capofila.lib.problems import Place, Problem, gettext_noop, nearest, refuse_if

OURS = Path(__file__).resolve().parent / "data"
RELEASED = OURS / "RELEASED"  # "sha256  path" of every released file


def folders() -> list[Path]:
    """Where to look, ours first."""
    hub = os.environ.get("CAPOFILA_INSTRUMENTS")
    return [OURS, *([Path(hub)] if hub else [])]


def available() -> dict[tuple[str, str], Path]:
    """Directory of every instrument, by code and version."""
    found: dict[tuple[str, str], Path] = {}
    for folder in folders():
        for file in sorted(folder.glob("*/instrument.yaml")):
            code, _, version = file.parent.name.rpartition("-")
            found.setdefault((code, version), file.parent)
    return found


def find(name: str) -> Path:
    """The directory an instrument's name means. Raises `Problem` for an unknown code or version."""
    if is_folder(name):
        if not _holds_instrument(name):
            raise Problem(
                "instrument.not-found",
                gettext_noop("The folder holds no instrument.yaml; expected one."),
                at=Place(name),
            )
        return Path(name)
    code, _, version = name.partition("@")
    known = available()
    versions = sorted((v for c, v in known if c == code), key=_version_key)
    if not versions:
        codes = sorted({c for c, _ in known})
        raise Problem(
            "instrument.unknown",
            gettext_noop("The instrument {code} is not known; did you mean {meant}? Known: {known}."),
            code=code,
            meant=nearest(code, codes) or codes[0],
            known=", ".join(codes),
        )
    if version and version not in versions:
        raise Problem(
            "instrument.unknown-version",
            gettext_noop("The instrument {code} has no version {version}; expected one of: {known}."),
            code=code,
            version=version,
            known=", ".join(versions),
        )
    return known[code, version or versions[-1]]


def is_folder(name: str) -> bool:
    """Whether a name means a folder rather than a code."""
    return "/" in name or os.sep in name or _holds_instrument(name)


def _holds_instrument(folder: str) -> bool:
    try:
        return (Path(folder) / "instrument.yaml").is_file()
    except OSError:  # a name too long for a folder
        return False


def _version_key(version: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isdecimal() else 0 for part in version.split("."))


@lru_cache(maxsize=16)
def load(name: str) -> Instrument:
    """The instrument of that name. Raises `Problem` or `Refused` when its file is not sound."""
    directory = find(name)
    problems: list[Problem] = []
    file = directory / "instrument.yaml"
    instrument = reading.read_instrument(sources.read_tree(file, problems), str(file), problems)
    refuse_if(problems)
    return instrument


@lru_cache(maxsize=16)
def words(name: str, language: str) -> Words:
    """The texts of an instrument in one language. Raises `Problem` when it has none in that language."""
    directory = find(name)
    file = directory / f"words.{language}.yaml"
    if not file.is_file():
        raise Problem(
            "instrument.no-language",
            gettext_noop("{instrument} has no words in {language}; expected one of: {known}."),
            instrument=directory.name,
            language=language,
            known=", ".join(languages(directory)),
        )
    problems: list[Problem] = []
    read = wording.read_words(sources.read_tree(file, problems), str(file), language, load(name), problems)
    refuse_if(problems)
    return read


def spoken(name: str, language: str) -> Words:
    """The words in one language; where there are none in it, in the first there is."""
    known = languages(find(name))
    return words(name, language if language in known or not known else known[0])


def crosswalk(before: str, after: str) -> Crosswalk:
    """What became of each question between two versions of one instrument.

    The file `crosswalk-<old>-<new>.yaml` is looked for beside the two folders and in them; <old> and
    <new> are folder names or bare versions. Raises `Problem` when there is none.
    """
    old, new = load(before), load(after)
    if old == new:
        return identity(new)
    names = (
        f"crosswalk-{old.code}-{old.version}-{new.code}-{new.version}.yaml",
        f"crosswalk-{old.code}-{old.version}-{new.version}.yaml",
        f"crosswalk-{old.version}-{new.version}.yaml",
    )
    places = [folder for name in (after, before) for folder in (find(name), find(name).parent)]
    for folder in dict.fromkeys([*places, *folders()]):
        for name in names:
            if (folder / name).is_file():
                return _read_crosswalk(folder / name, old, new)
    raise Problem(
        "crosswalk.none",
        gettext_noop("There is no crosswalk from {old} to {new}; expected a file {name}."),
        old=old.name,
        new=new.name,
        name=names[0],
    )


def _read_crosswalk(file: Path, old: Instrument, new: Instrument) -> Crosswalk:
    problems: list[Problem] = []
    read = read_crosswalk(sources.read_tree(file, problems), str(file), old, new, problems)
    refuse_if(problems)
    return read


@lru_cache(maxsize=16)
def implied(one: str, other: str) -> Implied | None:
    """What answers to one instrument imply for another; None where no file says."""
    old, new = load(one), load(other)
    name = f"implied-{old.code}-{old.version}-{new.code}-{new.version}.yaml"
    for folder in folders():
        file = folder / name
        if file.is_file():
            problems: list[Problem] = []
            read = read_implied(sources.read_tree(file, problems), str(file), old, new, problems)
            refuse_if(problems)
            return read
    return None


def languages(directory: Path) -> list[str]:
    return sorted(file.name.split(".")[1] for file in directory.glob("words.*.yaml"))


def check(directory: Path) -> tuple[Instrument, list[Problem]]:
    """Every mistake in an instrument's files, and the instrument as far as it could be read."""
    problems: list[Problem] = []
    file = directory / "instrument.yaml"
    instrument = reading.read_instrument(sources.read_tree(file, problems), str(file), problems)
    spoken: dict[str, tuple[Words, str]] = {}
    for language in languages(directory):
        path = directory / f"words.{language}.yaml"
        try:
            tree = sources.read_tree(path, problems)
        except Problem as problem:
            problems.append(problem)
            continue
        spoken[language] = (wording.read_words(tree, str(path), language, instrument, problems), str(path))
    if not languages(directory):
        problems.append(
            Problem(
                "words.none",
                gettext_noop("The folder holds no words file; expected words.<language>.yaml."),
                at=Place(str(directory)),
            )
        )
    wording.check_languages(spoken, problems)
    return instrument, [*problems, *changed_releases(directory)]


def checksum(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def changed_releases(directory: Path | None = None) -> Iterator[Problem]:
    """A problem for each released file of ours that changed or is gone; of one directory, or of all."""
    for line in RELEASED.read_text(encoding="utf-8").split("\n"):
        if not line:
            continue
        expected, _, path = line.partition("  ")
        file = OURS / path
        if directory is not None and file.parent != directory.resolve():
            continue
        if not file.is_file() or checksum(file) != expected:
            yield Problem(
                "instrument.released-changed",
                gettext_noop(
                    "The file is released and may not change; expected its checksum to be {expected}."
                ),
                at=Place(str(file)),
                expected=expected,
            )
