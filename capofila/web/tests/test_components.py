import re
from pathlib import Path

import pytest
from django.test import Client

from capofila.web import release

pytestmark = pytest.mark.django_db
STYLES = Path(__file__).parent.parent / "static" / "web" / "capofila.css"


def test_the_sheet_of_components_shows_light_and_dark(client: Client) -> None:
    light = client.get("/web/components/?theme=light").content.decode()
    dark = client.get("/web/components/?theme=dark").content.decode()
    system = client.get("/web/components/?theme=<b>").content.decode()

    assert 'data-theme="light"' in light
    assert 'data-theme="dark"' in dark
    assert "data-theme" not in system


def test_every_class_on_the_sheet_has_a_style(client: Client) -> None:
    page = client.get("/web/components/").content.decode()
    used = {
        name for names in re.findall(r'class="([^"]+)"', page.partition("<main")[2]) for name in names.split()
    }
    styled = set(re.findall(r"\.([a-z][a-z0-9-]*)", STYLES.read_text(encoding="utf-8")))

    assert used - styled == set()


def test_the_service_worker_answers_for_the_whole_site_and_is_never_old(client: Client) -> None:
    response = client.get("/service-worker.js")

    assert response.headers["Service-Worker-Allowed"] == "/"
    assert response.headers["Cache-Control"] == "no-cache"
    assert response.headers["Content-Type"].startswith("text/javascript")


def test_scripts_and_styles_carry_their_release_in_the_address(client: Client) -> None:
    page = client.get("/web/components/").content.decode()

    assert f"/static/web/capofila.css?v={release.of_statics()}" in page
    assert re.fullmatch(r"[0-9a-f]{12}", release.of_statics())
