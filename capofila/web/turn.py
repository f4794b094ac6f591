"""Writers to SQLite in a queue: each begins the moment the one before has ended.

SQLite lets one transaction write at a time. By itself a second one tries again after 1, 2, 5, then up to
100 milliseconds, whoever came first: with many writers much time passes asleep, and some wait for a second.
A lock on a file beside the database is handed on by the system at once, between threads and processes, and
is given back when its holder dies. Whoever writes without a turn waits as before. PostgreSQL needs none.
"""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.sqlite3.base import DatabaseWrapper

_mine = threading.local()  # this thread's own opening of the file: the lock is between openings


@contextmanager
def turn() -> Iterator[None]:
    """Around a transaction that writes; inside of one, or without a database file, it is nothing."""
    path = _path()
    if path is None:
        yield
        return
    with turn_at(path):
        yield


@contextmanager
def turn_at(path: str) -> Iterator[None]:
    """Wait until nobody else has the turn at this file, and have it."""
    file = _opened(path)
    fcntl.flock(file, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)


def _path() -> str | None:
    database = connections[DEFAULT_DB_ALIAS]
    if not isinstance(database, DatabaseWrapper) or database.in_atomic_block or database.is_in_memory_db():
        return None
    return f"{database.settings_dict['NAME']}-turn"


def _opened(path: str) -> int:
    known: tuple[str, int] | None = getattr(_mine, "file", None)
    if known is None or known[0] != path:
        if known is not None:
            os.close(known[1])
        _mine.file = known = path, os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    return known[1]
