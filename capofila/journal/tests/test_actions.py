import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import F, ProtectedError
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from capofila.journal import actions, queries
from capofila.journal.actions import Actor
from capofila.journal.chain import BEGINNING
from capofila.journal.models import Entry, Head, Person
from capofila.journal.tests.builders import ROSSI, make_actor, make_entries, make_entry
from capofila.journal.tests.tampering import unguarded
from capofila.journal.verify import Mark, verify

pytestmark = pytest.mark.django_db
Tamper = Callable[[], object]


def found(noted: Mark | None = None) -> list[str]:
    return [problem.words() for problem in verify(noted).problems]


# Record


def test_an_entry_says_who_did_what_about_what_and_when() -> None:
    before = timezone.now()

    entry = make_entry(
        "aid.granted", make_actor("Alice", "partner manager"), cents=1_000_000, regime="de-minimis"
    )

    line = queries.history(ROSSI)[0]
    assert (line.event, line.name, line.role) == ("aid.granted", "Alice", "partner manager")
    assert line.facts == {"cents": 1_000_000, "regime": "de-minimis"}
    assert before <= line.at <= timezone.now()
    assert (entry.sequence, entry.previous) == (1, BEGINNING)


def test_each_entry_holds_the_hash_of_the_one_before() -> None:
    first, second = make_entries(2)

    assert second.previous == first.hash == first.seal()
    assert str(Head.objects.get()) == f"2 {second.hash}"


def test_an_entry_may_be_about_any_row() -> None:
    bob = make_actor("Bob")
    assert bob.user is not None

    with transaction.atomic():
        actions.record("accounts.invited", by=make_actor("Alice"), about=bob.user)

    assert [line.event for line in queries.history(bob.user)] == ["accounts.invited"]


def test_a_deed_that_is_taken_back_leaves_no_entry_and_no_gap() -> None:
    make_entry()
    with transaction.atomic():
        make_entry()
        transaction.set_rollback(True)

    assert make_entry().sequence == 2
    assert found() == []


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_refused() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        actions.record("aid.granted", by=Actor(None, "Capofila", "program"), about=ROSSI)


@pytest.mark.parametrize("event", ["granted", "aid granted", "aid.", "Aid.granted", "aid.granted-"])
def test_an_event_has_a_room_and_says_what_happened(event: str) -> None:
    with pytest.raises(ValueError, match="no event"):
        make_entry(event)


def test_facts_hold_no_email_address_since_they_outlive_an_erasure() -> None:
    with pytest.raises(ValueError, match="erasure"):
        make_entry(told="alice@example.org")

    assert not Entry.objects.exists()


def test_name_and_role_stay_as_they_were_at_that_time() -> None:
    make_entry(by=make_actor("Alice", "consultant"))
    make_entry(by=make_actor("Alice", "lead administrator"))

    assert [line.role for line in queries.history(ROSSI)] == ["lead administrator", "consultant"]


def test_one_name_in_one_role_is_one_person() -> None:
    program = Actor(None, "Capofila", "program")
    for actor in (make_actor("Alice"), make_actor("Alice"), program, program, make_actor("Bob")):
        make_entry(by=actor)

    assert sorted(Person.objects.values_list("name", flat=True)) == ["Alice", "Bob", "Capofila"]


