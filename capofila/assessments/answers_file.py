"""An answers file of the public contract (docs/formats.md) as a `Submission`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeVar

from capofila.assessments.rules import sheet
from capofila.assessments.rules.answers import Answers, read_answers
from capofila.instruments import library
from capofila.instruments.rules.shape import Instrument
from capofila.lib import sources, tables
from capofila.lib.checking import Checker
from capofila.lib.problems import Place, Problem, gettext_noop, refuse_if
from capofila.lib.sources import Node

KEYS = ("instrument", "version", "profile", "stage", "date", "language", "answers")
STAGES = ("T0", "T1", "T2")
Said = TypeVar("Said", str, date)
TABLES = (".csv", ".xlsx")  # what does not name its instrument itself
SUFFIXES = (".json", ".yaml", ".yml", ".csv", ".xlsx")


@dataclass(frozen=True)
class Facts:
    """What is said of an assessment outside its answers; None where nothing is said."""

    instrument: str | None = None
    version: str | None = None
    profile: str | None = None
    stage: str | None = None
    day: date | None = None
    language: str | None = None


@dataclass(frozen=True)
class Shown:
    """A photo or document that was given for an answer, as the report lists it."""

    name: str
    received_on: date
    effective_on: date | None  # the day the paper is from
    sha256: str


@dataclass(frozen=True)
class Submission:
    """One whole answers file: pinned instrument, profile (None where it has none), answers."""

    file: str
    instrument: Instrument
    name: str  # under which `library` finds the instrument's words
    profile: str | None
    stage: str | None
    day: date | None
    language: str | None
    answers: Answers
    evidence: Mapping[str, Sequence[Shown]] = field(default_factory=dict)  # by question; none in a file


def read(path: Path, flags: Facts = Facts(), company_profile: str | None = None) -> Submission:
    """Read an answers file; what it does not carry comes from `flags`.

    Raises `Problem` or `Refused` for anything wrong in it, and when file and flags disagree.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise Problem(
            "file.kind",
            gettext_noop("The file ends in {suffix}; expected one of {known}."),
            at=Place(str(path)),
            suffix=path.suffix or "nothing",
            known=", ".join(SUFFIXES),
        )
    if suffix in {".csv", ".xlsx"}:
        table = tables.read_table(path, sheet.HEADER, "answers")
        return _submission(path, Facts(), None, table, flags, company_profile, [])
    problems: list[Problem] = []
    tree = sources.read_tree(path, problems)
    facts, answers = _FactsReader(str(path), "answers", problems).read(tree)
    return _submission(path, facts, answers, None, flags, company_profile, problems)


def _submission(
    path: Path,
    said: Facts,
    answers: Node | None,
    table: tables.Table | None,
    flags: Facts,
    company_profile: str | None,
    problems: list[Problem],
) -> Submission:
    file = str(path)
    if said.instrument is None and flags.instrument is None:
        problems.append(
            Problem(
                "answers.no-instrument",
                gettext_noop("The file does not say which instrument it answers; expected --instrument."),
                at=Place(file),
            )
        )
        refuse_if(problems)
    name = _name(said, flags)
    try:
        instrument = library.load(name)
        for facts in (said, flags):
            _check_named(instrument, facts, file, problems)
    except Problem as problem:
        problems.append(_placed(problem, file))
        refuse_if(problems)
        raise
    profile = _one(file, "profile", said.profile, flags.profile, company_profile, problems=problems)
    profile = _known_profile(instrument, profile, file, problems)
    stage = _one(file, "stage", said.stage, flags.stage, problems=problems)
    day = _one(file, "date", said.day, flags.day, problems=problems)
    if table is not None:
        answers = sheet.as_tree(table, instrument, problems)
    read_ = read_answers(answers or Node({}), file, instrument, profile, problems)
    refuse_if(problems)
    return Submission(file, instrument, name, profile, stage, day, said.language, read_)


class _FactsReader(Checker):
    def read(self, tree: Node) -> tuple[Facts, Node | None]:
        keys = self.mapping(tree, KEYS, ("instrument", "answers"))
        day = keys.get("date")
        if day is not None and not day.is_null and day.day is None:
            self.expected("a date such as 2026-03-01", day, "date", "date")
        return Facts(
            instrument=self.text(keys.get("instrument"), "instrument") or None,
            version=self.version(keys.get("version")),
            profile=self.word(keys.get("profile"), "profile"),
            stage=self.stage(keys.get("stage")),
            day=day.day if day is not None else None,
            language=self.word(keys.get("language"), "language"),
        ), keys.get("answers")

    def stage(self, node: Node | None) -> str | None:
        if node is None or node.is_null:
            return None
        return self.choice(node, "stage", STAGES, default="", code="stage") or None

    def version(self, node: Node | None) -> str | None:
        if node is None or node.is_null:
            return None
        if node.text is not None:
            return node.text
        if node.number is not None:
            return str(node.value)
        self.expected("a text such as 1.0", node, "version")
        return None

    def word(self, node: Node | None, key: str) -> str | None:
        return None if node is None or node.is_null else self.text(node, key) or None


def _name(said: Facts, flags: Facts) -> str:
    """The instrument by the most exact name given: a folder or a version goes before a bare code."""
    names = [name for name in (said.instrument, flags.instrument) if name is not None]
    for name in names:
        if "@" in name or library.is_folder(name):
            return name
    version = said.version or flags.version
    return names[0] if version is None else f"{names[0]}@{version}"


def _placed(problem: Problem, file: str) -> Problem:
    if problem.at is None:
        problem.at = Place(file, key="instrument")
    return problem


def _check_named(instrument: Instrument, facts: Facts, file: str, problems: list[Problem]) -> None:
    """A problem when these facts name another instrument or another version of it."""
    if facts.instrument is not None and library.is_folder(facts.instrument):
        named = library.load(facts.instrument).name
    else:
        named = facts.instrument or instrument.code
    code, _, version = named.partition("@")
    for stated in (version, facts.version or ""):
        if code != instrument.code or stated not in {"", instrument.version}:
            other = f"{code}@{stated}" if stated else code
            problems.append(_disagree(file, "instrument", instrument.name, other))
            return


def _one(file: str, key: str, *said: Said | None, problems: list[Problem]) -> Said | None:
    """What file, flags and company say of one thing; a problem when they disagree."""
    given = [value for value in said if value is not None]
    for other in given[1:]:
        if other != given[0]:
            problems.append(_disagree(file, key, given[0], other))
    return given[0] if given else None


def _disagree(file: str, key: str, one: object, other: object) -> Problem:
    return Problem(
        "answers.disagree",
        gettext_noop("The {key} is {one} here and {other} elsewhere; expected the same."),
        at=Place(file, key=key),
        key=key,
        one=one,
        other=other,
    )


def _known_profile(
    instrument: Instrument, profile: str | None, file: str, problems: list[Problem]
) -> str | None:
    """The profile, where the instrument has any; a problem when it is missing or not one of them."""
    if not instrument.profiles:
        return None
    if profile in instrument.profiles:
        return profile
    checker = Checker(file, "answers", problems)
    if profile is None:
        checker.add(
            "no-profile",
            gettext_noop("The instrument {instrument} has profiles; expected one of: {known}."),
            None,
            "profile",
            instrument=instrument.name,
            known=", ".join(instrument.profiles),
        )
    else:
        checker.unknown("unknown-profile", profile, instrument.profiles, None, "profile")
    return None
