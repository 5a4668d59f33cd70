"""What is around leads that a text to their prospects needs: the people they wait for, the pages to choose a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from leadrouting.assignments.models import Decision
from leadrouting.engine.model import StepKind
from leadrouting.leads.models import Lead
from leadrouting.teams.models import Pool, Queue, Rep
from leadrouting.teams.snapshot import People


@dataclass(frozen=True, slots=True)
class Surroundings:
    """By lead. `waits_for`: the reps who may get it, while nobody has it. `pages`: where to choose a time."""

    waits_for: Mapping[int, frozenset[int]] = field(default_factory=dict)
    pages: Mapping[int, str] = field(default_factory=dict)


NOTHING = Surroundings()


def surroundings(leads: Sequence[Lead], people: People, *, meeting: Collection[int] = ()) -> Surroundings:
    """A handful of queries, whatever their number. `meeting`: of which leads the page to choose a time is needed."""
    waiting = [one for one in leads if one.owner_id is None and one.pk]
    wanted = [one for one in leads if one.pk in meeting]
    asked = pools_asked({one.pk for one in (*waiting, *wanted)})
    return Surroundings(waits_for(waiting, asked, people), pages_of(wanted, asked))


def pools_asked(leads: Collection[int]) -> dict[int, list[int]]:
    """The pools that the newest decision about each lead asked, the last one first."""
    if not leads:
        return {}
    newest = Decision.objects.filter(lead__in=leads).order_by("lead_id", "-decided_at", "-id")
    return {
        lead: [step["id"] for step in reversed(tried) if step["kind"] == StepKind.POOL]
        for lead, tried in newest.distinct("lead_id").values_list("lead_id", "tried")
    }


def waits_for(
    leads: Sequence[Lead], asked: Mapping[int, Sequence[int]], people: People
) -> dict[int, frozenset[int]]:
    """The members of the pools that were asked, and who takes from the queue, or owns it."""
    queues = {one.queue_id for one in leads if one.queue_id}
    takers = teams_of(queues)
    owners = dict(Queue.objects.filter(pk__in=queues).values_list("pk", "owner_id")) if queues else {}
    found = {}
    for lead in leads:
        queue = lead.queue_id or 0
        reps = {rep for pool in asked.get(lead.pk, ()) for rep in members(people, pool)}
        teams = takers.get(queue, set())
        reps |= {rep for rep, person in people.reps.items() if person.team in teams}
        reps |= {owners.get(queue, 0)} & people.reps.keys()
        found[lead.pk] = frozenset(reps)
    return found


def members(people: People, pool: int) -> Iterable[int]:
    return people.pools[pool].reps if pool in people.pools else ()


def teams_of(queues: Collection[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    if queues:
        rows = Queue.teams.through._default_manager.filter(queue__in=queues)
        for queue, team in rows.values_list("queue_id", "team_id"):
            found.setdefault(queue, set()).add(team)
    return found


def pages_of(leads: Sequence[Lead], asked: Mapping[int, Sequence[int]] | None = None) -> dict[int, str]:
    """The owner's page, else that of the pool by which the lead came or for which it waits."""
    if not leads:
        return {}
    asked = pools_asked({one.pk for one in leads}) if asked is None else asked
    owners = {one.owner_id for one in leads if one.owner_id}
    reps = Rep.objects.filter(pk__in=owners).exclude(booking_url="")
    own = dict(reps.values_list("pk", "booking_url"))
    pools = Pool.objects.filter(pk__in={pool for one in asked.values() for pool in one})
    shared = dict(pools.exclude(booking_url="").values_list("pk", "booking_url"))
    pages = {
        one.pk: next(
            filter(None, (own.get(one.owner_id or 0), *(shared.get(pool) for pool in asked.get(one.pk, ())))),
            "",
        )
        for one in leads
    }
    return {lead: page for lead, page in pages.items() if page}
