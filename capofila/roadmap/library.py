"""Where improvement actions are found: our own, then those in a hub's folder (`CAPOFILA_ACTIONS`).

A library is a folder named after its instrument, `<code>-<version>/`: `library.yaml`, a file of
actions per area, and their words per area and language. An instrument without a library has an
empty one: nothing can be proposed for it, and nothing else changes.
"""

import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from capofila.companies.rules.size import CLASSES
from capofila.instruments import library as instruments
from capofila.instruments.rules.shape import Instrument
from capofila.lib import sources
from capofila.lib.checking import Checker
from capofila.lib.problems import Place, Problem, gettext_noop, refuse_if
from capofila.lib.sources import Node
from capofila.roadmap import goals
from capofila.roadmap.rules import checks, packs, reading, weights, wording
from capofila.roadmap.rules.reading import Known, Placed
from capofila.roadmap.rules.shape import ActionWords, GoalPack, Library, LibraryWords
from capofila.roadmap.rules.weights import Weights

OURS = Path(__file__).resolve().parent / "data"
RELEASED = OURS / "RELEASED"  # "sha256  path" of every released file
KEYS = ("instrument", "version", "source", "languages")
PACKS_FOR = "digital-maturity"  # the instrument whose questions data/goals.yaml names


def folders() -> list[Path]:
    """Where to look, ours first."""
    hub = os.environ.get("CAPOFILA_ACTIONS")
    return [OURS, *([Path(hub)] if hub else [])]


def find(instrument: str) -> Path | None:
    """The folder of an instrument's library; None where it has none. `instrument` as `instruments.find`."""
    found = instruments.load(instrument)
    for folder in folders():
        directory = folder / f"{found.code}-{found.version}"
        if (directory / "library.yaml").is_file():
            return directory
    return None


@lru_cache(maxsize=16)
def load(instrument: str) -> Library:
    """The actions for an instrument. Raises `Problem` or `Refused` when their files are not sound."""
    directory = find(instrument)
    asked = instruments.load(instrument)
    if directory is None:
        return Library(asked.name)
    problems: list[Problem] = []
    library, placed = _read(directory, asked, problems)
    checks.check_prerequisites(placed, problems)
    refuse_if(problems)
    return library


@lru_cache(maxsize=16)
def words(instrument: str, language: str) -> LibraryWords:
    """The texts of an instrument's actions in one language. Raises `Problem` when there are none in it."""
    directory, library = find(instrument), load(instrument)
    if directory is None:
        return LibraryWords(language)
    if language not in library.languages:
        raise Problem(
            "actions.no-language",
            gettext_noop(
                "The actions for {instrument} have no words in {language}; expected one of: {known}."
            ),
            instrument=library.instrument,
            language=language,
            known=", ".join(library.languages),
        )
    problems: list[Problem] = []
    spoken: dict[str, ActionWords] = {}
    for _, read in _read_words(directory, language, library, instruments.load(instrument), problems):
        spoken.update(read)
    refuse_if(problems)
    return LibraryWords(language, spoken)


@lru_cache(maxsize=16)
def goal_packs(instrument: str) -> dict[str, GoalPack]:
    """What each goal requires of the answers to an instrument; nothing of any but our own questionnaire."""
    asked = instruments.load(instrument)
    if asked.code != PACKS_FOR:
        return {}
    problems: list[Problem] = []
    read = _read_packs(asked, problems)
    refuse_if(problems)
    return read


def _read_packs(asked: Instrument, problems: list[Problem]) -> dict[str, GoalPack]:
    tree = sources.read_tree(goals.FILE, problems)
    return packs.read_packs(tree, str(goals.FILE), asked, goals.LANGUAGES, problems)


@lru_cache(maxsize=4)
def named(kind: str) -> dict[str, dict[str, str]]:
    """`technologies` or `service-areas`: code -> language -> name, in the order of the official list."""
    keys = sources.read_tree(OURS / f"{kind}.yaml").mapping or {}
    return {
        code: {language: text.text or "" for language, text in (node.mapping or {}).items()}
        for code, node in (keys[kind].mapping or {}).items()
    }


@lru_cache(maxsize=1)
def default_weights() -> Weights:
    """How priorities are weighted unless a hub says otherwise (data/weights.yaml)."""
    return read_weights(OURS / "weights.yaml")


def read_weights(file: Path) -> Weights:
    """Raises `Problem` or `Refused` for a file that is not sound."""
    problems: list[Problem] = []
    read = weights.read_weights(sources.read_tree(file, problems), str(file), problems)
    refuse_if(problems)
    return read


