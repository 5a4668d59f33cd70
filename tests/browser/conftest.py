"""A real browser: Debian's Chromium, driven by playwright. Without one these tests are left out, and say so."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from leadrouting.teams.models import User

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE, PHONE = (1440, 900), (360, 780)
PATIENCE = 10_000  # ms; a live page asks every two seconds, and the machine may be busy


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    left_out = pytest.mark.skip(
        reason="Browser tests are left out: there is no `chromium` here. apt-get install chromium brings it."
    )
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(left_out)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # playwright's synchronous API keeps an event loop in this thread; Django takes that for async code.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        expect.set_options(timeout=PATIENCE)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_as(
    transactional_db: None, chromium: Browser, live_server: LiveServer
) -> Iterator[Callable[..., Page]]:
    """`open_as(user, path, size=…)`: a page in a browser of one's own, logged in as this user.

    What the browser complains about (errors in scripts, what the security policy refused) fails the test.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(user: User | None, path: str, size: tuple[int, int] = WIDE, **options: Any) -> Page:
        context = chromium.new_context(
            base_url=live_server.url, viewport={"width": size[0], "height": size[1]}, **options
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        if user is not None:
            context.add_cookies([{**session_of(user), "url": live_server.url}])
        page = context.new_page()
        page.on(
            "console",
            lambda line: complaints.append(line.text) if is_complaint(line.text, line.type) else None,
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def is_complaint(text: str, kind: str) -> bool:
    """An answer of 404, 409 or 422 is reported by the browser too, and is part of a test."""
    return kind == "error" and not text.startswith("Failed to load resource")


def session_of(user: User) -> dict[str, str]:
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value}
