"""A real PostgreSQL for all tests; no network but the loopback."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import setup_databases, teardown_databases
from hypothesis import settings as hypothesis
from pytest_django.plugin import DjangoDbBlocker

from config import database

hypothesis.register_profile("house", deadline=None, print_blob=True)
hypothesis.register_profile("long", parent=hypothesis.get_profile("house"), max_examples=2000)
hypothesis.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))


@pytest.fixture(scope="session", autouse=True)
def _fast_passwords() -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session", autouse=True)
def _static_root() -> None:
    """A fresh clone has collected nothing yet, which WhiteNoise would warn about."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(scope="session", autouse=True)
def _loopback_only() -> Iterator[None]:
    """Refuse to connect anywhere else: a test that needs the network is not a test."""
    real = socket.socket.connect, socket.socket.connect_ex
    with pytest.MonkeyPatch.context() as patch:
        for method in real:
            patch.setattr(socket.socket, method.__name__, guarded(method))
        yield


def guarded(connect: Any) -> Any:
    def connect_to_loopback(sock: socket.socket, address: Any) -> Any:
        if sock.family != socket.AF_UNIX and not is_loopback(str(address[0])):
            raise AssertionError(f"A test wants to connect to {address}. Only the loopback is open.")
        return connect(sock, address)

    return connect_to_loopback


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@pytest.fixture(scope="session")
def committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test database, for tests that commit and clean up by themselves.

    pytest-django makes it only when some other test asks for it in one of the plugin's own ways, and leaves
    the connection with the real database otherwise.
    """
    with django_db_blocker.unblock():
        is_made = connection.settings_dict["NAME"] == connection.creation._get_test_db_name()
        made = [] if is_made else setup_databases(verbosity=0, interactive=False, aliases=["default"])
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture
def database_url(committed: None) -> str:
    """The test database's address, for processes that a test starts. They see only what is committed."""
    server = urlsplit(database.url(settings.BASE_DIR, environ.Env()))
    return server._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