def check(directory: Path) -> tuple[Library, list[Problem]]:
    """Every mistake in a library's files, and the library as far as it could be read."""
    problems: list[Problem] = []
    asked = _named_instrument(directory, problems)
    library, placed = _read(directory, asked, problems)
    checks.check_library(asked, placed, str(directory), problems)
    spoken: dict[str, dict[str, tuple[ActionWords, str]]] = {}
    for language in library.languages:
        spoken[language] = {
            code: (texts, str(file))
            for file, read in _read_words(directory, language, library, asked, problems)
            for code, texts in read.items()
        }
        users = ((code, texts, file) for code, (texts, file) in spoken[language].items())
        wording.check_steps(users, problems)
    wording.check_languages(spoken, problems)
    if asked.code == PACKS_FOR:
        _read_packs(asked, problems)
    return library, [*problems, *changed_releases(directory)]


def _named_instrument(directory: Path, problems: list[Problem]) -> Instrument:
    """The instrument that library.yaml names; without it nothing else can be checked."""
    file = directory / "library.yaml"
    if not file.is_file():
        raise Problem(
            "actions.not-found",
            gettext_noop("The folder holds no library.yaml; expected one."),
            at=Place(str(directory)),
        )
    keys = sources.read_tree(file).mapping or {}
    name = Checker(str(file), "actions", problems).text(keys.get("instrument"), "instrument")
    try:
        return instruments.load(name)
    except Problem as problem:
        problem.at = Place(str(file), line=keys["instrument"].line if "instrument" in keys else None)
        raise


def _read(directory: Path, asked: Instrument, problems: list[Problem]) -> tuple[Library, list[Placed]]:
    file = directory / "library.yaml"
    checker = Checker(str(file), "actions", problems)
    keys = checker.mapping(sources.read_tree(file, problems), KEYS, KEYS)
    named_instrument = checker.text(keys.get("instrument"), "instrument")
    if named_instrument not in {asked.name, asked.code}:
        checker.expected(asked.name, keys.get("instrument", Node(None)), "instrument", "instrument")
    known = Known(
        asked, tuple(goals.goals()), tuple(named("technologies")), tuple(named("service-areas")), CLASSES
    )
    placed: list[Placed] = []
    for area in asked.areas:
        path = directory / f"{area}.yaml"
        tree = _tree(path, problems) if path.is_file() else None
        if tree is not None:
            placed += reading.read_area(area, tree, str(path), known, problems)
    library = Library(
        instrument=asked.name,
        version=checker.text(keys.get("version"), "version"),
        source=checker.text(keys.get("source"), "source"),
        languages=checker.codes(keys.get("languages"), "languages"),
        actions=tuple(found.action for found in placed),
    )
    return library, placed


def _read_words(
    directory: Path, language: str, library: Library, asked: Instrument, problems: list[Problem]
) -> Iterator[tuple[Path, dict[str, ActionWords]]]:
    """The words of each area that has actions, with their file."""
    for area in asked.areas:
        codes = [action.code for action in library.actions if action.area == area]
        path = directory / f"{area}.{language}.yaml"
        if codes:
            tree = _tree(path, problems)
            if tree is None:
                continue
            yield path, wording.read_words(tree, str(path), language, codes, asked.profiles, problems)


def _tree(path: Path, problems: list[Problem]) -> Node | None:
    """The file's tree; None, and a problem, where it cannot be read at all."""
    try:
        return sources.read_tree(path, problems)
    except Problem as problem:
        problems.append(problem)
        return None


def changed_releases(directory: Path | None = None) -> Iterator[Problem]:
    """A problem for each released file of ours that changed or is gone; of one library, or of all."""
    for line in RELEASED.read_text(encoding="utf-8").split("\n"):
        if not line:
            continue
        expected, _, path = line.partition("  ")
        file = OURS / path
        if directory is not None and file.parent != directory.resolve():
            continue
        if not file.is_file() or instruments.checksum(file) != expected:
            yield Problem(
                "actions.released-changed",
                gettext_noop(
                    "The file is released and may not change; expected its checksum to be {expected}."
                ),
                at=Place(str(file)),
                expected=expected,
            )


def release(directory: Path) -> list[str]:
    """Release a library of ours: from now on its files may not change; those that are released anew.

    Raises `Refused` with every mistake of its files, and `Problem` for a folder that is not ours.
    """
    _found, problems = check(directory)
    refuse_if(problems)
    if directory.resolve().parent != OURS:
        raise Problem(
            "actions.not-ours",
            gettext_noop("Only a folder of Capofila’s own is released; expected one in {ours}."),
            at=Place(str(directory)),
            ours=str(OURS),
        )
    known = dict(line.split("  ")[::-1] for line in RELEASED.read_text(encoding="utf-8").split("\n") if line)
    files = {f"{directory.resolve().name}/{file.name}": file for file in directory.glob("*.yaml")}
    new = {path: instruments.checksum(file) for path, file in sorted(files.items()) if path not in known}
    lines = [f"{checksum}  {path}\n" for path, checksum in sorted({**known, **new}.items())]
    RELEASED.write_text("".join(lines), encoding="utf-8")
    return list(new)
