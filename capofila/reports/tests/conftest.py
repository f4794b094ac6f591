"""The download is tested by somebody who may do everything; rights are tested in `tests/`."""

import pytest
from django.test import Client

from capofila.consortium.models import Role
from capofila.consortium.tests.builders import make_member


@pytest.fixture
def client(request: pytest.FixtureRequest) -> Client:
    """A browser on this machine, in which a lead administrator has signed in."""
    request.getfixturevalue("db")
    browser = Client(HTTP_HOST="localhost")
    browser.force_login(make_member("Alice", Role.LEAD_ADMINISTRATOR).user)
    return browser
