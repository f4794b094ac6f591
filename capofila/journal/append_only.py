"""Tables whose rows are only added: the database itself refuses to change or remove one.

A model says so once, among its constraints, and migrations carry that like any other constraint. SQLite
drops triggers silently when it rebuilds a table; since Django makes a table's constraints anew when it
does so, these come back with the table. `missing` tells whether they stand.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.ddl_references import Statement, Table
from django.db.models import BaseConstraint, Model

# On PostgreSQL one function serves every table; the table's own sentence comes as its argument.
REFUSE = (
    "CREATE OR REPLACE FUNCTION rows_are_only_added() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = TG_ARGV[0]; END $$"
)
PREPARE = {"sqlite": [], "postgresql": [REFUSE]}
# What the trigger is called, after the constraint's name -> how it is made.
TRIGGERS = {
    "sqlite": {
        "no_update": "BEFORE UPDATE ON %(table)s BEGIN SELECT RAISE(ABORT, %(because)s); END",
        "no_delete": "BEFORE DELETE ON %(table)s BEGIN SELECT RAISE(ABORT, %(because)s); END",
    },
    "postgresql": {
        "no_change": "BEFORE UPDATE OR DELETE ON %(table)s FOR EACH ROW "
        "EXECUTE FUNCTION rows_are_only_added(%(because)s)",
        "no_truncate": "BEFORE TRUNCATE ON %(table)s FOR EACH STATEMENT "
        "EXECUTE FUNCTION rows_are_only_added(%(because)s)",
    },
}
DROP = {"sqlite": "DROP TRIGGER %(name)s", "postgresql": "DROP TRIGGER %(name)s ON %(table)s"}
STANDING = {
    "sqlite": "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgrelid::regclass::text, tgname FROM pg_trigger "
    "WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')",
}


class RowsAreOnlyAdded(BaseConstraint):
    """`name` is that of the table, and its triggers begin with it; `because` is what the database answers."""

    def __init__(self, *, name: str, because: str) -> None:
        super().__init__(name=name)
        self.because = because

    def add(self, model: type[Model], connection: BaseDatabaseWrapper) -> list[Statement]:
        made = TRIGGERS[connection.vendor].items()
        statements = [
            *PREPARE[connection.vendor],
            *(f"CREATE TRIGGER {self.name}_{end} {how}" for end, how in made),
        ]
        return [self._statement(sql, model, connection) for sql in statements]

    def drop(self, model: type[Model], connection: BaseDatabaseWrapper) -> list[Statement]:
        names = self.triggers(connection)
        return [self._statement(DROP[connection.vendor], model, connection, name=name) for name in names]

    def triggers(self, connection: BaseDatabaseWrapper) -> list[str]:
        return [f"{self.name}_{end}" for end in TRIGGERS[connection.vendor]]

    def _statement(
        self, sql: str, model: type[Model], connection: BaseDatabaseWrapper, **parts: str
    ) -> Statement:
        """A statement that follows its table when SQLite's rebuild renames it."""
        because = "'" + self.because.replace("'", "''") + "'"
        table = Table(model._meta.db_table, connection.ops.quote_name)
        return Statement(sql, table=table, because=because, **parts)

    # What Django asks of a constraint.

    def constraint_sql(self, model: Any, schema_editor: Any) -> str:
        """Nothing inside CREATE TABLE; the triggers follow when the table is complete."""
        schema_editor.deferred_sql.extend(self.add(model, schema_editor.connection))
        return ""

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        return self._together(self.add(model, schema_editor.connection))

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        return self._together(self.drop(model, schema_editor.connection))

    @staticmethod
    def _together(statements: list[Statement]) -> str:
        """Only PostgreSQL adds and drops a constraint by itself, and it takes several statements at once."""
        return ";\n".join(map(str, statements))

    def validate(self, *args: Any, **options: Any) -> None:
        """A row that is added is always welcome."""

    def deconstruct(self) -> tuple[str, Any, dict[str, Any]]:
        path, arguments, options = super().deconstruct()
        return path, arguments, {**options, "because": self.because}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RowsAreOnlyAdded) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash((self.name, self.because))


def declared() -> Iterator[tuple[type[Model], RowsAreOnlyAdded]]:
    """Every model whose rows are only added."""
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if isinstance(constraint, RowsAreOnlyAdded):
                yield model, constraint


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """What should refuse changes in this database and does not stand, or is switched off; by name."""
    wanted = {
        (model._meta.db_table, trigger)
        for model, constraint in declared()
        for trigger in constraint.triggers(connection)
    }
    with connection.cursor() as cursor:
        cursor.execute(STANDING[connection.vendor])
        absent = sorted(name for _, name in wanted - set(cursor.fetchall()))
        if connection.vendor == "sqlite":  # without it, INSERT OR REPLACE removes rows past the triggers
            cursor.execute("PRAGMA recursive_triggers")
            absent += [] if cursor.fetchone() == (1,) else ["PRAGMA recursive_triggers"]
    return absent
