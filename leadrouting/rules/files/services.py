"""Export and import of a draft as a file. The import writes all of it or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from leadrouting.engine.sentences import Names
from leadrouting.rules.catalogue import catalogue_with, with_sources
from leadrouting.rules.files.checking import checked, name_in
from leadrouting.rules.files.checking.checker import Checker
from leadrouting.rules.files.comparing import Plan, compared
from leadrouting.rules.files.marks import changed_since, mark_of
from leadrouting.rules.files.names import Directory, directory
from leadrouting.rules.files.printing import printed
from leadrouting.rules.files.reading import read_json, read_yaml
from leadrouting.rules.files.said import said_by
from leadrouting.rules.files.telling import told
from leadrouting.rules.files.tree import Node, Problem, WrongFile
from leadrouting.rules.files.writing import created, write
from leadrouting.rules.models import Rule, RuleSet
from leadrouting.teams.models import User


class Outdated(Exception):
    """Somebody changed the draft after the file was exported; importing would undo that. Nothing was written."""

    def __init__(self, said: str, plan: Plan | None = None) -> None:
        super().__init__(said)
        self.plan = plan


@dataclass(frozen=True, slots=True)
class Imported:
    """The plan that was carried out; `rule_set` is None after a dry run for one that does not exist yet."""

    plan: Plan
    rule_set: RuleSet | None


def exported(rule_set: RuleSet) -> dict[str, Any]:
    """The draft as plain values. Twelve queries."""
    names = directory()
    return told(said_by(rule_set), names, catalogue_with(names.attributes.values()))


def exported_yaml(rule_set: RuleSet) -> str:
    """The draft as a file for people. Twelve queries."""
    names = directory()
    document = told(said_by(rule_set), names, catalogue_with(names.attributes.values()))
    people = {login: names.people[key] for login, key in names.keys["rep"].items()}
    return printed(document, people)


def import_yaml(text: str, **how: Any) -> Imported:
    """See `import_tree`."""
    return import_tree(*read_yaml(text), **how)


def import_json(document: Any, **how: Any) -> Imported:
    """See `import_tree`."""
    return import_tree(read_json(document), [], **how)


def import_tree(
    root: Node,
    problems: list[Problem],
    *,
    by: User | None,
    now: datetime,
    force: bool = False,
    dry_run: bool = False,
    into: RuleSet | None = None,
    seen: str = "",
) -> Imported:
    """Check everything, then make the draft say what the file says.

    `into`: only this rule set will do. `seen`: a digest of the draft that somebody looked at (`digest_of`).
    A dry run only plans. Raises WrongFile, and Outdated unless `force`; then nothing was written.
    """
    try:
        with transaction.atomic():
            return imported(root, problems, by, now, force, dry_run, into, seen)
    except IntegrityError:
        raise Outdated(
            "Somebody changed the draft at the same moment. Nothing was written: try again."
        ) from None


def imported(
    root: Node,
    problems: list[Problem],
    by: User | None,
    now: datetime,
    force: bool,
    dry_run: bool,
    into: RuleSet | None,
    seen: str,
) -> Imported:
    rule_set = found(name_in(root), lock=not dry_run)
    rules = rules_of(rule_set, lock=not dry_run) if rule_set else []
    names = directory()
    facts = with_sources(catalogue_with(names.attributes.values()))
    check = Checker(names, facts)
    if into is not None and (name := name_in(root)) and name != into.name:
        spot = root.entries["rule_set"].spot  # type: ignore[union-attr]  # that is where the name is from
        check.wrong(
            spot,
            f"This file is of the rule set “{name}”, and this is “{into.name}”. Write that, or go there.",
        )
    wanted, mark = checked(root, check, problems)
    draft = said_by(rule_set, rules) if rule_set else None
    plan = compared(draft, [rule.pk for rule in rules], wanted, in_words(names), facts)
    if draft is not None and not plan.is_empty:
        today = told(draft, names, facts)
        if seen and seen != mark_of(today).whole:
            raise Outdated(
                "Somebody changed the draft while you looked. Nothing was written: look at it again.", plan
            )
        if mark is not None:
            plan = replace(plan, outdated=changed_since(mark, today, told(wanted, names, facts)))
    if dry_run:
        return Imported(plan, rule_set)
    if plan.outdated and not force:
        raise Outdated(f"{plan.outdated} Importing would undo that. Nothing was written.", plan)
    if not plan.is_empty:
        rule_set = rule_set or created(wanted)
        write(plan, rule_set, by, now)
    return Imported(plan, rule_set)


def digest_of(document: Mapping[str, Any]) -> str:
    """Of an exported draft, to find out later whether it still is the same."""
    return mark_of(document).whole


def found(name: str, lock: bool) -> RuleSet | None:
    rows = RuleSet.objects.select_for_update(of=("self",), no_key=True) if lock else RuleSet.objects
    return rows.filter(name=name).first() if name else None


def rules_of(rule_set: RuleSet, lock: bool) -> list[Rule]:
    """In order, with their parts; locked, so that nobody switches one meanwhile."""
    rows = rule_set.rules.select_for_update(of=("self",), no_key=True) if lock else rule_set.rules.all()
    return list(rows.prefetch_related("conditions", "targets", "skills"))


def in_words(names: Directory) -> Names:
    """The same names for sentences."""
    return Names(
        reps=names.people,
        pools={**names.called["pool"], **names.called["team"]},
        queues=names.called["queue"],
        skills=names.called["skill"],
    )


__all__ = [
    "Imported",
    "Outdated",
    "WrongFile",
    "digest_of",
    "exported",
    "exported_yaml",
    "import_json",
    "import_yaml",
]
