"""Every page that links lead to, as each kind of person: no barrier, in both languages, wide and narrow.

The walk follows links, so that a new page is looked at without being named here; a page that no link
leads to has to be named.
"""

from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import pytest
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve
from playwright.sync_api import Page

from tests.journeys.conftest import LEAD, OpenPage
from tests.journeys.test_first_visit import LANGUAGES, WIDTHS, barriers

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CONSULTANT, CONTACT = "Irene Bassani", "Nadia Albarelli"
STARTS = {  # where each begins; what links lead to follows
    CONSULTANT: ("/", "/web/components/?theme=dark"),
    LEAD: ("/",),
    CONTACT: ("/",),
    None: ("/account/sign-in/", "/account/link/", "/account/link/asked/", "/account/password/reset/asked/"),
}
# Pages that no link leads to, each for its reason; a page that joins them is a decision, made here.
NOT_LINKED: set[str] = set()


def routes(resolver: URLResolver | None = None, before: str = "") -> Iterator[str]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, before + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield before + str(pattern.pattern)


def route_of(address: str) -> str | None:
    try:
        return resolve(urlsplit(address).path).route
    except Resolver404:
        return None


def walk(page: Page, starts: tuple[str, ...], met: set[str]) -> list[str]:
    """Look at the first page of each route that links lead to; what is wrong with them."""
    here = page.url
    waiting, mistakes = [urljoin(here, start) for start in starts], []
    seen: set[str] = set()
    while waiting:
        address = waiting.pop(0)
        route = route_of(address)
        if route is None or (route in seen and address not in waiting and "theme" not in address):
            continue
        seen.add(route)
        if route.startswith("api/") or "sign-out" in route:
            continue
        answer = page.request.get(address, max_redirects=0)
        met.add(route)
        if answer.status != 200 or not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        if "attachment" in answer.headers.get("content-disposition", ""):
            continue
        page.goto(address)
        mistakes += barriers(page)
        links = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
        host = urlsplit(here).netloc
        waiting += [link.partition("#")[0] for link in links if urlsplit(link).netloc == host]
    return mistakes


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_that_a_link_leads_to_raises_a_barrier(
    open_page: OpenPage, width: int, language: str
) -> None:
    mistakes: list[str] = []
    met: set[str] = set()

    for person, starts in STARTS.items():
        page = open_page(starts[0], width=width, language=language, persona=person)
        mistakes += walk(page, starts, met)

    assert not mistakes, "\n".join(mistakes)
    missed = {route for route in routes() if not route.startswith("api/")} - met
    assert missed == NOT_LINKED
