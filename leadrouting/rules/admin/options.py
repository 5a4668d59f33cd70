"""What the selects of a rule offer: facts in groups, operators, and everything a lead can go to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.text import capfirst

from leadrouting.engine.facts import Catalogue, Fact, FactType
from leadrouting.engine.model import OWNERS
from leadrouting.engine.operators import arity, label, operators_for
from leadrouting.engine.sentences import OWNER_NAMES
from leadrouting.leads.models import Campaign
from leadrouting.teams.models import Pool, Queue, Rep, Territory

Options = list[tuple[str, Any]]
Codes = dict[str, dict[str, str]]
INDENT = "\N{EN SPACE}" * 2


def fact_options(known: Catalogue) -> Options:
    groups: dict[str, list[tuple[str, str]]] = {}
    for fact in known.values():
        groups.setdefault(fact.group or "Your own", []).append((fact.key, capfirst(fact.label)))
    return [("", "Choose what to ask about"), *groups.items()]


def place_options() -> Options:
    """Values are `pool:3`, `rep:7`, `queue:1`, `account_owner:0`. Three queries."""
    reps = Rep.objects.select_related("user").order_by("user__name", "pk")
    pools = list(Pool.objects.values_list("id", "name", "team_id"))
    return [
        ("", "Choose who gets the lead"),
        ("Pools", [(f"pool:{pk}", name) for pk, name, team in pools if team is None]),
        ("Teams", [(f"pool:{pk}", name) for pk, name, team in pools if team is not None]),
        ("By what they are to the lead", [(f"{kind}:0", capfirst(OWNER_NAMES[kind])) for kind in OWNERS]),
        ("Reps", [(f"rep:{rep.pk}", f"{rep}{'' if rep.is_active else ' (not active)'}") for rep in reps]),
        ("Queues", [(f"queue:{pk}", name) for pk, name in Queue.objects.values_list("id", "name")]),
    ]


def all_codes() -> Codes:
    """For facts whose values are short names of rows: each code with what to call it. Two queries."""
    return {
        "territory": dict(tree()),
        "campaign": {key: f"{name} ({key})" for key, name in Campaign.objects.values_list("key", "name")},
    }


def tree() -> Iterator[tuple[str, str]]:
    """Territories from the root down, each below the one that holds it and set in by its depth."""
    rows = list(Territory.objects.values_list("pk", "parent_id", "code", "name"))
    below: dict[int | None, list[tuple[int, str, str]]] = {}
    for pk, parent, code, name in rows:
        below.setdefault(parent, []).append((pk, code, name))

    def walk(parent: int | None, depth: int) -> Iterator[tuple[str, str]]:
        for pk, code, name in below.get(parent, []):
            yield code, f"{INDENT * depth}{name} ({code})"
            yield from walk(pk, depth + 1)

    return walk(None, 0)


def guide(known: Catalogue, codes: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """For the page's script: by fact, its type, the operators with what they take, and the values to offer."""
    return {fact.key: described(fact, codes.get(fact.key)) for fact in known.values()}


def described(fact: Fact, codes: Mapping[str, str] | None) -> dict[str, Any]:
    choices = [[code, shown] for code, shown in codes.items()] if codes is not None else offered(fact)
    return {
        "type": fact.type.value,
        "operators": [
            [one.value, label(one, fact.type), arity(one).value] for one in operators_for(fact.type)
        ],
        "choices": choices or USUAL.get(fact.type, []),
        "closed": codes is not None or bool(choices and fact.type is FactType.CHOICE),
        "help": fact.help,
        "unit": fact.unit,
    }


def offered(fact: Fact) -> list[list[str]]:
    if fact.codes is None:
        return [list(choice) for choice in fact.choices]
    return [
        [code, name if name == code or fact.type is not FactType.CHOICE else f"{name} ({code})"]
        for code, name in fact.codes.names.items()
    ]


USUAL = {FactType.YES_NO: [["yes", "yes"], ["no", "no"]]}
