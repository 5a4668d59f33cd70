"""A version becomes the draft again: its rules under their old ids, the draft's other rules switched off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from leadrouting.engine.sentences import Names
from leadrouting.rules.catalogue import catalogue
from leadrouting.rules.changes import Change, changes, words
from leadrouting.rules.documents import document_of, draft_of
from leadrouting.rules.editing import renew
from leadrouting.rules.models import Rule, RuleSet, Version
from leadrouting.rules.problems import missing_from
from leadrouting.rules.rewriting import make_room, put_aside, write_parts, write_rules
from leadrouting.rules.services import CannotPublish, Outdated, one_at_a_time, sight
from leadrouting.teams.models import User


@dataclass(frozen=True, slots=True)
class Overwritten:
    """What loading would do to the draft. `seen` stands for the draft as it is (see `load_into_draft`)."""

    changes: list[Change]
    problems: list[str]
    seen: str


def overwritten(version: Version, names: Names) -> Overwritten:
    """Rules that the version does not know are `gone` from the draft: switched off and kept. Nothing is written."""
    rules = all_rules(version.rule_set)
    draft = draft_of(version.rule_set)
    sleeping = {rule.pk: document_of(rule) for rule in rules if not rule.is_active}
    facts = catalogue() if sleeping else None
    lost = [
        Change(
            "changed", rule["name"], f"Switched off: {words(old, names, facts)}", words(rule, names, facts)
        )
        for rule in version.document["rules"]
        if facts and (old := sleeping.get(rule["id"])) is not None
    ]
    said = [
        change
        for change in changes(draft, version.document, names)
        if not (change.what == "new" and change.name in {one.name for one in lost})
    ]
    return Overwritten([*lost, *said], problems_with(version), sight(state_of(rules, draft), None))


@transaction.atomic
def load_into_draft(*, version: Version, by: User | None, now: datetime, seen: str | None = None) -> None:
    """Make the draft say what the version says.

    1. One at a time; refuse when the draft is not what was `seen`. 2. Names make room. 3. Rules of the version
    are written over the draft's of the same id, and made again where they were deleted; their notes stay.
    4. Other rules come last, switched off. Raises Outdated, and CannotPublish when what it points at is gone.
    """
    one_at_a_time()
    rule_set = RuleSet.objects.get(pk=version.rule_set_id)
    list(rule_set.rules.select_for_update(of=("self",)).values_list("pk", flat=True))
    rules = all_rules(rule_set)
    if seen is not None and seen != sight(state_of(rules, draft_of(rule_set)), None):
        raise Outdated("The draft was changed while you looked at this page.")
    if problems := problems_with(version):
        raise CannotPublish(problems)
    wanted = list(enumerate(version.document["rules"], start=1))
    known = {rule.pk: rule for rule in rules}
    different = [
        (place, data) for place, data in wanted if data["id"] not in known or differs(known[data["id"]], data)
    ]
    others = [rule for rule in rules if rule.pk not in {data["id"] for _, data in wanted}]
    make_room(known, version.document["rules"], others)
    write_rules(rule_set, known, wanted, {data["id"] for _, data in different}, by, now)
    write_parts([data for _, data in different])
    put_aside(others, len(wanted), by, now)
    rule_set.catch_all_id = version.document["catch_all"]
    rule_set.on_update = version.document.get("on_update", RuleSet.OnUpdate.NEVER)
    rule_set.save(update_fields=["catch_all", "on_update"])
    renew(rule_set)


def problems_with(version: Version) -> list[str]:
    """Why it cannot be the draft again; the same rule may by now be one of another rule set."""
    keys = [rule["id"] for rule in version.document["rules"]]
    moved = Rule.objects.filter(pk__in=keys).exclude(rule_set=version.rule_set_id).select_related("rule_set")
    return [
        *missing_from(version.document),
        *(f"Rule “{rule}” belongs to the rule set “{rule.rule_set}” by now." for rule in moved),
    ]


def all_rules(rule_set: RuleSet) -> list[Rule]:
    return list(rule_set.rules.prefetch_related("conditions", "targets", "skills"))


def state_of(rules: Sequence[Rule], draft: dict[str, Any]) -> dict[str, Any]:
    """The draft with what is switched off in it."""
    return {**draft, "all": [[rule.is_active, document_of(rule)] for rule in rules]}


def differs(rule: Rule, data: dict[str, Any]) -> bool:
    return not rule.is_active or document_of(rule) != data
