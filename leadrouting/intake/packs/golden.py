"""Golden cases: sample leads with the rule and the place that they must come to, tried on the live rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from leadrouting.assignments.facts import COLUMNS, facts_of
from leadrouting.assignments.rehearsal import Rehearsal, rehearse
from leadrouting.common.models import Stamp
from leadrouting.engine.model import StepKind
from leadrouting.intake.packs.files import Pack
from leadrouting.leads.services import cleaned, drafted, earlier_lead
from leadrouting.teams.models import Pool, Queue, Rep
from leadrouting.teams.snapshot import people

WEDNESDAY = datetime(2026, 2, 25, 14, tzinfo=UTC)


def failures(pack: Pack) -> Iterator[str]:
    """A sentence for each golden case that does not go where the pack says. Nothing is written."""
    for case in pack.get("golden", []):
        wanted = {key: case[key] for key in ("rule", "pool", "queue", "rep") if key in case}
        at = case.get("at", WEDNESDAY)
        got = place(rehearse(facts(case["lead"], at), now=at))
        if different := {key: got[key] for key, value in wanted.items() if got[key] != value}:
            yield f"{case['name']}: wanted {wanted}, got {different}"


def facts(values: dict[str, Any], at: datetime) -> dict[str, Any]:
    """What rules would see of a lead with these values that came in at `at` (UTC)."""
    values = cleaned(values)
    lead = drafted(values, earlier_lead(values), at)
    row = {name: getattr(lead, name) for name in COLUMNS}
    row |= {
        "created_at": at,
        "attributes": lead.attributes,
        "campaign": lead.campaign.key if lead.campaign else None,
        "account_id": lead.account_id,
        "account_tier": lead.account.tier if lead.account else None,
        "account_owner": lead.account.owner_id if lead.account else None,
        "lifetime_value": lead.account.lifetime_value if lead.account else None,
        "previous_owner": lead.previous_owner_id,
    }
    return facts_of(row, people(Stamp.objects.get().version))


def place(rehearsal: Rehearsal) -> dict[str, str]:
    verdict = rehearsal.verdict
    won = verdict.won
    return {
        "rule": rehearsal.rule_name,
        "pool": Pool.objects.get(pk=won.id).name if won and won.kind == StepKind.POOL else "",
        "queue": Queue.objects.get(pk=verdict.queue).name if verdict.queue else "",
        "rep": Rep.objects.get(pk=verdict.rep).user.username if verdict.rep else "",
    }
