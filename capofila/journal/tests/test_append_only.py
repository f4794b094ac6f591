"""Every table whose rows are only added, on whichever database the tests run."""

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models
from django.db.migrations.state import ProjectState

from capofila.journal import append_only
from capofila.journal.append_only import RowsAreOnlyAdded
from capofila.journal.models import Entry
from capofila.journal.tests.builders import make_entries, make_entry
from capofila.journal.tests.tampering import unguarded

pytestmark = pytest.mark.django_db
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite alone does this")
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL alone does this")


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_each_table_whose_rows_are_only_added_is_declared_under_its_own_name() -> None:
    declared = {(model._meta.db_table, kept.name) for model, kept in append_only.declared()}

    assert {
        ("journal_entry", "journal_entry"),
        ("assessments_answerentry", "assessments_answerentry"),
    } <= declared
    assert [pair for pair in declared if pair[0] != pair[1]] == []


def test_after_all_migrations_everything_stands() -> None:
    assert append_only.missing(connection) == []


def test_what_does_not_stand_is_named() -> None:
    wanted = {name for _, kept in append_only.declared() for name in kept.triggers(connection)}

    with unguarded():
        assert set(append_only.missing(connection)) == wanted

    assert append_only.missing(connection) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry SET event = 'aid.reversed'",
        "UPDATE journal_entry SET sequence = 7 WHERE sequence = 1",
        "DELETE FROM journal_entry",
        pytest.param("INSERT OR REPLACE INTO journal_entry SELECT * FROM journal_entry", marks=on_sqlite),
        pytest.param(
            "INSERT INTO journal_entry SELECT * FROM journal_entry WHERE true "
            "ON CONFLICT (sequence) DO UPDATE SET event = 'aid.reversed'",
        ),
        pytest.param("TRUNCATE journal_entry", marks=on_postgresql),
        pytest.param("TRUNCATE journal_person CASCADE", marks=on_postgresql),
    ],
)
def test_the_database_refuses_to_change_or_remove_an_entry(statement: str) -> None:
    make_entry()
    connection.check_constraints()  # those of foreign keys wait otherwise, and PostgreSQL speaks of them

    with pytest.raises(IntegrityError, match="neither changed nor shortened"):
        execute(statement)


def test_django_is_refused_too() -> None:
    make_entry()

    with pytest.raises(IntegrityError):
        Entry.objects.update(event="aid.reversed")


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_table_that_is_rebuilt_keeps_its_rows_and_its_triggers() -> None:
    make_entries(3)
    longer = models.CharField(max_length=101)
    longer.set_attributes_from_name("event")

    with connection.schema_editor() as editor:
        editor.alter_field(Entry, Entry._meta.get_field("event"), longer)

    assert Entry.objects.count() == 3
    assert append_only.missing(connection) == []
    with pytest.raises(IntegrityError):
        execute("DELETE FROM journal_entry")


@pytest.mark.django_db(transaction=True)
def test_a_model_may_begin_and_cease_to_keep_its_rows() -> None:
    kept = next(kept for model, kept in append_only.declared() if model is Entry)

    with connection.schema_editor() as editor:
        editor.remove_constraint(without(kept), kept)
    assert len(append_only.missing(connection)) == 2

    with connection.schema_editor() as editor:
        editor.add_constraint(Entry, kept)
    assert append_only.missing(connection) == []


def without(kept: RowsAreOnlyAdded) -> type[models.Model]:
    """The journal's table as a migration sees it after it dropped the constraint."""
    state = ProjectState.from_apps(apps)
    state.remove_constraint("journal", "entry", kept.name)
    return state.apps.get_model("journal", "Entry")


def test_a_changed_sentence_is_a_change_that_migrations_see() -> None:
    kept = RowsAreOnlyAdded(name="room_thing", because="rows are only added")

    assert kept == kept.clone() != RowsAreOnlyAdded(name="room_thing", because="rows stay")
    assert len({kept, kept.clone()}) == 1


@on_sqlite
def test_insert_or_replace_is_seen_by_triggers_on_every_connection() -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers")

        assert cursor.fetchone() == (1,)


@on_sqlite
def test_a_connection_that_lets_insert_or_replace_pass_is_named() -> None:
    execute("PRAGMA recursive_triggers = OFF")
    try:
        assert append_only.missing(connection) == ["PRAGMA recursive_triggers"]
    finally:
        execute("PRAGMA recursive_triggers = ON")


@on_postgresql
def test_a_trigger_that_is_switched_off_is_named() -> None:
    execute("ALTER TABLE journal_entry DISABLE TRIGGER journal_entry_no_change")

    assert append_only.missing(connection) == ["journal_entry_no_change"]
