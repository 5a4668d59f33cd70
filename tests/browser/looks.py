"""How a page looks and weighs to a browser: wide and on a phone, light and dark."""

from __future__ import annotations

from collections.abc import Iterator

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import PHONE, WIDE

AXE = Axe()
GRAVE = ("serious", "critical")


def looks(page: Page) -> Iterator[str]:
    """Each look in turn, named."""
    for size, (width, height) in (("wide", WIDE), ("phone", PHONE)):
        page.set_viewport_size({"width": width, "height": height})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            yield f"{size}, {scheme}"


def grave(page: Page) -> list[str]:
    """What axe-core finds serious or critical, each with the rule and the element."""
    return [
        f"{found['id']}: {node['html'][:200]} ({node['failureSummary'][:200]})"
        for found in AXE.run(page).response["violations"]
        if found["impact"] in GRAVE
        for node in found["nodes"]
    ]


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    return max(0, int(page.evaluate("document.documentElement.scrollWidth - innerWidth")))


def faults(page: Page) -> list[str]:
    """In all looks, as it comes and with all that opens open."""
    found = []
    for is_open in (False, True):
        page.evaluate("open => document.querySelectorAll('details').forEach(it => it.open = open)", is_open)
        for look in looks(page):
            here = f"{look}, {'open' if is_open else 'closed'}"
            found += [f"{here}: {fault}" for fault in grave(page)]
            found += [f"{here}: wider than the window by {by} px" for by in (overflow(page),) if by]
    return found
