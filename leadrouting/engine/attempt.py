"""One step of a ladder: who there could take the lead, who does, and why not the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from leadrouting.engine.model import Step, StepKind
from leadrouting.engine.roster import Load, Member, Why
from leadrouting.engine.rotation import settle
from leadrouting.engine.strategies import NO_LOAD, STRATEGIES
from leadrouting.engine.verdict import Case, NeedsPool, Table, Tried


def try_pool(index: int, pool: int, step: Step, case: Case, table: Table) -> tuple[Tried, bool]:
    """The pool's pick among its eligible members, and whether the pick passed a cap."""
    rotation = table.rotations.get(pool)
    if rotation is None:
        raise NeedsPool(pool)
    roster = table.rosters[pool]
    territory = "" if step.kind is StepKind.POOL else case.territory
    if roster.any_hour:
        step = replace(step, ignore_hours=True)
    silent: frozenset[int] = frozenset()
    if roster.language and not step.drop_skills:
        silent = case.silent.get(roster.language, silent)
    eligible, dropped = _screen(roster.members, step, case, table, silent)
    language = case.language if Why.LACKS_LANGUAGE in dropped else ""
    loads: tuple[int, ...] = ()
    if roster.capped or roster.strategy.by_load:
        rows = [table.loads.get(rep, NO_LOAD) for rep in roster.reps]
        loads = _stored(rows, roster.timed)
    reasons = {why: tuple(reps) for why, reps in dropped.items()}
    if not eligible:
        nobody = Tried(index, StepKind.POOL, pool, roster.id, roster.strategy, None, reasons, loads=loads)
        return replace(nobody, territory=territory, language=language), False
    settle(rotation, roster)
    rest, credits = rotation.rest, tuple([rotation.credits[rep] for rep in roster.reps])
    pick = STRATEGIES[roster.strategy](roster, eligible, rotation, table.loads)
    reasons.update(pick.reasons)
    winner = next(member for member in eligible if member.rep == pick.rep)
    team = _team(pick.rep, table)
    passed = _take(winner, table)
    tried = Tried(
        index,
        StepKind.POOL,
        pool,
        roster.id,
        roster.strategy,
        pick.rep,
        reasons,
        credits,
        rest,
        loads,
        team=team,
        after_hours=roster.any_hour and table.unavailable.get(pick.rep) == Why.OUTSIDE_HOURS,
        territory=territory,
        language=language,
    )
    return tried, passed


def try_rep(index: int, step: Step, case: Case, table: Table) -> tuple[Tried, bool]:
    """A rep who is named, or is this lead's owner of some kind, or stands in: no turn is taken, nobody else is
    considered."""
    rep = case.rep_of(step)
    if rep is None:
        return Tried(index, step.kind, 0, reasons={Why.NOBODY_KNOWN: ()}), False
    known = table.named.get(rep)
    member = known or Member(rep)
    eligible, dropped = _screen((member,), step, case, table)
    if eligible and known is None:
        raise KeyError(f"rep {rep} is named by a ladder but is not on the table")
    load = table.loads.get(rep, NO_LOAD)
    loads = _stored([load], member.timed) if member.capped else ()
    caps: tuple[int | None, ...] | None = (member.max_open, member.max_day) if member.capped else None
    if member.timed:
        caps = (member.max_open, member.max_day, member.max_hour, member.max_week)
    reasons = {why: tuple(reps) for why, reps in dropped.items()}
    picked = rep if eligible else None
    team = _team(rep, table) if eligible else None
    tried = Tried(
        index,
        step.kind,
        rep,
        picked=picked,
        reasons=reasons,
        loads=loads,
        caps=caps,
        team=team,
        stands_in=case.stand_in(step),
    )
    return tried, bool(eligible) and _take(member, table)


def _screen(
    members: Sequence[Member], step: Step, case: Case, table: Table, silent: frozenset[int] = frozenset()
) -> tuple[list[Member], dict[str, list[int]]]:
    """Part those who could take the lead from those who cannot, with the first reason that holds for each."""
    unavailable, loads, teams = table.unavailable, table.loads, table.teams
    barred = _barred(members, step, case, table) | silent
    eligible: list[Member] = []
    dropped: dict[str, list[int]] = {}
    for member in members:
        rep = member.rep
        why = unavailable.get(rep)
        if why is None or (why == Why.OUTSIDE_HOURS and step.ignore_hours):
            why = None
            if rep in barred:
                why = _bar(rep, step, case, silent)
            elif not step.ignore_capacity:
                why = _full(member, loads.get(rep, NO_LOAD))
                if why is None and teams and rep in teams and teams[rep].full:
                    why = Why.TEAM_FULL
            if why is None and not member.weight:
                why = Why.NO_SHARE
            if why is None:
                eligible.append(member)
                continue
        dropped.setdefault(why, []).append(rep)
    return eligible, dropped


def _barred(members: Sequence[Member], step: Step, case: Case, table: Table) -> frozenset[int]:
    """Who is out by what the lead, the rule or the step asks; mostly nobody, and then it costs nothing."""
    barred = case.had
    if case.lacking and not step.drop_skills:
        barred |= case.lacking
    if step.only_present and table.present is not None:
        barred |= {member.rep for member in members} - table.present
    return barred


def _bar(rep: int, step: Step, case: Case, silent: frozenset[int]) -> Why:
    if rep in case.had:
        return Why.ALREADY_HAD
    if rep in case.lacking and not step.drop_skills:
        return Why.LACKS_SKILL
    return Why.LACKS_LANGUAGE if rep in silent else Why.NOT_PRESENT


def _full(member: Member, load: Load) -> Why | None:
    if member.max_open is not None and load.open >= member.max_open:
        return Why.AT_OPEN_CAP
    if member.max_day is not None and load.day >= member.max_day:
        return Why.AT_DAY_CAP
    if member.max_hour is not None and load.hour >= member.max_hour:
        return Why.AT_HOUR_CAP
    if member.max_week is not None and load.week >= member.max_week:
        return Why.AT_WEEK_CAP
    return None


def _take(member: Member, table: Table) -> bool:
    """Advance the winner's load, and their team's; whether a cap was passed by it."""
    load = table.loads.setdefault(member.rep, Load())
    passed = _full(member, load) is not None
    load.count(1)
    if (team := table.teams.get(member.rep)) is not None:
        passed = passed or team.full
        team.count(1)
    return passed


def _team(rep: int, table: Table) -> tuple[int | None, ...] | None:
    """What the rep's team carries, where it has a cap."""
    team = table.teams.get(rep)
    return None if team is None else team.state


def _stored(rows: Sequence[Load], timed: bool) -> tuple[int, ...]:
    """Counts by kind; see `Tried.loads`."""
    counts = (*[row.open for row in rows], *[row.day for row in rows])
    return (*counts, *[row.hour for row in rows], *[row.week for row in rows]) if timed else counts
