"""Publishing: the draft's problems, the frozen version, the switch to it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from leadrouting.engine.conditions import ConditionError, check_condition
from leadrouting.engine.facts import UnknownFactError
from leadrouting.engine.logic import LogicError, parse
from leadrouting.rules.catalogue import catalogue
from leadrouting.rules.documents import condition_from, draft_of
from leadrouting.rules.models import RuleSet, Version
from leadrouting.teams.models import Pool, User


class CannotPublish(Exception):
    """The draft has problems; `problems` lists them in ops' words."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


def problems_of(draft: dict) -> list[str]:
    """Everything that keeps a draft from going live, a sentence each. Two queries."""
    problems: list[str] = [] if draft["rules"] else ["There is no active rule: add one before publishing."]
    known = catalogue()
    empty = dict(Pool.objects.without_members().values_list("pk", "name"))
    for rule in draft["rules"]:
        where = f"Rule “{rule['name']}”"
        for number, condition in enumerate(rule["conditions"], 1):
            try:
                check_condition(condition_from(condition), known)
            except (ConditionError, UnknownFactError) as error:
                problems.append(f"{where}, condition {number}: {error}")
        try:
            parse(rule["logic"], len(rule["conditions"]))
        except LogicError as error:
            problems.append(f"{where}, filter logic: {error}")
        if not rule["ladder"]:
            problems.append(f"{where} has no target: say who gets its leads.")
        problems += [
            f"{where} points at the pool “{empty[step['id']]}”, which has no members: add some or choose another target."
            for step in rule["ladder"]
            if step["kind"] == "pool" and step["id"] in empty
        ]
    return problems


@transaction.atomic
def publish(*, rule_set: RuleSet, by: User | None, now: datetime, summary: str = "") -> Version:
    """Freeze the draft into a new version and make it the one that routes. Raises CannotPublish."""
    RuleSet.objects.select_for_update().get(pk=rule_set.pk)
    draft = draft_of(rule_set)
    if problems := problems_of(draft):
        raise CannotPublish(problems)
    last = rule_set.versions.aggregate(last=Max("number"))["last"] or 0
    Version.objects.filter(is_live=True).update(is_live=False)
    return Version.objects.create(
        rule_set=rule_set,
        number=last + 1,
        document=draft,
        summary=summary,
        published_at=now,
        published_by=by,
        is_live=True,
    )
