"""A person stops a lead's sequence, or lets it go on. Each is one transaction."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from leadrouting.assignments.errors import Refused
from leadrouting.notifications.models import Enrolment
from leadrouting.notifications.sequences.resuming import resume
from leadrouting.notifications.sequences.stopping import stop
from leadrouting.notifications.theirs import theirs
from leadrouting.teams.models import User

NOT_THEIRS = "Only the owner, the team's manager or sales ops can say what follows for a lead."
State = Enrolment.State
BY_HAND = " stopped it."
"""Behind the name of whoever did."""


@transaction.atomic
def stop_by_hand(*, lead_id: int, by: User, now: datetime) -> None:
    """A second time changes nothing. Raises Refused."""
    theirs(lead_id, by, NOT_THEIRS)
    mine = Enrolment.objects.filter(lead=lead_id)
    if not stop(mine, f"{by}{BY_HAND}", now) and not mine.exists():
        raise Refused("No sequence follows this lead.")


@transaction.atomic
def go_on(*, lead_id: int, by: User, now: datetime) -> None:
    """The one that was stopped last goes on where it was: the time in between does not count. Raises Refused."""
    lead = theirs(lead_id, by, NOT_THEIRS)
    newest = (
        Enrolment.objects.select_for_update(no_key=True, of=("self",))
        .select_related("sequence", "lead")
        .filter(lead=lead_id)
        .first()
    )
    step = newest.next_step if newest else None
    if newest is None or newest.state == State.DONE or not lead.is_open or step is None:
        raise Refused("There is nothing to go on with.")
    if newest.ended_at is None:
        return
    resume(newest, step, now)
