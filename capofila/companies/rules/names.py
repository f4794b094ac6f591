"""A company's name and place as words that can be compared: no case, accents, dots or legal form."""

import re
import unicodedata

# What says how a company is owned, not who it is.
LEGAL_FORMS = frozenset(
    (
        "srl", "srls", "spa", "snc", "sas", "sapa", "ss", "scarl", "scrl", "scpa", "soc", "societa", "coop",
        "cooperativa", "unipersonale", "gmbh", "ag", "sarl", "sa", "sl", "bv", "ltd", "llc", "plc",
    )
)  # fmt: skip
DOTTED = re.compile(r"\b\w(?:\.\w)+\b\.?")  # S.r.l. without its full stops is one word
WORD = re.compile(r"[^\W_]+")


def words(text: str) -> list[str]:
    """The words of a text, in its order: "Société Élan S.r.l." is societe, elan, srl."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    plain = DOTTED.sub(lambda found: found[0].replace(".", ""), plain)
    return _joined(WORD.findall(plain))


def _joined(found: list[str]) -> list[str]:
    """Single letters that spell a legal form, as in "S. p. A.", as one word."""
    kept: list[str] = []
    place = 0
    while place < len(found):
        for length in (4, 3, 2):
            letters = found[place : place + length]
            if all(len(letter) == 1 for letter in letters) and "".join(letters) in LEGAL_FORMS:
                break
        else:
            letters = found[place : place + 1]
        kept.append("".join(letters))
        place += len(letters)
    return kept


def telling(name: str) -> list[str]:
    """The words of a name without its legal form; all of them when there are no others."""
    found = words(name)
    return [word for word in found if word not in LEGAL_FORMS] or found


def key(name: str) -> str:
    """What two ways of writing one name have in common: its telling words in alphabetical order."""
    return " ".join(sorted(telling(name)))
