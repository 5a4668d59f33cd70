"""Whom the steps of a ladder mean for one lead, who stands in for those who are not there, and who speaks its
language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from leadrouting.engine.model import OWNERS, StepKind
from leadrouting.engine.verdict import Case, StandIn
from leadrouting.teams.snapshot import People

NAMING = (StepKind.REP, *OWNERS)


def owners_of(row: Mapping[str, Any]) -> dict[StepKind, int]:
    """The reps who are something to the lead itself, as far as they are known; see `facts_of` for `row`."""
    owners = {
        StepKind.ACCOUNT_OWNER: row["account_owner"],
        StepKind.PREVIOUS_OWNER: row["previous_owner"],
    }
    return {kind: rep for kind, rep in owners.items() if rep is not None}


def asking(
    case: Case, owners: Mapping[StepKind, int], facts: Mapping[str, Any], people: People, now: datetime
) -> Case:
    """The case with everybody whom its steps name at `now`: the owners of the lead, that of its territory, who
    stands in, and who does not speak its language. Decisions, dry runs and comparisons all ask here."""
    return spoken(named(case, owners, facts, people, now), facts, people)


def named(
    case: Case, owners: Mapping[StepKind, int], facts: Mapping[str, Any], people: People, now: datetime
) -> Case:
    kinds = {step.kind for step in case.ladder}
    if kinds.isdisjoint(NAMING):
        return case
    known, territory_backup = dict(owners), None
    if StepKind.TERRITORY_OWNER in kinds and (
        holder := people.atlas.holder(facts.get("territory") or (), now)
    ):
        if holder.pool is not None:
            case = replace(case, territory=holder.code, territory_pool=holder.pool)
        elif holder.rep is not None:
            known[StepKind.TERRITORY_OWNER] = holder.rep
            territory_backup = people.atlas.backups.get(holder.code)
    case = replace(case, owners=known)
    stand_ins: dict[tuple[StepKind, int], StandIn] = {}
    for step in case.ladder:
        if (rep := case.named(step)) is not None:
            first = territory_backup if step.kind is StepKind.TERRITORY_OWNER else None
            if (found := people.stand_in(rep, now, first)) is not None:
                stand_ins[step.kind, rep] = found
    return replace(case, stand_ins=stand_ins) if stand_ins else case


def spoken(case: Case, facts: Mapping[str, Any], people: People) -> Case:
    """With the reps who do not speak the lead's language, for each level that its pools ask for."""
    if (
        not people.languages.skills
        or (found := people.languages.find(str(facts.get("language", "")))) is None
    ):
        return case
    skill, name = found
    own = [people.pools[pool] for step in case.ladder if (pool := case.pool_of(step)) is not None]
    asked = [*own, *(people.pools[roster.after_pool] for roster in own if roster.after_pool)]
    levels = {roster.language for roster in asked if roster.language}
    silent = {level: people.languages.not_speaking(skill, level, people.reps) for level in levels}
    return replace(case, language=name, silent=silent) if silent else case
