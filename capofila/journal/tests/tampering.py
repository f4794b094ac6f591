"""What somebody does who owns the database: take the triggers away. The only place where tests do so."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test import TransactionTestCase

from capofila.journal import append_only
from capofila.journal.models import Head


@contextmanager
def unguarded() -> Iterator[None]:
    """While this lasts, rows that are only added can be changed and removed like any others."""
    _execute(str(sql) for model, kept in append_only.declared() for sql in kept.drop(model, connection))
    try:
        yield
    finally:
        _execute(str(sql) for model, kept in append_only.declared() for sql in kept.add(model, connection))


def _execute(statements: Iterator[str]) -> None:
    with connection.cursor() as cursor:
        if connection.in_atomic_block:  # PostgreSQL drops no trigger while a foreign key waits to be checked
            connection.check_constraints()
        for statement in statements:
            cursor.execute(statement)


@contextmanager
def emptied_after_commits() -> Iterator[None]:
    """Django empties all tables after a test that commits: let it, and put back what migrations put there."""
    empty = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def empty_unguarded(case: TransactionTestCase) -> None:
        with unguarded():
            empty(case)
        Head.objects.get_or_create()

    TransactionTestCase._fixture_teardown = empty_unguarded  # type: ignore[attr-defined]
    try:
        yield
    finally:
        TransactionTestCase._fixture_teardown = empty  # type: ignore[attr-defined]
