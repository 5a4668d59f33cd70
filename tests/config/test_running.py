from __future__ import annotations

import socket
from pathlib import Path
from threading import Thread
from wsgiref.simple_server import make_server

import pytest

from config import running


def test_the_next_port_is_chosen_when_one_is_taken() -> None:
    with socket.socket() as taken:
        taken.bind((running.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert running.free_port(port) > port
    assert running.free_port(port) == port


def test_the_secret_is_made_once_and_for_our_eyes_only(tmp_path: Path) -> None:
    file = tmp_path / "secret_key"
    secret = running.secret_key(file)
    assert len(secret) >= 50
    assert running.secret_key(file) == secret
    assert file.stat().st_mode & 0o077 == 0


def test_what_is_set_already_stays(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SECRET_KEY", "mine")
    monkeypatch.setenv("DEMO", "0")
    variables = running.environment(tmp_path, "postgresql://here/db", 8123)
    assert (variables["SECRET_KEY"], variables["DEMO"]) == ("mine", "0")
    assert (variables["PORT"], variables["SITE_URL"]) == ("8123", "http://127.0.0.1:8123")
    assert not list(tmp_path.iterdir())


def test_any_answer_is_an_answer() -> None:
    def refuse(environment: object, start: object) -> list[bytes]:
        start("404 Not Found", [])  # type: ignore[operator]
        return [b""]

    with make_server(running.HOST, 0, refuse) as server:
        url = f"http://{running.HOST}:{server.server_port}/healthz"
        Thread(target=server.handle_request).start()
        assert running.answers(url)
    assert not running.answers(url)
