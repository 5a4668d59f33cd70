"""After a territory has got another owner: which open leads would go to them now, doing it, and undoing it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction

from leadrouting.assignments.errors import NotYours, Refused
from leadrouting.assignments.facts import facts_of
from leadrouting.assignments.insight.sending import sent
from leadrouting.assignments.models import Assignment
from leadrouting.assignments.orders import Cause, Order, Outcome
from leadrouting.assignments.ownership import may_manage, reassign
from leadrouting.assignments.routing import route_many
from leadrouting.assignments.supposing import row_of
from leadrouting.engine.model import StepKind
from leadrouting.leads.models import Lead
from leadrouting.rules import live as rules
from leadrouting.teams.models import Pool, Rep, User
from leadrouting.teams.snapshot import people_now

MOST = 5_000
"""Open leads that are looked at, the newest."""
SALT = "assignments.handover"
UNDO_FOR = timedelta(days=1)
REASON = "The territory has another owner"


@dataclass(frozen=True, slots=True)
class Move:
    """An open lead whose rule sends it to the territory's owner, who is somebody else than its owner.

    Either to a rep, or to whoever's turn it is in a pool.
    """

    lead: Lead
    to: str
    rep: int | None
    pool: int | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """`undo` is a token; `refused` says of each lead that stayed why."""

    leads: int
    undo: str
    refused: Sequence[str]


def moves(code: str, now: datetime) -> list[Move]:
    """Six queries. Newest leads first; those whose rule sends them elsewhere are none of the territory's owner's."""
    who = people_now()
    live = rules.current()
    if live is None:
        return []
    match, catch_all = live.at(now).match, live.rule_set.catch_all
    leads = (
        Lead.objects.open()
        .select_related("campaign", "account", "owner__user")
        .prefetch_related("account__domains")
        .order_by("-pk")[:MOST]
    )
    found = []
    for lead in leads:
        facts = facts_of(row_of(lead), who)
        path = facts.get("territory", ())
        if code not in path:
            continue
        place = sent(match(facts), facts, who.atlas, catch_all, now).place
        holder = who.atlas.holder(path, now)
        if place.kind is not StepKind.TERRITORY_OWNER or holder is None:
            continue
        if holder.pool is not None and lead.owner_id not in {None, *who.pools[holder.pool].reps}:
            found.append(Move(lead, "", None, holder.pool))
        elif holder.rep is not None:
            stand_in = who.stand_in(holder.rep, now, who.atlas.backups.get(holder.code))
            rep = stand_in.rep if stand_in else holder.rep
            if rep != lead.owner_id:
                found.append(Move(lead, who.reps[rep].name, rep))
    return with_names_of_pools(found)


def with_names_of_pools(found: list[Move]) -> list[Move]:
    """One query more, where there are any."""
    if not (pools := {move.pool for move in found if move.pool is not None}):
        return found
    names = dict(Pool.objects.filter(pk__in=pools).values_list("pk", "name"))
    return [
        replace(move, to=f"Whoever’s turn it is in {names[move.pool]}") if move.pool is not None else move
        for move in found
    ]


def hand_over(code: str, chosen: Collection[int], *, by: User, now: datetime) -> Moved:
    """Give these leads to the owner of their territory, as far as `moves` still says so. Raises nothing.

    Those for a pool are routed by their rule, so that its turns, hours and limits count.
    """
    given: list[tuple[int, int, int]] = []
    refused: list[str] = []
    wanted = [move for move in moves(code, now) if move.lead.pk in chosen]
    reps = Rep.objects.select_related("user", "team").in_bulk({move.rep for move in wanted if move.rep})
    for move in wanted:
        before = move.lead.owner_id
        try:
            if move.rep is None:
                outcome = take_turn(move.lead, by, now)
            else:
                outcome = reassign(lead_id=move.lead.pk, to=reps[move.rep], by=by, reason=REASON, now=now)
        except Refused as why:
            refused.append(f"{move.lead}: {why}")
            continue
        if outcome is not None and outcome.verdict.rep is not None and before is not None:
            given.append((move.lead.pk, before, outcome.verdict.rep))
    return Moved(len(given), signing.dumps(given, salt=SALT, compress=True) if given else "", refused)


@transaction.atomic
def take_turn(lead: Lead, by: User, now: datetime) -> Outcome | None:
    """Route an owned lead by its rule to the pool that owns its territory. Raises Refused, and then nothing moves,
    when the rule would not end there now: a lead that has an owner does not go back to a queue."""
    if not may_manage(lead, by):
        raise NotYours("Only the team's manager or sales ops can reassign a lead.")
    assignment = Assignment.objects.filter(lead=lead, rep=lead.owner_id, ended_at=None).first()
    if assignment is None:
        raise Refused("It has moved on.")
    order = Order(lead.pk, Cause.REROUTE, by.pk, REASON, moves_from=assignment.pk)
    found = next(iter(route_many([order], now)), None)
    if found is not None and not found.verdict.is_of_territory:
        raise Refused(
            "Nobody in the pool can take it now, so it stays. Try again in the pool’s office hours."
        )
    return found


def undo(token: str, *, by: User, now: datetime) -> Moved:
    """Back to who had them: leads that are still open, with whom they were given to, and not answered yet.

    Raises Refused when the token is none, or older than a day.
    """
    try:
        given = signing.loads(token, salt=SALT, max_age=UNDO_FOR)
    except signing.BadSignature:
        raise Refused(
            "This can be undone for a day only. Reassign the leads on their pages instead."
        ) from None
    answered = Assignment.objects.filter(
        lead__in=[lead for lead, _, _ in given], ended_at=None, responded_at=None
    )
    untouched = dict(answered.values_list("lead_id", "rep_id"))
    reps = Rep.objects.select_related("user", "team").in_bulk({before for _, before, _ in given})
    done, refused = 0, []
    for lead, before, to in given:
        if untouched.get(lead) != to:
            refused.append(f"Lead {lead} has been answered, or has moved on.")
            continue
        try:
            reassign(
                lead_id=lead, to=reps[before], by=by, reason="The change of territory is undone", now=now
            )
            done += 1
        except Refused as why:
            refused.append(f"Lead {lead}: {why}")
    return Moved(done, "", refused)
