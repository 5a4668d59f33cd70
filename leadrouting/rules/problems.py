"""What keeps a document from going live: what cannot be read, and what it points at and is not there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from leadrouting.engine.conditions import ConditionError, check_condition
from leadrouting.engine.facts import Catalogue, UnknownFactError
from leadrouting.engine.logic import LogicError, parse
from leadrouting.engine.model import StepKind
from leadrouting.rules.catalogue import catalogue
from leadrouting.rules.documents import condition_from
from leadrouting.teams.models import Pool, Queue, Rep, Skill

Document = Mapping[str, Any]
GONE = "points at a {kind} that no longer exists: choose another target."


def problems_of(document: Document, known: Catalogue | None = None) -> list[str]:
    """Everything that keeps a draft or an old version from going live, a sentence each. Up to six queries.

    `known` are the facts that it may ask about: those of now, when not given.
    """
    known = catalogue() if known is None else known
    places = places_of(document)
    problems = [] if document["rules"] else ["There is no active rule: add one before publishing."]
    if document["catch_all"] not in places.queues:
        problems.append("The catch-all queue no longer exists: choose another one.")
    for rule in document["rules"]:
        where = f"Rule “{rule['name']}”"
        problems += [f"{where}{problem}" for problem in (*unreadable(rule, known), *unusable(rule, places))]
    return problems


def missing_from(document: Document) -> list[str]:
    """What it points at and is gone for good, so that it cannot even be a draft again. Up to four queries."""
    places = places_of(document)
    gone = [] if document["catch_all"] in places.queues else ["Its catch-all queue no longer exists."]
    for rule in document["rules"]:
        gone += [f"Rule “{rule['name']}” {problem}" for problem in nowhere(rule, places)]
    return gone


@dataclass(frozen=True, slots=True)
class Places:
    """Of what a document points at, what there is: names by key."""

    pools: Mapping[int, str]
    unmanned: frozenset[int]
    reps: Mapping[int, str]
    inactive: frozenset[int]
    queues: Mapping[int, str]
    skills: frozenset[int]


def places_of(document: Document) -> Places:
    steps = [(step["kind"], step["id"]) for rule in document["rules"] for step in rule["ladder"]]
    pools, reps, queues = (
        {id for kind, id in steps if kind == one} for one in (StepKind.POOL, StepKind.REP, StepKind.QUEUE)
    )
    skills = {skill for rule in document["rules"] for skill, _ in rule.get("skills", ())}
    people = list(Rep.objects.filter(pk__in=reps).select_related("user"))
    return Places(
        pools=dict(Pool.objects.filter(pk__in=pools).values_list("pk", "name")),
        unmanned=frozenset(Pool.objects.filter(pk__in=pools).without_members().values_list("pk", flat=True)),
        reps={rep.pk: str(rep) for rep in people},
        inactive=frozenset(rep.pk for rep in people if not rep.is_active),
        queues=dict(Queue.objects.filter(pk__in={*queues, document["catch_all"]}).values_list("pk", "name")),
        skills=frozenset(Skill.objects.filter(pk__in=skills).values_list("pk", flat=True)),
    )


def unreadable(rule: Document, known: Catalogue) -> Iterator[str]:
    for number, condition in enumerate(rule["conditions"], 1):
        try:
            check_condition(condition_from(condition), known)
        except (ConditionError, UnknownFactError) as error:
            yield f", condition {number}: {error}"
    try:
        parse(rule["logic"], len(rule["conditions"]))
    except LogicError as error:
        yield f", filter logic: {error}"


def unusable(rule: Document, places: Places) -> Iterator[str]:
    if not rule["ladder"]:
        yield " has no target: say who gets its leads."
    for problem in nowhere(rule, places):
        yield f" {problem}"
    for step in rule["ladder"]:
        if step["kind"] == StepKind.POOL and step["id"] in places.unmanned:
            name = places.pools[step["id"]]
            yield f" points at the pool “{name}”, which has no members: add some or choose another target."
        if step["kind"] == StepKind.REP and step["id"] in places.inactive:
            name = places.reps[step["id"]]
            yield f" points at {name}, who is not active: choose another target."


def nowhere(rule: Document, places: Places) -> Iterator[str]:
    there = {StepKind.POOL: places.pools, StepKind.REP: places.reps, StepKind.QUEUE: places.queues}
    for step in rule["ladder"]:
        kind = StepKind(step["kind"])
        if kind in there and step["id"] not in there[kind]:
            yield GONE.format(kind=kind.value)
    if any(skill not in places.skills for skill, _ in rule.get("skills", ())):
        yield "asks for a skill that no longer exists: take it out."
