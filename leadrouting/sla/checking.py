"""Whether deadlines tell leads apart."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from leadrouting.rules.findings import Finding
from leadrouting.rules.health.mistakes import ONE_POLICY
from leadrouting.sla.models import Policy
from leadrouting.sla.models.policy import Kind


def findings() -> list[Finding]:
    """At most one. Two queries."""
    policies = list(Policy.objects.filter(is_active=True).prefetch_related("targets"))
    if not policies:
        said = "No SLA policy is active, so no lead has a deadline. Add one, then shorter ones for what cannot wait."
        return [Finding(said, ONE_POLICY, True, policy_list())]
    if len({within(policy) for policy in policies}) == 1:
        said = f"Every lead has the same deadline, by {named(policies)}. Add a shorter one for what cannot wait, such as chat."
        return [Finding(said, ONE_POLICY, url=policy_list())]
    return []


def within(policy: Policy) -> timedelta | None:
    """The time to answer; None: without end."""
    return next((target.within for target in policy.targets.all() if target.kind == Kind.RESPOND), None)


def named(policies: list[Policy]) -> str:
    return f"“{policies[0]}”" if len(policies) == 1 else f"all {len(policies)} policies"


def policy_list() -> str:
    return reverse("admin:sla_policy_changelist")
