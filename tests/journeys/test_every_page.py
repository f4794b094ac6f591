"""Every page that links lead to, as each kind of person: no barrier, in both languages, wide and narrow.

The walk follows links, so that a new page is looked at without being named here; a page that no link
leads to has to be named.
"""

from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import pytest
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve
from playwright.sync_api import Page

from tests.journeys.barriers import barriers
from tests.journeys.conftest import LEAD, OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WIDTHS = (375, 1280)
CONSULTANT, CONTACT = "Irene Bassani", "Nadia Albarelli"
STARTS = {  # where each begins; what links lead to follows
    LEAD: ("/",),
    CONSULTANT: (
        "/", "/web/components/", "/web/components/?theme=dark", "/assessments/1/areas/mnt/?open=all",
        "/assessments/2/areas/d1/", "/assessments/1/answers/", "/assessments/1/invite/",
        "/assessments/1/complete/", "/assessments/1/comparison/", "/assessments/1/report/it/",
        "/assessments/1/roadmap/?show=all&sort=gain",
    ),
    CONTACT: ("/",),
    None: (
        "/account/sign-in/", "/account/link/", "/account/link/asked/", "/account/password/reset/asked/",
        "/account/password/reset/done/", "/account/inactive/", "/account/provider/cancelled/",
        "/account/provider/error/", "/account/sign-up/", "/account/enter/x/", "/join/x/",
    ),
}  # fmt: skip
# What no link leads to: a new page that joins them without a journey of its own is a page nobody looked at.
NOT_LINKED = {
    # it needs a secret, an own identity provider, a device, a file or a state that only a journey makes
    "account/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$", "account/confirm/",
    "account/passkeys/", "account/passkeys/<int:pk>/name/", "account/passkeys/<int:pk>/remove/",
    "account/passkeys/confirm/", "account/password/set/", "account/provider/connections/",
    "account/provider/sign-up/", "account/second-factor/app/remove/", "account/second-factor/codes/",
    "account/second-factor/codes/file/", "account/second-factor/codes/new/", "account/second-factor/confirm/",
    "account/second-factor/sign-in/", "address/asked/", "address/confirm/<str:key>/",
    "assessments/evidence/<uuid:pk>/", "companies/duplicates/<int:pk>/", "companies/lists/<int:pk>/",
    "reports/handed-over/<int:pk>/", "reports/handed-over/<int:pk>/html/",
    "reports/handed-over/<int:pk>/inputs/", "reports/handed-over/<int:pk>/word/",
    # it is sent to, not opened
    "account/language/", "account/passkeys/sign-in/", "account/provider/<str:provider_id>/",
    "account/provider/<str:provider_id>/back/", "account/sign-out/", "assessments/<int:pk>/report/make/",
    "assessments/<int:pk>/roadmap/actions/<str:action>/progress/", "assessments/<int:pk>/roadmap/change/",
    "companies/<int:pk>/file/contact/<int:contact>/consent/", "companies/<int:pk>/file/serve/",
    "companies/<int:pk>/file/status/<int:status>/end/", "invitations/<int:pk>/withdraw/", "service-worker.js",
}  # fmt: skip


@pytest.mark.parametrize("language", ["it", "en"])
def test_no_page_raises_a_barrier(open_page: OpenPage, language: str) -> None:
    mistakes: list[str] = []
    met: set[str] = set()

    for person, starts in STARTS.items():
        page = open_page(starts[0], language=language, persona=person)
        seen = walk(page, starts, met if person == CONSULTANT else set(), mistakes)
        met |= seen

    assert not mistakes, "\n".join(mistakes)
    assert {route for route in routes() if not route.startswith("api/")} - met <= NOT_LINKED


def walk(page: Page, starts: tuple[str, ...], known: set[str], mistakes: list[str]) -> set[str]:
    """Look at the starts, and at a page of each route that links lead to, but of those known; routes met."""
    here = page.url
    host = urlsplit(here).netloc
    waiting, met = [urljoin(here, start) for start in starts], set[str]()
    named, looked_at = set(waiting), set[str]()
    while waiting:
        address = waiting.pop(0)
        route = route_of(address)
        if route is None or address in looked_at or (route in met and address not in named):
            continue
        met.add(route)
        looked_at.add(address)
        if route.startswith("api/") or not is_page(page, address):
            continue
        page.goto(address)
        if route not in known or address in named:
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                mistakes += barriers(page)
        links = page.eval_on_selector_all("a[href]", "links => links.map(link => link.getAttribute('href'))")
        there = [urljoin(address, link).partition("#")[0] for link in links]
        waiting += [link for link in there if urlsplit(link).netloc == host]
    return met


def is_page(page: Page, address: str) -> bool:
    answer = page.request.get(address, max_redirects=0)
    kind, saved = (answer.headers.get(name, "") for name in ("content-type", "content-disposition"))
    return answer.status == 200 and kind.startswith("text/html") and not saved.startswith("attachment")


def route_of(address: str) -> str | None:
    try:
        return resolve(urlsplit(address).path).route
    except Resolver404:
        return None


def routes(resolver: URLResolver | None = None, before: str = "") -> Iterator[str]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, before + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield before + str(pattern.pattern)