def test_an_entry_costs_four_statements(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    alice = make_actor("Alice")
    make_entry(by=alice)

    with transaction.atomic(), django_assert_num_queries(4):
        actions.record("companies.corrected", by=alice, about=ROSSI)


def test_the_history_of_a_thing_is_read_at_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for name in ("Alice", "Bob", "Charlie"):
        make_entry(by=make_actor(name))

    with django_assert_num_queries(1):
        assert [line.name for line in queries.history(ROSSI)] == ["Charlie", "Bob", "Alice"]


# Erase


def test_a_person_who_is_erased_has_no_name_left_and_the_chain_still_verifies() -> None:
    alice, bob = make_actor("Alice"), make_actor("Bob", "lead administrator")
    assert alice.user is not None
    make_entry(by=alice)
    make_entry(by=bob)

    for key in queries.person_keys(alice.user):
        actions.blank(key, by=bob)

    assert [(line.name, line.role) for line in queries.history(ROSSI)] == [
        ("Bob", "lead administrator"),
        (None, None),
    ]
    assert found() == []
    kept = json.dumps([*Entry.objects.values(), *Person.objects.values()], default=str)
    assert "Alice" not in kept
    assert "Bob" in kept


def test_all_names_and_roles_of_a_user_are_found_for_erasure() -> None:
    alice = make_actor("Alice", "consultant")
    assert alice.user is not None
    for actor in (
        alice,
        make_actor("Alice", "auditor"),
        Actor(alice.user, "Alice Rossi", "auditor"),
        make_actor("Bob"),
    ):
        make_entry(by=actor)

    assert len(queries.person_keys(alice.user)) == 3


def test_an_erasure_is_an_entry_itself() -> None:
    key = make_entry(by=make_actor("Alice")).person_id

    actions.blank(key, by=make_actor("Bob"))
    actions.blank(key, by=make_actor("Bob"))

    newest = Entry.objects.order_by("sequence").last()
    assert newest is not None
    assert (newest.sequence, newest.event, newest.about_id) == (2, "journal.person-blanked", str(key))


def test_who_erases_themselves_is_erased() -> None:
    alice = make_actor("Alice")
    key = make_entry(by=alice).person_id

    actions.blank(key, by=alice)

    assert not Person.objects.filter(name="Alice").exists()
    assert found() == []


def test_a_user_is_deleted_only_after_being_erased_from_the_journal() -> None:
    alice = make_actor("Alice")
    assert alice.user is not None
    key = make_entry(by=alice).person_id

    with pytest.raises(ProtectedError):
        alice.user.delete()
    actions.blank(key, by=make_actor("Bob"))

    alice.user.delete()


# Verify


def test_an_empty_journal_is_whole() -> None:
    assert (verify().entries, found()) == (0, [])


def test_a_journal_that_nobody_touched_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("capofila.journal.verify.AT_ONCE", 3)
    entries = make_entries(7)

    verdict = verify()

    assert (verdict.entries, verdict.last, verdict.problems) == (7, Mark(7, entries[-1].hash), ())


def entry(sequence: int) -> Any:
    return Entry.objects.filter(sequence=sequence)


def moved(sequence: int, to: int) -> None:
    entry(sequence).update(sequence=to)


def swapped(one: int, other: int) -> None:
    moved(one, 99)
    moved(other, one)
    moved(99, other)


def shortened_without_a_gap() -> None:
    entry(3).delete()
    for sequence in (4, 5, 6):
        moved(sequence, sequence - 1)
    Head.objects.update(sequence=5)


def written_anew(sequence: int) -> None:
    """A row changed by somebody who knows how its hash is made."""
    changed = entry(sequence).get()
    changed.facts = {"number": 99}
    changed.hash = changed.seal()
    changed.save()


def removed(first: int, last: int) -> None:
    Entry.objects.filter(sequence__range=(first, last)).delete()


CHANGED = "Entry 3 (companies.corrected) was changed after it was written."
NOT_AFTER = (
    "Entry {} was written after another entry than {}: "
    "that one was replaced, or entries between them are missing."
)


@pytest.mark.parametrize(
    ("tamper", "words"),
    [
        (lambda: entry(3).update(event="a.b"), [CHANGED.replace("companies.corrected", "a.b")]),
        (lambda: entry(3).update(facts={"number": 4}), [CHANGED]),
        (lambda: entry(3).update(about_id="4"), [CHANGED]),
        (lambda: entry(3).update(at=F("at") + timedelta(seconds=1)), [CHANGED]),
        (lambda: entry(3).update(digest="0" * 64), [CHANGED]),
        (lambda: entry(3).update(hash="0" * 64), [CHANGED]),
        (
            lambda: entry(3).update(previous="0" * 63 + "1"),
            [NOT_AFTER.format(3, 2), CHANGED],
        ),
        (lambda: entry(3).delete(), ["Missing from the journal: entry 3."]),
        (lambda: entry(1).delete(), ["Missing from the journal: entry 1."]),
        (lambda: removed(3, 4), ["Missing from the journal: entries 3 to 4."]),
        (lambda: removed(5, 6), ["Missing from the journal: entries 5 to 6."]),
        (lambda: removed(1, 6), ["Missing from the journal: entries 1 to 6."]),
        (
            shortened_without_a_gap,
            [NOT_AFTER.format(3, 2)],
        ),
        (
            lambda: written_anew(3),
            [NOT_AFTER.format(4, 3)],
        ),
        (lambda: written_anew(6), ["The journal ended with another entry 6 than the one that stands there."]),
        (
            lambda: swapped(3, 4),
            [
                "Entry 3 stands after entry 2, but was written after entry 4.",
                "Entry 4 stands after entry 3, but was written after entry 2.",
                "Entry 5 stands after entry 4, but was written after entry 3.",
            ],
        ),
        (
            lambda: Head.objects.update(sequence=5),
            ["The journal ended with entry 5; what stands after it was not recorded."],
        ),
        (lambda: Head.objects.all().delete(), ["The note of how the journal ends is missing."]),
        (
            lambda: Person.objects.update(name="Bob"),
            ["The name or role of who wrote entry 1 was changed."],
        ),
    ],
)  # fmt: skip
def test_what_was_done_to_the_rows_is_found(tamper: Tamper, words: list[str]) -> None:
    make_entries(6)

    with unguarded():
        tamper()

    assert found() == words


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps nothing else in such a column")
@pytest.mark.parametrize("column", ["at", "facts"])
def test_an_entry_that_cannot_even_be_read_is_found(column: str) -> None:
    make_entries(6)

    with unguarded(), connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        cursor.execute(f"UPDATE journal_entry SET {column} = 'yesterday' WHERE sequence = 3")
        cursor.execute("PRAGMA ignore_check_constraints = OFF")

    assert found() == [CHANGED]


def test_an_entry_of_another_person_is_found() -> None:
    make_entries(3)
    bob = make_entry(by=make_actor("Bob"))

    with unguarded():
        entry(3).update(person=bob.person, digest=bob.digest)

    assert found() == [CHANGED]


def test_a_person_blanked_behind_the_back_of_the_journal_is_found() -> None:
    key = make_entry().person_id

    Person.objects.update(user=None, name="", role="", salt="")

    assert found() == [f"Person {key} was blanked, and no entry says so."]


def test_a_journal_written_anew_is_whole_by_itself_but_not_as_it_was_noted() -> None:
    make_entries(6)
    noted = verify().last
    with unguarded():
        Entry.objects.all().delete()
        Head.objects.update(sequence=0, hash=BEGINNING)
    make_entries(6)

    assert found() == []
    assert found(noted) == ["Entry 6 is not the one that was noted: the journal was written anew."]


def test_a_journal_that_went_on_is_still_as_it_was_noted() -> None:
    make_entries(3)
    noted = verify().last
    make_entries(3)

    assert found(noted) == []


def test_an_entry_that_was_noted_and_is_gone_with_the_end_is_found() -> None:
    entries = make_entries(3)
    with unguarded():
        entry(3).delete()
        Head.objects.update(sequence=2, hash=entries[1].hash)

    assert found() == []
    assert found(Mark(3, entries[2].hash)) == [
        "Entry 3 is not the one that was noted: the journal was written anew."
    ]


# The command


def test_the_command_says_that_the_journal_is_whole(capsys: pytest.CaptureFixture[str]) -> None:
    last = make_entries(3)[-1]

    call_command("verify_journal")

    assert capsys.readouterr().out.splitlines() == [
        "The journal is whole: 3 entries.",
        f"Note the last one outside this database, to compare with --noted: 3:{last.hash}",
    ]


def test_the_command_names_the_entries_and_ends_with_exit_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    make_entries(5)
    with unguarded():
        entry(2).delete()
        entry(4).update(event="companies.merged")

    with pytest.raises(SystemExit) as stopped:
        call_command("verify_journal")

    assert stopped.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [
        "Missing from the journal: entry 2. [journal.entry-missing]",
        "Entry 4 (companies.merged) was changed after it was written. [journal.entry-changed]",
    ]


def test_the_command_gives_its_verdict_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    last = make_entries(2)[-1]
    with unguarded():
        entry(1).delete()

    with pytest.raises(SystemExit):
        call_command("verify_journal", "--json")

    assert json.loads(capsys.readouterr().out) == {
        "entries": 1,
        "last": {"number": 2, "hash": last.hash},
        "problems": [{"code": "journal.entry-missing", "sentence": "Missing from the journal: entry 1."}],
    }


def test_the_command_compares_with_what_was_noted(capsys: pytest.CaptureFixture[str]) -> None:
    make_entries(2)

    with pytest.raises(SystemExit):
        call_command("verify_journal", "--noted", f"1:{'0' * 64}")

    assert "[journal.not-as-noted]" in capsys.readouterr().err
