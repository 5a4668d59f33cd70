"""What a page costs on the first visit, before anything is cached: under 100 kB in total, and nothing from elsewhere."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Response
from whitenoise.compress import Compressor

from tests.workspace.addresses import PAGES, House, whole_house

MOST = 100_000  # bytes, bodies as sent
ICONS = ("/static/leadrouting/icon-", "/static/leadrouting/logo.svg", "/manifest.webmanifest")  # cached apart


@pytest.fixture
def house(transactional_db: None, chromium: object) -> House:
    house = whole_house()
    for number in range(40):
        house.scene.priyas(name=f"Żółć Łukasz {number}")
    return house


def sent(response: Response) -> int:
    """How many bytes: static files as they are compressed when they are collected, pages as they came."""
    body, path = response.body(), urlsplit(response.url).path
    if not path.startswith("/static/"):
        return int(response.headers.get("content-length", len(body)))
    compressor = Compressor(quiet=True)
    if not compressor.should_compress(path):
        return len(body)
    return min(len(body), len(compressor.compress_gzip(body)))


@pytest.mark.parametrize("name", ["login", *PAGES])
def test_first_load(house, open_as, live_server, name):
    person = {"login": None, "reach": house.scene.priya.user}.get(name, house.scene.mira)
    answers: list[Response] = []
    page = open_as(person, "/manifest.webmanifest")
    page.on("response", lambda answer: answers.append(answer))
    page.goto(house.address(name))
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    parts = [(urlsplit(answer.url).path, sent(answer)) for answer in answers]
    assert all(answer.url.startswith(f"{live_server.url}/") for answer in answers), (
        "Something came from elsewhere."
    )
    assert any(path.endswith(".woff2") for path, _ in parts)
    weight = sum(size for path, size in parts if not path.startswith(ICONS))
    assert weight < MOST, parts
