"""The sentences of the report in one language, and how numbers and lists are written in it.

Sentences stand in `data/report.<language>.yaml` and, those about actions and comparisons, in files
beside it: a text, or a list of variants of which a chapter takes one by its position, so that ten
chapters do not open alike. `{name}` is filled with a fact; `**` marks what is set strong, in the
sentence itself, never in a fact.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import yaml

from capofila.lib.document import Run

DATA = Path(__file__).parent / "data"
FILES = ("report", "actions", "comparison")  # no key stands in both
_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def hundredths(value: Fraction) -> Decimal:
    """Rounded half up to two decimals."""
    return Decimal((value * 100 + Fraction(1, 2)).__floor__()) / 100


class Phrases:
    """`say` gives plain text, `rich` the same with its strong parts."""

    def __init__(self, language: str, texts: Mapping[str, str | list[str]]) -> None:
        self.language = language
        self._texts = texts
        self.decimal = str(texts["format.decimal"])

    def __contains__(self, key: str) -> bool:
        return key in self._texts

    def template(self, key: str, variant: int = 0) -> str:
        found = self._texts[key]
        return found if isinstance(found, str) else found[variant % len(found)]

    def say(self, key: str, variant: int = 0, /, **facts: object) -> str:
        return self.template(key, variant).replace("**", "").format(**facts)

    def rich(self, key: str, variant: int = 0, /, **facts: object) -> list[Run]:
        pieces = self.template(key, variant).split("**")
        return [
            Run(piece.format(**facts), strong=bool(index % 2)) for index, piece in enumerate(pieces) if piece
        ]

    def number(self, value: Decimal | int, decimals: int = 2) -> str:
        """2,63 in Italian, 2.63 in English."""
        return f"{value:.{decimals}f}".replace(".", self.decimal)

    def number_plain(self, value: Fraction) -> str:
        """With as many decimals as it needs: 1, 1,8."""
        return f"{float(value):g}".replace(".", self.decimal)

    def signed(self, value: Decimal, decimals: int = 2) -> str:
        return f"+{self.number(value, decimals)}"

    def percent(self, share: float) -> str:
        return self.say("format.percent", number=self.number(Decimal(round(share * 100)), 0))

    def percent_of(self, share: Fraction) -> str:
        """With one decimal, rounded up: 0.4%."""
        tenths = Decimal((share * 1000).__ceil__()) / 10
        return self.say("format.percent", number=self.number(tenths, 1))

    def euros(self, cents: int) -> str:
        """Whole euros with their thousands apart; cents only where there are any."""
        return self.say("format.euros", amount=self.amount(cents))

    def amount(self, cents: int) -> str:
        """The same without the sign."""
        whole, rest = divmod(cents, 100)
        amount = f"{whole:,}".replace(",", str(self._texts["format.thousands"]))
        return f"{amount}{self.decimal}{rest:02d}" if rest else amount

    def day(self, day: date) -> str:
        months = self._texts["format.months"]
        key = "format.first-day" if day.day == 1 else "format.day"
        return self.say(key, day=day.day, month=months[day.month - 1], year=day.year)

    def listed(self, words: Sequence[str]) -> str:
        """a, b e c."""
        if len(words) < 2:
            return "".join(words)
        return self.say("format.and", first=", ".join(words[:-1]), last=words[-1])

    def count(self, noun: str, number: int) -> str:
        """3 domande, 1 domanda."""
        return f"{number}\u00a0{self.template(f'noun.{noun}', 0 if number == 1 else 1)}"


@lru_cache(maxsize=4)
def phrases(language: str) -> Phrases:
    texts: dict[str, str | list[str]] = {}
    for name in FILES:
        texts |= yaml.load((DATA / f"{name}.{language}.yaml").read_text(encoding="utf-8"), Loader=_Loader)
    return Phrases(language, texts)


@lru_cache(maxsize=8)
def data(name: str, language: str) -> object:
    """Another file of sentences, such as the glossary; None where there is none of that name."""
    file = DATA / f"{name}.{language}.yaml"
    return yaml.load(file.read_text(encoding="utf-8"), Loader=_Loader) if file.is_file() else None
