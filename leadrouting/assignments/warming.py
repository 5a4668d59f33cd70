"""What receiving and routing keep in a process's memory, read before the first lead asks for it."""

from __future__ import annotations

import logging
from datetime import datetime
from threading import Thread

from django.db import connection

from leadrouting.leads.enriching import identifier
from leadrouting.rules import live as rules
from leadrouting.teams.snapshot import people_now

logger = logging.getLogger(__name__)


def warm(now: datetime) -> None:
    """People, the compiled territories, the live rules, and last the model that tells languages. What fails is logged
    and left to the first lead."""
    try:
        people_now().at(now)
        if live := rules.current():
            live.at(now)
        identifier()
    except Exception:
        logger.exception("What routing needs could not be read ahead")


def warm_meanwhile(now: datetime) -> Thread:
    """The same beside what the process does anyway; a lead that comes before it is done waits for it."""
    thread = Thread(target=warm_and_hang_up, args=(now,), name="warm", daemon=True)
    thread.start()
    return thread


def warm_and_hang_up(now: datetime) -> None:
    warm(now)
    connection.close()
