"""JSON and YAML files as trees that remember their lines; what could hurt is refused.

Rules of the file contract (docs/formats.md): UTF-8, a BOM and CRLF accepted; YAML scalars are
read as text (`Text`) and typed by the key they stand under; aliases and duplicate keys are
refused. A JSON scalar keeps its own type, so that "3" is not 3.
"""

import json
import re
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NoReturn

import yaml

from capofila.lib.problems import Place, Problem, gettext_noop, refuse_if

LARGEST_FILE = 20_000_000  # bytes; the longest interview with notes stays far below
DEEPEST = 40  # levels of nesting
LARGEST_EXPONENT = 40  # of a number in JSON: 1e40 is read, 1e41 is refused
NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Text(str):
    """A scalar of a YAML file or of a table: text until the key it stands under types it."""


@dataclass(frozen=True, slots=True)
class Node:
    """One value of a file and the line it stands on (None in JSON).

    `value` is a dict of Node by key, a list of Node, a `Text`, or a JSON scalar
    (str, int, Decimal, bool, None).
    """

    value: object
    line: int | None = None

    @property
    def mapping(self) -> dict[str, "Node"] | None:
        return self.value if isinstance(self.value, dict) else None

    @property
    def items(self) -> list["Node"] | None:
        return self.value if isinstance(self.value, list) else None

    @property
    def is_null(self) -> bool:
        return self.value is None or (isinstance(self.value, Text) and self.value in {"", "null", "~"})

    @property
    def text(self) -> str | None:
        """The text of a scalar that is text; None for anything else."""
        return str(self.value) if isinstance(self.value, str) else None

    @property
    def integer(self) -> int | None:
        """A whole number: 3 and 3.0, and the text 3 where scalars are text; else None."""
        number = self.number
        return int(number) if number is not None and number == number.to_integral_value() else None

    @property
    def number(self) -> Decimal | None:
        """A finite number, by the same rule; else None."""
        if isinstance(self.value, bool) or self.value is None:
            return None
        if isinstance(self.value, int | Decimal):
            number = Decimal(self.value)
            return number if number.is_finite() else None
        return decimal(self.value) if isinstance(self.value, Text) else None

    @property
    def day(self) -> date | None:
        """The day of a text such as 2026-03-01; None for anything else."""
        text = self.text or ""
        if not DAY.fullmatch(text):
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            return None

    def shown(self) -> str:
        """The value as a refusal quotes it."""
        if isinstance(self.value, dict):
            return "a mapping"
        if isinstance(self.value, list):
            return "a list"
        if isinstance(self.value, Decimal):
            return str(self.value)
        return json.dumps(self.value, ensure_ascii=False, default=str)


def decimal(text: str) -> Decimal | None:
    """The number a text writes with digits and at most one point; None for anything else."""
    digits = text.strip()
    return Decimal(digits) if len(digits) <= 40 and NUMBER.fullmatch(digits) else None


def read_text(path: Path, largest: int = LARGEST_FILE) -> str:
    """The file's text. Raises `Problem` for a file that is absent, too large, empty or not UTF-8."""
    return decode(read_bytes(path, largest), str(path))


def read_bytes(path: Path, largest: int = LARGEST_FILE) -> bytes:
    """The file's bytes, never more than `largest`. Raises `Problem` as `read_text` does."""
    at = Place(str(path))
    try:
        with path.open("rb") as file:
            data = file.read(largest + 1)
    except FileNotFoundError:
        raise Problem("file.not-found", gettext_noop("There is no such file."), at=at) from None
    except OSError as error:
        raise Problem(
            "file.unreadable", gettext_noop("The file cannot be read: {why}."), at=at, why=error.strerror
        ) from None
    if len(data) > largest:
        raise Problem(
            "file.too-large",
            gettext_noop("The file has more than {largest} bytes; a smaller one is expected."),
            at=at,
            largest=largest,
        )
    if not data.removeprefix(BOM_UTF8).strip():
        raise Problem("file.empty", gettext_noop("The file is empty."), at=at)
    return data


