"""How an entry is sealed: its hash covers all it says and the hash of the entry before it.

Written out, with an example to recompute: docs/rules/journal.md
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

FORMAT = 1  # of what is hashed; a later one leaves old entries as they are
BEGINNING = "0" * 64  # stands where the first entry would name the hash of the one before
EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[A-Za-z]{2,}")
LONGEST = 200  # characters of a fact; what is longer is prose, and may speak of people
LARGEST = 2**53  # beyond it a number is no longer the same everywhere


@dataclass(frozen=True)
class About:
    """What an entry is about: a row of a room's table, or anything else that a room can name."""

    room: str
    kind: str
    id: str


def seal(
    *,
    previous: str,
    event: str,
    person: UUID,
    digest: str,
    about: About,
    facts: Mapping[str, object],
    at: datetime,
) -> str:
    """The hash of an entry, as 64 hexadecimal digits. Its place is in `previous`, not in its number."""
    time = at.astimezone(UTC).isoformat(timespec="microseconds")
    content = [FORMAT, previous, event, str(person), digest, about.room, about.kind, about.id, facts, time]
    return hashlib.sha256(_canonical(content)).hexdigest()


def digest(*, salt: str, name: str, role: str) -> str:
    """Name and role, so that nobody can guess them back once the salt is gone."""
    return hmac.new(bytes.fromhex(salt), _canonical([name, role]), hashlib.sha256).hexdigest()


def _canonical(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def plain(fact: object) -> object:
    """A fact as it is kept: text, whole numbers, yes or no, lists and mappings of them.

    Dates, decimals and ids become text. Raises ValueError for what a database would not give back the
    same (a float) and for what looks like personal data: facts stay when a person is erased.
    """
    if isinstance(fact, date | Decimal | UUID):  # a datetime is a date
        return fact.isoformat() if isinstance(fact, date) else str(fact)
    if isinstance(fact, Mapping):
        return {_text(key): plain(value) for key, value in fact.items()}
    if isinstance(fact, list | tuple):
        return [plain(value) for value in fact]
    if isinstance(fact, str):
        return _text(fact)
    if fact is None or (isinstance(fact, int) and abs(fact) <= LARGEST):
        return fact
    raise ValueError(
        f"A journal keeps no {type(fact).__name__} such as {fact!r}; give it text or a whole number."
    )


def _text(text: object) -> str:
    if not isinstance(text, str) or "\0" in text or len(text) > LONGEST:
        raise ValueError(f"A fact of the journal is a text of up to {LONGEST} characters, not {text!r:.80}.")
    if EMAIL.search(text):
        raise ValueError(
            "A fact of the journal holds no e-mail address: it would outlive the person's erasure."
        )
    text.encode()  # half a character raises UnicodeEncodeError, which is a ValueError
    return str(text)  # a choice of Django's becomes the text it stands for
