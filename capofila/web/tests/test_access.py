from typing import Any

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from capofila.web.access import demonstration, may_open, on_this_machine, opens_to


def request(**meta: Any) -> HttpRequest:
    return RequestFactory().get("/", **{"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost:8000", **meta})


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:8000", "[::1]", "[::1]:8000"])
@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_somebody_at_this_machine_is_known_by_address_and_name(host: str, address: str) -> None:
    assert on_this_machine(request(REMOTE_ADDR=address, HTTP_HOST=host))


@pytest.mark.parametrize(
    "meta",
    [
        {"REMOTE_ADDR": "192.168.1.7"},
        {"REMOTE_ADDR": ""},
        {"REMOTE_ADDR": "localhost"},
        {"HTTP_HOST": "capofila.example.org"},
        {"HTTP_HOST": "localhost.example.org"},
        {"HTTP_HOST": "example.org:localhost"},
        {"HTTP_HOST": ""},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_FORWARDED": "for=127.0.0.1"},
        {"HTTP_VIA": "1.1 proxy"},
    ],
)
def test_anybody_else_is_not_at_this_machine(meta: dict[str, str]) -> None:
    assert not on_this_machine(request(**meta))


def test_the_demonstration_opens_only_when_it_is_switched_on(settings: Settings) -> None:
    settings.CAPOFILA_DEMO = False
    closed = demonstration(request())
    settings.CAPOFILA_DEMO = True

    assert (closed, demonstration(request())) == (False, True)


def test_a_view_that_says_nothing_opens_to_nobody() -> None:
    def silent() -> None: ...

    assert not may_open(silent, request())
    assert may_open(opens_to(lambda request: True)(silent), request())
