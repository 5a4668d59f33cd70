"""The loop around due work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

Act = Callable[[datetime, int], int]
"""Does what is due at the given instant (UTC), at most so much of it; returns how much was due."""

LIMIT = 100
"""How much is asked for in one call."""
BUDGET = timedelta(seconds=1)
"""A sweep gives way after this long, so that one kind of work does not hold up another."""


def sweep(act: Act, *, clock: Callable[[], datetime], limit: int = LIMIT, budget: timedelta = BUDGET) -> int:
    """Act on what is due; returns how much that was.

    1. Act on what is due at this moment.
    2. Again, if there was more than fits into one call and there is time left.

    What is still due afterwards (too much, or in the hands of another worker) is not waited for here: the
    pulse sweeps again each second until nothing is due.
    """
    start = now = clock()
    total = 0
    while now - start < budget:
        done = act(now, limit)
        total += done
        if done < limit:
            break
        now = clock()
    return total
