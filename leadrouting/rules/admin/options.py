"""What the selects of a rule offer: facts in groups, operators, and everything a lead can go to."""

from __future__ import annotations

from typing import Any

from django.utils.text import capfirst

from leadrouting.engine.facts import FactType
from leadrouting.engine.model import OWNERS
from leadrouting.engine.operators import arity, label, operators_for
from leadrouting.engine.sentences import OWNER_NAMES
from leadrouting.leads.models import Campaign
from leadrouting.rules.catalogue import catalogue
from leadrouting.teams.models import Pool, Queue, Rep, Territory

Options = list[tuple[str, Any]]


def fact_options() -> Options:
    groups: dict[str, list[tuple[str, str]]] = {}
    for fact in catalogue().values():
        groups.setdefault(fact.group or "Your own", []).append((fact.key, capfirst(fact.label)))
    return [("", "Choose what to ask about"), *groups.items()]


def place_options() -> Options:
    """Values are `pool:3`, `rep:7`, `queue:1`, `account_owner:0`. Three queries."""
    reps = Rep.objects.select_related("user").order_by("user__name", "pk")
    pools = Pool.objects.values_list("id", "name", "team_id")
    return [
        ("", "Choose who gets the lead"),
        ("Pools", [(f"pool:{pk}", name) for pk, name, team in pools if team is None]),
        ("Teams", [(f"pool:{pk}", name) for pk, name, team in pools if team is not None]),
        ("By what they are to the lead", [(f"{kind}:0", capfirst(OWNER_NAMES[kind])) for kind in OWNERS]),
        ("Reps", [(f"rep:{rep.pk}", f"{rep}{'' if rep.is_active else ' (not active)'}") for rep in reps]),
        ("Queues", [(f"queue:{pk}", name) for pk, name in Queue.objects.values_list("id", "name")]),
    ]


def guide() -> dict[str, Any]:
    """For the page's script: by fact, the operators with the number of values they take, and values to offer."""
    coded = {key: codes_of(key) for key in CODED}
    return {
        fact.key: {
            "operators": [
                [one.value, label(one, fact.type), arity(one).value] for one in operators_for(fact.type)
            ],
            "values": coded.get(fact.key) or [value for value, _ in fact.choices] or USUAL.get(fact.type, []),
            "help": fact.help,
            "unit": fact.unit,
        }
        for fact in catalogue().values()
    }


def codes_of(key: str) -> list[str]:
    model, column = CODED[key]
    return list(model.objects.order_by(column).values_list(column, flat=True))


USUAL = {FactType.YES_NO: ["yes", "no"]}
CODED: dict[str, tuple[type[Territory | Campaign], str]] = {
    "territory": (Territory, "code"),
    "campaign": (Campaign, "key"),
}
"""Facts whose values are short names of rows."""
