from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.conf import settings

from tests.sla.belfry import wait_for


@pytest.fixture
def environment(database_url: str) -> dict[str, str]:
    return os.environ | {"DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "config.settings"}


@pytest.fixture
def pulse(transactional_db: None, environment: dict[str, str]) -> Iterator[None]:
    """The pulse as it runs in production, in processes of its own."""
    import psutil

    keeper = subprocess.Popen(
        [sys.executable, "manage.py", "worker", "--cluster", "pulse"],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    assert wait_for(lambda: len(psutil.Process(keeper.pid).children(recursive=True)) >= 4, 20)
    yield
    keeper.terminate()
    keeper.wait(10)
