"""Doorbells of the queue."""

from time import monotonic

from django.db import transaction
from django.utils import timezone
from django_q.tasks import async_task

from leadrouting.assignments import attaining, reconsidering, replays, rerouting, scoring

STRETCH = 20
"""Seconds that one task works on a selection, below the cluster's timeout; the next one goes on."""


def replay_decisions() -> int:
    """Recompute what was decided since the last clean run. Returns how many decisions differ."""
    started_at = timezone.now()
    since = replays.next_since()
    if since is None:
        return 0
    run = replays.recompute(since, until=started_at)
    return replays.keep(run, started_at=started_at, finished_at=timezone.now()).different


def review_proposals() -> int:
    """Other rules are live. Returns how many proposals they leave open."""
    return reconsidering.review(now=timezone.now())


def reconsider_leads(leads: list[int]) -> None:
    """What is known of these leads has changed: the rules are asked about each."""
    for lead in leads:
        reconsidering.reconsider(lead, now=timezone.now())


def count_attainment() -> int:
    """Returns how many reps are closer to their quota than they were, or have begun a new one."""
    return attaining.count_attainment(timezone.now())


def count_win_rates() -> int:
    """Returns how many members of pools have another record than last night."""
    return attaining.count_win_rates(timezone.now())


def reroute(pk: int) -> None:
    """Portion by portion. May ring twice, or together."""
    end = monotonic() + STRETCH
    while rerouting.go_on(pk, timezone.now()):
        if monotonic() > end:
            with transaction.atomic():
                async_task("leadrouting.assignments.tasks.reroute", pk)
            return


def reroute_unfinished() -> None:
    """What a worker that died has left."""
    for pk in rerouting.unfinished():
        reroute(pk)


def score_open_again() -> int:
    """Points or tiers have changed. Returns how many leads have another score."""
    return scoring.score_open_again()
