"""Pages are compressed for browsers that can read it; what services ask for never is."""

from __future__ import annotations

import gzip

from django.test import Client

from tests import world

ZIPPED = {"Accept-Encoding": "gzip"}


def test_a_page_is_compressed_for_who_can_read_it(db):
    plain = Client().get("/login/")
    assert "Content-Encoding" not in plain.headers
    small = Client().get("/login/", headers=ZIPPED)
    assert small.headers["Content-Encoding"] == "gzip"
    assert b"<title>" in gzip.decompress(small.content) and len(small.content) < len(plain.content) / 2


def test_answers_of_the_api_are_not(db):
    client = Client(headers=ZIPPED)
    client.force_login(world.user(role="ops"))
    for path in ("/api/v1/schema/", "/api/v1/leads/"):
        answer = client.get(path)
        assert answer.status_code == 200 and "Content-Encoding" not in answer.headers
