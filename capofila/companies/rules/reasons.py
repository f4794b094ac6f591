"""Why a rule decided as it did: sentences a person can check, marked for translation.

Like a `Problem`, a `Reason` is a format string over facts, and is translated at the edge.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from capofila.lib.problems import gettext_noop, printable


@dataclass(frozen=True)
class Word:
    """A fact that is itself translated, such as "university"."""

    text: str


@dataclass(frozen=True)
class Money:
    cents: int


Fact = str | int | Fraction | Word | Money | tuple[str, ...]


@dataclass(frozen=True)
class Reason:
    """One sentence; `facts` are (name, fact) in the order they were given."""

    sentence: str
    facts: tuple[tuple[str, Fact], ...] = ()

    def words(
        self,
        translate: Callable[[str], str] = gettext_noop,
        show: Callable[[Fact], str] | None = None,
    ) -> str:
        """The sentence in the language of `translate`; `show` writes numbers and money its own way."""
        shown = show or shown_in_english
        facts = {
            name: translate(fact.text) if isinstance(fact, Word) else printable(shown(fact), longest=200)
            for name, fact in self.facts
        }
        found = translate(self.sentence).format(**facts)
        return found[:-1] if found.endswith("..") else found  # the last name ends in a full stop of its own


def because(sentence: str, /, **facts: Fact) -> Reason:
    return Reason(sentence, tuple(facts.items()))


class Said:
    """What a rule says while it decides: its `reasons`, and what it would have to know (`open`)."""

    def __init__(self) -> None:
        self.reasons: list[Reason] = []
        self.open: list[Reason] = []

    def say(self, sentence: str, name: str | None = None, /, **facts: Fact) -> None:
        named: dict[str, Fact] = {} if name is None else {"name": name}
        self.reasons.append(because(sentence, **named, **facts))

    def ask(self, sentence: str, /, **facts: Fact) -> None:
        self.open.append(because(sentence, **facts))


def shown_in_english(fact: Fact) -> str:
    """€8,300,000; 33.33; A, B and C."""
    if isinstance(fact, Money):
        euros = f"€{fact.cents / Decimal(100):,.2f}"
        return euros.removesuffix(".00")
    if isinstance(fact, Fraction):
        return f"{fact.numerator / Decimal(fact.denominator):,.4f}".rstrip("0").rstrip(".")
    if isinstance(fact, tuple):
        return ", ".join(fact[:-1]) + (" and " if len(fact) > 1 else "") + "".join(fact[-1:])
    return fact.text if isinstance(fact, Word) else str(fact)