def decode(data: bytes, file: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Problem(
            "file.not-utf-8",
            gettext_noop("The file is not UTF-8 text: byte {position} cannot be read. Save it as UTF-8."),
            at=Place(file, line=data.count(b"\n", 0, error.start) + 1),
            position=error.start + 1,
        ) from None


def read_tree(path: Path, problems: list[Problem] | None = None) -> Node:
    """The tree of a `.json`, `.yaml` or `.yml` file.

    Keys given twice and aliases are added to `problems` where the caller collects them, and
    refused together otherwise; a file that cannot be read at all is always refused.
    """
    readers: dict[str, Callable[[str, str, list[Problem]], Node]] = {
        ".json": parse_json,
        ".yaml": parse_yaml,
        ".yml": parse_yaml,
    }
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise Problem(
            "file.kind",
            gettext_noop("The file ends in {suffix}; expected one of .json, .yaml, .yml."),
            at=Place(str(path)),
            suffix=path.suffix or "nothing",
        )
    found: list[Problem] = [] if problems is None else problems
    tree = reader(read_text(path), str(path), found)
    if problems is None:
        refuse_if(found)
    return tree


def parse_json(text: str, file: str, problems: list[Problem]) -> Node:
    """Raises `Problem` for what is not JSON; keys given twice go to `problems`."""

    def pairs(found: list[tuple[str, Node]]) -> Node:
        counts = Counter(key for key, _ in found)
        problems.extend(_duplicate(Place(file, key=key)) for key, count in counts.items() if count > 1)
        return Node({_whole(key): _json_node(value) for key, value in found})

    def constant(word: str) -> NoReturn:
        raise Problem(
            "file.number",
            gettext_noop("{word} is not a number that is read; expected one such as 3 or 2.5."),
            at=Place(file),
            word=word,
        )

    def number(word: str) -> Decimal:
        mantissa, _, exponent = word.lower().partition("e")
        if len(mantissa) > 2 * LARGEST_EXPONENT or abs(int(exponent or 0)) > LARGEST_EXPONENT:
            constant(word)
        return Decimal(word)

    try:
        return _json_node(
            json.loads(text, object_pairs_hook=pairs, parse_float=number, parse_constant=constant)
        )
    except json.JSONDecodeError as error:
        raise Problem(
            "file.not-json",
            gettext_noop("The file is not JSON: {why}."),
            at=Place(file, line=error.lineno),
            why=error.msg,
        ) from None
    except RecursionError:
        raise _too_deep(Place(file)) from None
    except ValueError as error:  # a number with thousands of digits, half a character
        raise Problem(
            "file.not-json", gettext_noop("The file is not JSON: {why}."), at=Place(file), why=error
        ) from None


def _json_node(value: object) -> Node:
    if isinstance(value, Node):
        return value
    if isinstance(value, list):
        return Node([_json_node(item) for item in value])
    return Node(_whole(value) if isinstance(value, str) else value)


def _whole(text: str) -> str:
    """The text itself. Raises `ValueError` where an escape such as \\ud800 wrote half a character."""
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("an escape writes half a character")
    return text


def parse_yaml(text: str, file: str, problems: list[Problem]) -> Node:
    """Raises `Problem` for what is not YAML; aliases and keys given twice go to `problems`."""
    try:
        return _Composer(text, file, problems).document()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise Problem(
            "file.not-yaml",
            gettext_noop("The file is not YAML: {why}."),
            at=Place(file, line=line),
            why=error.problem,
        ) from None
    except yaml.YAMLError as error:
        raise Problem(
            "file.not-yaml", gettext_noop("The file is not YAML: {why}."), at=Place(file), why=error
        ) from None


class _Composer:
    """Builds the tree from the parser's events, so that nothing is expanded before it is looked at."""

    def __init__(self, text: str, file: str, problems: list[Problem]) -> None:
        self.events = iter(yaml.parse(text, Loader=_Loader))
        self.file = file
        self.problems = problems

    def document(self) -> Node:
        root: Node | None = None
        for event in self.events:
            if isinstance(event, yaml.NodeEvent):
                if root is not None:
                    raise Problem(
                        "file.two-documents",
                        gettext_noop("The file holds more than one document; expected one."),
                        at=self.at(event),
                    )
                root = self.node(event, depth=0)
        return root if root is not None else Node(Text(""), 1)

    def node(self, event: yaml.Event, depth: int) -> Node:
        line = _line(event)
        if depth > DEEPEST:
            raise _too_deep(self.at(event))
        if isinstance(event, yaml.AliasEvent):
            self.problems.append(
                Problem(
                    "file.alias",
                    gettext_noop("The alias *{name} is refused; expected the value written out."),
                    at=self.at(event),
                    name=event.anchor,
                )
            )
            return Node(Text(""), line)
        if isinstance(event, yaml.ScalarEvent):
            return Node(Text(event.value), line)
        if isinstance(event, yaml.SequenceStartEvent):
            return Node(self.sequence(depth), line)
        return Node(self.mapping(depth), line)

    def sequence(self, depth: int) -> list[Node]:
        found: list[Node] = []
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            found.append(self.node(event, depth + 1))
        return found

    def mapping(self, depth: int) -> dict[str, Node]:
        found: dict[str, Node] = {}
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key, value = self.node(event, depth + 1), self.node(next(self.events), depth + 1)
            if key.text is None:
                problem = Problem(
                    "file.key",
                    gettext_noop("A key is a list or a mapping; expected a word."),
                    at=self.at(event),
                )
                self.problems.append(problem)
            elif key.text in found:
                self.problems.append(_duplicate(Place(self.file, line=key.line, key=key.text)))
            else:
                found[key.text] = value
        return found

    def at(self, event: yaml.Event) -> Place:
        return Place(self.file, line=_line(event))


def _line(event: yaml.Event) -> int | None:
    return event.start_mark.line + 1 if event.start_mark else None


def _duplicate(at: Place) -> Problem:
    return Problem("file.duplicate-key", gettext_noop("The key stands twice; expected once."), at=at)


def _too_deep(at: Place) -> Problem:
    return Problem(
        "file.too-deep",
        gettext_noop("The file nests more than {deepest} levels deep."),
        at=at,
        deepest=DEEPEST,
    )
