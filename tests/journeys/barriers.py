"""What hinders somebody on a page."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def barriers(page: Page) -> list[str]:
    """What axe finds, and content wider than the screen, each with the page it is on."""
    wide = page.evaluate("window.innerWidth")
    found = [
        f"{page.url} at {wide}: {violation['id']} {node['target']}"
        for violation in Axe().run(page).response["violations"]
        for node in violation["nodes"]
    ]
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        found.append(f"{page.url} at {wide}: wider than the screen")
    return found
