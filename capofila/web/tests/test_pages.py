import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from capofila.lib.problems import Problem, Refused
from capofila.web.fonts import FILES
from capofila.web.middleware import CONTENT_SECURITY_POLICY, ProblemPages

pytestmark = pytest.mark.django_db  # closing an answer closes old connections


def addresses(resolver: URLResolver | None = None, before: str = "/") -> Iterator[str]:
    """Every page there is, with something believable in the place of each argument."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, route)
        else:
            assert isinstance(pattern, URLPattern)
            numbered = re.sub(r"<int:\w+>", "1", route)
            yield re.sub(r"<(\w+:)?\w+>|\^|\$|\(\?P<.*?\)", "it", numbered)


def test_the_walk_over_all_pages_finds_them() -> None:
    found = set(addresses())

    assert {"/", "/companies/1/", "/assessments/1/report/it/", "/reports/1/"} <= found
    assert not any("<" in address for address in found)


@pytest.mark.parametrize("address", sorted(addresses()))
@pytest.mark.parametrize(
    "elsewhere",
    [{"REMOTE_ADDR": "192.168.1.7"}, {"HTTP_HOST": "hub.example.org"}, {"HTTP_X_FORWARDED_FOR": "10.0.0.1"}],
)
@pytest.mark.usefixtures("demonstration")
def test_no_page_of_the_demonstration_opens_to_another_machine(
    client: Client, address: str, elsewhere: dict[str, Any]
) -> None:
    response = client.get(address, **elsewhere)

    assert response.status_code == 404


@pytest.mark.parametrize("address", ["/", "/nothing-here/", "/static/web/capofila.css"])
def test_every_answer_carries_the_content_security_policy(client: Client, address: str) -> None:
    response = client.get(address)
    response.close()

    assert response.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_the_policy_allows_nothing_inline_and_nothing_from_outside() -> None:
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "http" not in CONTENT_SECURITY_POLICY
    assert CONTENT_SECURITY_POLICY.startswith("default-src 'none'")


@pytest.mark.parametrize("name", sorted(FILES))
def test_the_fonts_come_from_the_packages_that_bring_them(client: Client, name: str) -> None:
    response = client.get(f"/static/{name}")
    served = response.getvalue()
    response.close()

    assert served == FILES[name].read_bytes()


def test_six_fonts_are_offered() -> None:
    assert len(FILES) == 6


def test_a_page_that_is_not_there_says_so_calmly(client: Client) -> None:
    response = client.get("/nothing-here/")

    assert response.status_code == 404
    assert "Questa pagina non c’è" in response.content.decode()


def test_a_refusal_that_no_form_caught_is_a_page_with_its_words(rf: RequestFactory) -> None:
    class Taken(Problem):
        status = 409

    problems = [Problem("a.b", "Nobody is called {name}.", name="<Charlie>"), Taken("a.c", "It is taken.")]
    pages = ProblemPages(lambda request: pytest.fail("not asked for"))

    response = pages.process_exception(rf.get("/"), Refused(problems))

    assert response is not None
    assert response.status_code == 422
    assert "Nobody is called &lt;Charlie&gt;." in response.content.decode()


def test_our_own_fault_is_left_to_the_page_for_it() -> None:
    pages = ProblemPages(lambda request: pytest.fail("not asked for"))

    assert pages.process_exception(object(), ValueError("a bug")) is None  # type: ignore[arg-type]
