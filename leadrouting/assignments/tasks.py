"""Doorbells of the queue."""

from django.utils import timezone

from leadrouting.assignments import reconsidering, replays


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
