"""What clocks do, in words."""

from __future__ import annotations

from leadrouting.sla.models import Rung
from leadrouting.sla.plan import BREACH, REMINDER

DONE = {
    REMINDER: "Reminder",
    BREACH: "Deadline missed",
    Rung.Do.NOTIFY: "Owner and manager told",
    Rung.Do.BACKUP: "Moved to the backup",
    Rung.Do.NEXT: "Moved on",
    Rung.Do.RAISE: "Raised to the manager",
    Rung.Do.QUEUE: "Moved to a queue",
}


def step_in_words(key: str, stayed: bool = False) -> str:
    """Of a key in a plan, e.g. `reminder 80`, `queue:12 3`."""
    if stayed:
        return "Could not be moved: no rules were live"
    return DONE[key.partition(" ")[0].partition(":")[0]]
