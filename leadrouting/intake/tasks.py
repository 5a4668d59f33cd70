"""Doorbells for what has arrived. All may ring twice."""

from django.utils import timezone

from leadrouting.intake import deliveries
from leadrouting.intake.importing import runs
from leadrouting.intake.mail import reading


def work_off(delivery: int) -> None:
    deliveries.work_off(delivery, timezone.now())


def work_off_due() -> int:
    return deliveries.work_off_due(timezone.now())


def read_mailboxes() -> None:
    reading.read_due(timezone.now())


def forget_old_deliveries() -> int:
    return deliveries.forget(timezone.now())


def import_run(pk: int) -> None:
    """A stretch of an import; the next task goes on."""
    runs.carry_on(pk, timezone.now)


def forget_old_files() -> int:
    """Of imports."""
    return runs.forget_files(timezone.now())


def link_imported(pk: int) -> int:
    """Open leads to the accounts of an import."""
    return runs.link_imported(pk, timezone.now())


def import_unfinished() -> None:
    """What a worker that died has left."""
    for pk in runs.unfinished(timezone.now()):
        runs.carry_on(pk, timezone.now)
