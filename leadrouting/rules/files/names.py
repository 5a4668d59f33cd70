"""Names in place of keys: what a file calls pools, teams, reps, queues and skills."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from leadrouting.engine.model import OWNERS, StepKind
from leadrouting.leads.models import Attribute, Campaign
from leadrouting.rules.catalogue import COLUMNS
from leadrouting.teams.models import Pool, Queue, Rep, Skill, Territory

OWNER_WORDS = {kind: kind.value.removesuffix("_owner") for kind in OWNERS}
PLACES = ("pool", "team", "rep", "queue")


@dataclass(frozen=True, slots=True)
class Directory:
    """`keys` by kind (a place, or skill) and name; `called` is the other way round. Reps go by their log-ins.

    A team's key is that of its own pool. `codes` are known values of facts that name rows, in small letters.
    """

    keys: dict[str, dict[str, int]]
    called: dict[str, dict[int, str]]
    people: dict[int, str]
    codes: dict[str, frozenset[str]]
    attributes: dict[str, dict[str, Any]]

    def place(self, kind: StepKind, key: int) -> tuple[str, str]:
        """The word and the name for a target."""
        if kind in OWNER_WORDS:
            return "owner", OWNER_WORDS[kind]
        if kind is StepKind.POOL and key in self.called["team"]:
            return "team", self.called["team"][key]
        return kind.value, self.called[kind.value][key]


def directory() -> Directory:
    """As things are called now. Seven queries."""
    pools: dict[str, int] = {}
    teams: dict[str, int] = {}
    for key, name, team in Pool.objects.values_list("id", "name", "team__name"):
        if team is None:
            pools[name] = key
        else:
            teams[team] = key
    people = list(Rep.objects.values_list("pk", "user__username", "user__name"))
    keys = {
        "pool": pools,
        "team": teams,
        "rep": {login: key for key, login, _ in people},
        "queue": {name: key for key, name in Queue.objects.values_list("id", "name")},
        "skill": {name: key for key, name in Skill.objects.values_list("id", "name")},
    }
    return Directory(
        keys=keys,
        called={kind: {key: name for name, key in known.items()} for kind, known in keys.items()},
        people={key: name for key, _, name in people},
        codes={
            "territory": frozenset(code.lower() for code in Territory.objects.values_list("code", flat=True)),
            "campaign": frozenset(key.lower() for key in Campaign.objects.values_list("key", flat=True)),
        },
        attributes={row["key"]: row for row in Attribute.objects.order_by("key").values(*COLUMNS)},
    )
