"""Find companies by what somebody is typing: parts of words, typing errors, a name and a place at once.

Every company is kept as its words and as the *grams* of these words: pieces of three letters, and
one of the first four letters in alphabetical order, which survives two letters changed over. The
database counts the grams that a company shares with what was typed; of the best candidates this
module then says how near each is. So the order is the same on every database. In words, with
numbers worked out: docs/rules/company-search.md
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from capofila.companies.rules import names

LONGEST = 60  # characters of what is typed that are looked at
MOST_WORDS = 8
NEAR = 0.7  # of a word: one error in four letters passes, one in three does not
BEGINNING = 0.98  # what a word counts that is the beginning of another
CANDIDATES = 300  # companies looked at one by one, those that share most grams
SHORTEST_MIXED = 4  # letters


@dataclass(frozen=True)
class Asked:
    """What was typed; the last word may still be growing."""

    words: tuple[str, ...]
    grams: frozenset[str]


def asked(typed: str) -> Asked:
    found = names.words(typed[:LONGEST])
    kept = tuple([word for word in found if word not in names.LEGAL_FORMS] or found)[:MOST_WORDS]
    ended = typed.endswith(" ")
    grams = frozenset(
        gram
        for place, word in enumerate(kept, start=1)
        for gram in _grams(word, whole=ended or place < len(kept))
    )
    return Asked(kept, grams)


def text(*parts: str) -> str:
    """What a company is found by, kept beside it: its words, each once, with a space between."""
    return " ".join(dict.fromkeys(word for part in parts for word in names.telling(part)))


def grams(words: Iterable[str]) -> frozenset[str]:
    return frozenset(gram for word in words for gram in _grams(word, whole=True))


def _grams(word: str, *, whole: bool) -> list[str]:
    padded = f"  {word} " if whole else f"  {word}"
    found = [padded[place : place + 3] for place in range(len(padded) - 2)]
    if len(word) >= SHORTEST_MIXED:
        found.append("=" + "".join(sorted(word[:SHORTEST_MIXED])))
    return found


def nearness(asked: Asked, words: Sequence[str]) -> float | None:
    """How near a company is, above 0 and at most 1; None when a word of what was typed is not in it."""
    total = 0.0
    for word in asked.words:
        near = max((_near(word, other) for other in words), default=0.0)
        if near < NEAR:
            return None
        total += near
    return total / len(asked.words) if asked.words else None


def _near(typed: str, word: str) -> float:
    if typed == word:
        return 1.0
    if word.startswith(typed):
        return BEGINNING
    whole: float = OSA.normalized_similarity(typed, word, score_cutoff=NEAR)
    if len(word) <= len(typed):
        return whole
    part: float = OSA.normalized_similarity(typed, word[: len(typed)], score_cutoff=NEAR)
    return max(whole, part * BEGINNING)
