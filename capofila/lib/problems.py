"""A refusal that a person can act on: a code that never changes, a sentence, the facts.

A `Problem` is defined beside the function that raises it; page, API and command show the same
one. `Refused` carries several at once, so that somebody mending a file sees every mistake.
Sentences are marked with `gettext_noop` (the mark only: translation happens at the edge).
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

Read = TypeVar("Read")

UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+"
)  # control characters, line ends, marks that turn the writing direction, halves of a character
LONGEST_GUESSED = 100  # characters of a word that `nearest` looks at


def gettext_noop(sentence: str) -> str:
    """Mark a sentence for translation, and give it back unchanged."""
    return sentence


@dataclass(frozen=True)
class Place:
    """Where in a file: its name as the person gave it, then a line, a key, or neither."""

    file: str
    line: int | None = None
    key: str | None = None

    def __str__(self) -> str:
        file = printable(self.file, longest=500)
        place = file if self.line is None else f"{file}:{self.line}"
        return place if self.key is None else f"{place}: {printable(self.key)}"


@dataclass(frozen=True)
class Phrase:
    """Words inside a sentence, translated like one: what was expected, say; `facts` are what they name."""

    text: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def words(self, translate: Callable[[str], str] = gettext_noop) -> str:
        translated = translate(self.text)
        return translated.format(**self.facts) if self.facts else translated

    def __str__(self) -> str:
        return self.words()


class Problem(Exception):
    """One refusal; `sentence` is a format string over `facts`, of which some are phrases themselves."""

    def __init__(self, code: str, sentence: str, /, *, at: Place | None = None, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence
        self.at = at
        self.facts = {name: printable(fact) for name, fact in facts.items()}
        self.phrases = {name: fact for name, fact in facts.items() if isinstance(fact, Phrase)}

    def words(self, translate: Callable[[str], str] = gettext_noop) -> str:
        """The sentence with its facts, in the language `translate` gives."""
        phrases = {name: printable(phrase.words(translate)) for name, phrase in self.phrases.items()}
        return translate(self.sentence).format(**{**self.facts, **phrases})

    def __str__(self) -> str:
        prefix = "" if self.at is None else f"{self.at}: "
        return f"{prefix}{self.words()} [{self.code}]"


class Refused(Exception):
    """Several problems, all found in one reading."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def refuse_if(problems: list[Problem]) -> None:
    """Raise `Refused` with all of them, if there are any."""
    if problems:
        raise Refused(problems)


def collected(problems: list[Problem], read: Callable[[], Read]) -> Read | None:
    """What `read` gives; when it refuses, None, and its problems are added for a later `refuse_if`."""
    try:
        return read()
    except Problem as problem:
        problems.append(problem)
    except Refused as refused:
        problems.extend(refused.problems)
    return None


def printable(fact: object, longest: int = 80) -> str:
    """A fact as one line of text: no control characters, not longer than `longest`."""
    text = UNPRINTABLE.sub(" ", str(fact))
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that `word` was probably meant to be, or None."""
    from rapidfuzz import process  # noqa: PLC0415 (only a refusal needs it)

    if len(word) > LONGEST_GUESSED:
        return None
    found = process.extractOne(word, list(known), score_cutoff=70)
    return None if found is None else str(found[0])
