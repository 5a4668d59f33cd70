"""Which policies can never apply: the analysis of rules, asked about policies, whose first that fits applies as well."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from leadrouting.engine.analysis import Certainty, World, analyse, say
from leadrouting.engine.facts import Catalogue
from leadrouting.engine.model import RuleSet
from leadrouting.rules.asking import readable
from leadrouting.sla.models import Policy
from leadrouting.sla.terms import POLICY, asked
from leadrouting.teams.snapshot import people_now


def dead(policies: Iterable[Policy], known: Catalogue, now: datetime) -> Mapping[int, str]:
    """Why, by policy: of the active ones those that provably never apply. `policies` have their conditions, in their
    order. One query."""
    rules = tuple(
        rule for policy in policies if policy.is_active and readable(rule := asked(policy), known, POLICY)
    )
    places = {code: tuple(path) for code, path in people_now().atlas.paths.items()}
    world = World(known, places, now)
    found = analyse(RuleSet(0, rules, 0), world).never
    return {
        one.rule.id: say(one, world).replace(" can never fire", " never applies")
        for one in found
        if one.certainty is Certainty.PROVEN
    }
