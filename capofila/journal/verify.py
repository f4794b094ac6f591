"""Whether the journal is whole: what was changed, is missing, or stands in another order.

A chain shows that somebody meddled with rows. Whoever owns the database could still write the whole of
it anew; only a number and hash noted elsewhere (`noted`) show that.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from capofila.journal.chain import BEGINNING
from capofila.journal.models import Entry, Head, Person
from capofila.lib.problems import Problem, gettext_noop

AT_ONCE = 1000  # entries read together
BLANKED = "journal.person-blanked"


@dataclass(frozen=True)
class Mark:
    """Number and hash of an entry."""

    sequence: int
    hash: str

    def __str__(self) -> str:
        return f"{self.sequence}:{self.hash}"


@dataclass(frozen=True)
class Verdict:
    entries: int
    last: Mark  # 0 and zeros in an empty journal
    problems: tuple[Problem, ...]


def verify(noted: Mark | None = None) -> Verdict:
    """Look at every entry; others may write meanwhile."""
    head = Head.objects.first()
    problems: list[Problem] = []
    persons: dict[UUID, Person | None] = {}
    hashes: dict[int, str] = {}  # of the entries that somebody noted
    last, seals, count = Mark(0, BEGINNING), {BEGINNING}, 0
    for entry in _entries():
        seal = _seal(entry)
        problems += _place(entry, last, seals)
        if seal != entry.hash:
            problems.append(
                Problem(
                    "journal.entry-changed",
                    gettext_noop("Entry {number} ({event}) was changed after it was written."),
                    number=entry.sequence,
                    event=entry.event,
                )
            )
        else:
            problems += _person(entry, persons)
        if entry.sequence in {mark.sequence for mark in (head, noted) if mark}:
            hashes[entry.sequence] = entry.hash
        # A row whose own hash was changed is one fault, and not a second one of the row that follows it.
        last, seals, count = Mark(entry.sequence, entry.hash), {entry.hash, seal or entry.hash}, count + 1
    problems += _blanked()
    problems += _end(head, Head.objects.first(), last, hashes)
    if noted is not None and hashes.get(noted.sequence) != noted.hash:
        problems.append(
            Problem(
                "journal.not-as-noted",
                gettext_noop("Entry {number} is not the one that was noted: the journal was written anew."),
                number=noted.sequence,
            )
        )
    return Verdict(count, last, tuple(problems))


def _entries() -> Iterator[Entry]:
    """All entries in order; of one whose values cannot be read, number and hashes alone."""
    rows, after = Entry.objects.order_by("sequence"), 0
    while True:
        coming = rows.filter(sequence__gt=after)[:AT_ONCE]
        try:
            page = list(coming)
        except (ValueError, TypeError, AttributeError):  # SQLite keeps whatever was put in a column
            page = list(coming.only("sequence", "event", "previous", "hash"))
        if not page:
            return
        yield from page
        after = page[-1].sequence


def _seal(entry: Entry) -> str | None:
    """The hash that belongs to what the entry says; None when it cannot be read."""
    try:
        return entry.seal()
    except (ValueError, TypeError, AttributeError):
        return None


def _place(entry: Entry, last: Mark, seals: set[str]) -> Iterator[Problem]:
    """Whether the entry stands right after the one it was written after."""
    if entry.sequence > last.sequence + 1:
        yield _missing(last.sequence + 1, entry.sequence - 1)
    elif entry.previous not in seals:
        found = Entry.objects.filter(hash=entry.previous).values_list("sequence", flat=True).first()
        after = 0 if entry.previous == BEGINNING else found
        if after is None:
            yield Problem(
                "journal.entry-replaced",
                gettext_noop(
                    "Entry {number} was written after another entry than {before}: that one was replaced, "
                    "or entries between them are missing."
                ),
                number=entry.sequence,
                before=last.sequence,
            )
        else:
            yield Problem(
                "journal.order",
                gettext_noop(
                    "Entry {number} stands after entry {before}, but was written after entry {after}."
                ),
                number=entry.sequence,
                before=last.sequence,
                after=after,
            )


def _missing(first: int, last: int) -> Problem:
    return Problem(
        "journal.entry-missing",
        gettext_noop("Missing from the journal: {numbers}."),
        numbers=f"entry {first}" if first == last else f"entries {first} to {last}",
    )


def _person(entry: Entry, persons: dict[UUID, Person | None]) -> Iterator[Problem]:
    """Whether the person still has the name and role of the entry; each person is told once."""
    key = entry.person_id
    if key in persons:
        known = persons[key]
        told = known is None
    else:
        known, told = Person.objects.filter(key=key).first(), False
    persons[key] = known
    if told:
        return
    if known is None:
        yield Problem(
            "journal.person-missing",
            gettext_noop("The row that says who wrote entry {number} is missing."),
            number=entry.sequence,
        )
    elif known.salt and known.digest != entry.digest:
        persons[key] = None
        yield Problem(
            "journal.person-changed",
            gettext_noop("The name or role of who wrote entry {number} was changed."),
            number=entry.sequence,
        )


def _blanked() -> Iterator[Problem]:
    """Persons that are blank although no entry says that they were blanked."""
    blank = Person.objects.filter(salt="").values_list("key", flat=True)
    unsaid = {str(key) for key in blank}
    if unsaid:
        unsaid -= set(Entry.objects.filter(event=BLANKED).values_list("about_id", flat=True))
    for key in sorted(unsaid):
        yield Problem(
            "journal.person-lost",
            gettext_noop("Person {key} was blanked, and no entry says so."),
            key=key,
        )


def _end(before: Head | None, after: Head | None, last: Mark, hashes: dict[int, str]) -> Iterator[Problem]:
    """Whether the newest entry is the one the journal ended with, before or after we looked."""
    if before is None or after is None:
        yield Problem("journal.end-unknown", gettext_noop("The note of how the journal ends is missing."))
    elif last.sequence < before.sequence:
        yield _missing(last.sequence + 1, before.sequence)
    elif last.sequence > after.sequence:
        yield Problem(
            "journal.end-added",
            gettext_noop("The journal ended with entry {number}; what stands after it was not recorded."),
            number=after.sequence,
        )
    elif before.sequence and hashes.get(before.sequence) != before.hash:
        yield Problem(
            "journal.end-replaced",
            gettext_noop("The journal ended with another entry {number} than the one that stands there."),
            number=before.sequence,
        )
