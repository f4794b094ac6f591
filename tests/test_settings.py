"""Which database the environment names."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from capofila.settings import _database

FILE = Path("capofila.sqlite3")


def test_without_an_address_the_database_is_a_file() -> None:
    database = _database("", FILE)

    assert (database["ENGINE"], database["NAME"]) == ("django.db.backends.sqlite3", FILE)


@pytest.mark.parametrize("scheme", ["postgresql", "postgres"])
def test_an_address_names_a_database_of_postgresql(scheme: str) -> None:
    database = _database(f"{scheme}://alice:s%40cret@db.example.org:5433/hub?sslmode=require", FILE)

    assert database == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "hub",
        "USER": "alice",
        "PASSWORD": "s@cret",
        "HOST": "db.example.org",
        "PORT": "5433",
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"sslmode": "require", "pool": {"min_size": 2, "max_size": 8, "timeout": 10}},
    }


def test_a_server_on_this_machine_may_be_reached_by_its_socket() -> None:
    database = _database("postgresql:///hub?host=/run/postgresql", FILE)

    assert (database["NAME"], database["HOST"], database["USER"]) == ("hub", "/run/postgresql", "")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("sqlite:///hub.sqlite3", "leave it out for SQLite"),
        ("mysql://alice:secret@db.example.org/hub", "leave it out for SQLite"),
        ("host=db.example.org password=secret", "leave it out for SQLite"),
        ("postgresql://alice:secret@db.example.org:5432", "names no database"),
        ("postgresql://alice:secret@db.example.org/hub?colour=red", "cannot be read"),
        ("postgresql://alice:secret%@db.example.org/hub", "cannot be read"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_without_telling_its_password(url: str, words: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=words) as refused:
        _database(url, FILE)

    assert "DATABASE_URL" in str(refused.value)
    assert "secret" not in str(refused.value)
    assert refused.value.__suppress_context__ or refused.value.__context__ is None
