"""What every test shares: a data folder of its own, so that none writes where people work."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from capofila.journal.tests import tampering

# The browser's driver runs a loop in the thread of the tests, which are synchronous nevertheless.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


@pytest.fixture(autouse=True)
def data_folder(settings: Settings, tmp_path: Path) -> Path:
    settings.CAPOFILA_DATA = tmp_path / "data"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick, for tests alone
    return tmp_path / "data"


@pytest.fixture
def demonstration(settings: Settings) -> None:
    """The demonstration pages are open to whoever sits at this machine, as the test client does."""
    settings.CAPOFILA_DEMO = True
    settings.LOGIN_URL = "desk:personas"
    settings.ALLOWED_HOSTS = ["*"]


@pytest.fixture
def client() -> Client:
    """A browser on this machine."""
    return Client(HTTP_HOST="localhost")


@pytest.fixture(autouse=True, scope="session")
def append_only_tables_are_emptied() -> Iterator[None]:
    """Tests that commit (`django_db(transaction=True)`, a live server) leave nothing behind."""
    with tampering.emptied_after_commits():
        yield
