"""Immutable roster versions: stored once per change of a pool's membership, referred to by decisions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from django.db import transaction

from leadrouting.assignments.models import Roster as Stored
from leadrouting.engine import roster as engine
from leadrouting.teams.snapshot import People


def stored_rosters(people: People, pools: Iterable[int]) -> dict[int, engine.Roster]:
    """The pools' rosters under their stored ids; stores a version the first time that it is used.

    What is stored is remembered only when the transaction commits: an id that was rolled back leads nowhere.
    """
    pools = set(pools)
    known = {pool: people.stored[pool] for pool in pools & people.stored.keys()}
    if missing := pools - known.keys():
        new = store(people, missing)
        transaction.on_commit(lambda: people.stored.update(new))
        known |= new
    return known


def store(people: People, pools: set[int]) -> dict[int, engine.Roster]:
    versions = {pool: version_of(people.pools[pool]) for pool in pools}
    Stored.objects.bulk_create(versions.values(), ignore_conflicts=True)
    found = Stored.objects.filter(
        pool__in=pools, digest__in=[version.digest for version in versions.values()]
    )
    ids = {(pool, digest): id for id, pool, digest in found.values_list("id", "pool_id", "digest")}
    return {
        pool: replace(people.pools[pool], id=ids[pool, version.digest]) for pool, version in versions.items()
    }


def version_of(roster: engine.Roster) -> Stored:
    members = roster.members
    version = Stored(
        pool_id=roster.pool,
        strategy=roster.strategy,
        absence=roster.absence,
        catch_up_limit=roster.catch_up_limit,
        any_hour=roster.any_hour,
        after_pool=roster.after_pool,
        holds=roster.holds,
        language=roster.language,
        rep_ids=[member.rep for member in members],
        weights=[member.weight for member in members],
        max_open=[member.max_open for member in members],
        max_day=[member.max_day for member in members],
        max_hour=[member.max_hour for member in members] if roster.timed else None,
        max_week=[member.max_week for member in members] if roster.timed else None,
        parts=[member.parts for member in members] if any(member.parts for member in members) else None,
    )
    content = repr(
        (roster.strategy, roster.absence, roster.catch_up_limit, members, roster.any_hour, roster.after_pool)
    )
    if version.parts is not None:  # beside the members, so that versions without are the ones they were
        content += repr(version.parts)
    if roster.holds or roster.language:
        content += repr((roster.holds, roster.language))
    version.digest = hashlib.sha256(content.encode()).hexdigest()
    return version


def roster_from(stored: Stored) -> engine.Roster:
    """The engine's roster of a stored version. The older ones know no caps by hour and week, and no shares."""
    none = [None] * len(stored.rep_ids)
    parts = [tuple(engine.Part(*part) for part in own) for own in stored.parts or [()] * len(none)]
    return engine.Roster(
        id=stored.pk,
        pool=stored.pool_id,
        strategy=engine.Strategy(stored.strategy),
        members=tuple(
            engine.Member(*member, parts=why)
            for *member, why in zip(
                stored.rep_ids,
                stored.weights,
                stored.max_open,
                stored.max_day,
                stored.max_hour or none,
                stored.max_week or none,
                parts,
                strict=True,
            )
        ),
        absence=engine.AbsencePolicy(stored.absence),
        catch_up_limit=stored.catch_up_limit,
        any_hour=stored.any_hour,
        after_pool=stored.after_pool,
        holds=stored.holds,
        language=stored.language,
    )
