"""What every test shares: a data folder of its own, so that none writes where people work."""

from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings


@pytest.fixture(autouse=True)
def data_folder(settings: Settings, tmp_path: Path) -> Path:
    settings.CAPOFILA_DATA = tmp_path / "data"
    return tmp_path / "data"


@pytest.fixture
def demonstration(settings: Settings) -> None:
    """The demonstration pages are open to whoever sits at this machine, as the test client does."""
    settings.CAPOFILA_DEMO = True
    settings.ALLOWED_HOSTS = ["*"]


@pytest.fixture
def client() -> Client:
    """A browser on this machine."""
    return Client(HTTP_HOST="localhost")
