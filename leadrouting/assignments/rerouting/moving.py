"""A selection on its way, and on its way back.

Who goes on after a crash finds `cursor` where the last portion was committed; nothing is done twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django_q.tasks import async_task

from leadrouting.assignments.errors import Refused
from leadrouting.assignments.models import Rerouted, Rerouting
from leadrouting.assignments.orders import Cause, Order
from leadrouting.assignments.rerouting.choosing import is_same, may_reroute, orders, portion_of
from leadrouting.assignments.routing import route_many
from leadrouting.leads.models import Lead
from leadrouting.rules import live as rules
from leadrouting.teams.models import Queue, Rep, User

State = Rerouting.State
One = Rerouted.State


@transaction.atomic
def start(
    made: Rerouting,
    *,
    by: User,
    reason: str,
    now: datetime,
    to_rep: Rep | None = None,
    to_queue: Queue | None = None,
) -> Rerouting:
    """Begin to move them. Raises Refused with what to do, NotYours."""
    may_reroute(by)
    made = Rerouting.objects.select_for_update().get(pk=made.pk)
    if made.state != State.DRAFT:
        raise Refused("This was started already. The page shows how far it is.")
    if not reason.strip():
        raise Refused("Say why the leads move: the reason is kept with each.")
    if to_rep is not None and not to_rep.is_active:
        raise Refused(f"{to_rep} is not active. Choose somebody who is.")
    if to_rep is None and to_queue is None and rules.current() is None:
        raise Refused("No rule set is live, so the rules cannot decide. Choose a rep or a queue.")
    made.to_rep, made.to_queue, made.reason = to_rep, to_queue, reason.strip()[:160]
    made.state, made.started_at, made.cursor = State.RUNNING, now, 0
    made.save()
    ring(made)
    return made


@transaction.atomic
def stop(made: Rerouting, *, by: User, now: datetime) -> Rerouting:
    """After the portion that is being moved; what has moved stays. Raises Refused, NotYours."""
    return turned(made, by, now, {State.RUNNING}, State.STOPPED, "It does not run: there is nothing to stop.")


@transaction.atomic
def undo(made: Rerouting, *, by: User, now: datetime) -> Rerouting:
    """Begin to move back what is still where it was moved to. Raises Refused, NotYours."""
    done = {State.DONE, State.STOPPED}
    made = turned(
        made, by, now, done, State.UNDOING, "Only what has run to its end, or was stopped, is undone."
    )
    ring(made)
    return made


def turned(
    made: Rerouting, by: User, now: datetime, among: set[State], to: State, otherwise: str
) -> Rerouting:
    may_reroute(by)
    made = Rerouting.objects.select_for_update(of=("self",)).get(pk=made.pk)
    if made.state not in among:
        raise Refused(otherwise)
    made.state, made.ended_at = to, now if to == State.STOPPED else None
    made.cursor = made.cursor if to == State.STOPPED else 0
    made.save()
    return made


def ring(made: Rerouting) -> None:
    transaction.on_commit(lambda: async_task("leadrouting.assignments.tasks.reroute", made.pk), robust=True)


@transaction.atomic
def go_on(pk: int, now: datetime) -> bool:
    """Move, or move back, the next portion; whether there is more. Another who is at it is left to it."""
    made = Rerouting.objects.select_for_update(skip_locked=True).filter(pk=pk).first()
    if made is None or made.state not in (State.RUNNING, State.UNDOING):
        return False
    portion = list(portion_of(made, made.cursor))
    if portion:
        move(made, portion, now) if made.state == State.RUNNING else move_back(made, portion, now)
        made.cursor = portion[-1].position
    else:
        made.state = State.DONE if made.state == State.RUNNING else State.UNDONE
        made.ended_at = now
    made.save(update_fields=["cursor", "state", "ended_at"])
    return bool(portion)


def unfinished() -> list[int]:
    return list(
        Rerouting.objects.filter(state__in=[State.RUNNING, State.UNDOING]).values_list("pk", flat=True)
    )


def move(made: Rerouting, portion: Sequence[Rerouted], now: datetime) -> None:
    outcomes = {one.lead: one for one in route_many(orders(made, portion, made.reason), now)}
    for one in portion:
        lead, outcome = one.lead, outcomes.get(one.lead_id)
        one.before_rep_id, one.before_queue_id = lead.owner_id, lead.queue_id
        one.before_route_at = lead.route_at
        if not lead.is_open:
            one.state, one.note = One.LEFT, f"It is closed ({lead.get_status_display().lower()})."
        elif outcome is None or is_same(lead, outcome):
            one.state = One.STAYS
        else:
            one.state, one.decision_id = One.MOVED, outcome.decision
    save(portion)


def move_back(made: Rerouting, portion: Sequence[Rerouted], now: datetime) -> None:
    """Only leads that are where they were moved to; to reps who are active, and to queues as they waited there."""
    moved = [one for one in portion if one.state == One.MOVED]
    latest = latest_decisions([one.lead_id for one in moved])
    active = set(
        Rep.objects.filter(pk__in={one.before_rep_id for one in moved}, is_active=True).values_list(
            "pk", flat=True
        )
    )
    back: list[Order] = []
    for one in moved:
        one.state, one.note = One.KEPT, why_kept(one, latest.get(one.lead_id), active)
        if not one.note:
            back.append(back_order(made, one))
    done = {outcome.lead for outcome in route_many(back, now)}
    for one in moved:
        if one.lead_id in done:
            one.state = One.UNDONE
        elif not one.note:
            one.note = "It has moved on since."
    due = [one.lead_id for one in moved if one.state == One.UNDONE and one.before_route_at is not None]
    Lead.objects.filter(pk__in=due, owner=None).update(route_at=now)
    save(moved)


def latest_decisions(leads: Sequence[int]) -> dict[int, int]:
    newest = Lead.objects.filter(pk__in=leads).order_by("pk", "-decisions__decided_at", "-decisions__pk")
    return dict(newest.distinct("pk").values_list("pk", "decisions__pk"))


def why_kept(one: Rerouted, latest: int | None, active: set[int]) -> str:
    if not one.lead.is_open:
        return f"It is closed ({one.lead.get_status_display().lower()})."
    if latest != one.decision_id:
        return "It has moved on since."
    if one.before_rep_id is not None and one.before_rep_id not in active:
        return "Who had it before is not active any more."
    return ""


def back_order(made: Rerouting, one: Rerouted) -> Order:
    return Order(
        lead=one.lead_id,
        cause=Cause.REASSIGN,
        actor=made.by_id,
        reason=f"Undone: {made.reason}"[:200],
        moves_from=one.decision_id if one.lead.owner_id else None,
        if_unowned=one.lead.owner_id is None,
        to=one.before_rep_id,
        to_queue=one.before_queue_id,
    )


def save(portion: Sequence[Rerouted]) -> None:
    fields = ["state", "before_rep", "before_queue", "before_route_at", "decision", "note"]
    Rerouted.objects.bulk_update(portion, fields)
