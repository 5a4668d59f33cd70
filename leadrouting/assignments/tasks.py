"""Doorbells of the queue."""

from django.utils import timezone

from leadrouting.assignments import attaining, reconsidering, replays


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


def count_attainment() -> int:
    """Returns how many reps are closer to their quota than they were, or have begun a new one."""
    return attaining.count_attainment(timezone.now())


def count_win_rates() -> int:
    """Returns how many members of pools have another record than last night."""
    return attaining.count_win_rates(timezone.now())
