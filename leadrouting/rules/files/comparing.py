"""What an import would change: for people in sentences, for the writer in keys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from leadrouting.engine.facts import Catalogue
from leadrouting.engine.sentences import Names
from leadrouting.rules.changes import Change, moved_rules
from leadrouting.rules.files.said import DraftSaid, RuleSaid
from leadrouting.rules.models import RuleSet
from leadrouting.rules.wording import rule_in_words


@dataclass(frozen=True, slots=True)
class Plan:
    """`kept` are the keys of the rules that stay, at their place in `wanted`; None for a new rule.

    `changed` are the places of those that say something else than now. `outdated` says what somebody changed
    since the file was exported; empty when nothing.
    """

    wanted: DraftSaid
    is_new: bool
    kept: tuple[int | None, ...]
    changed: frozenset[int]
    removed: tuple[int, ...]
    is_reordered: bool
    settings_change: bool
    tests_change: bool
    changes: tuple[Change, ...] = ()
    outdated: str = ""

    @property
    def is_empty(self) -> bool:
        """The draft says all that already."""
        return not (self.is_new or self.changes)

    def count(self, what: str) -> int:
        return sum(change.what == what for change in self.changes)

    @property
    def unchanged(self) -> int:
        return sum(key is not None for key in self.kept) - len(self.changed)

    @property
    def summary(self) -> str:
        counts = {"added": "new", "changed": "changed", "moved": "moved", "removed": "gone"}
        parts = [f"{number} {word}" for word, what in counts.items() if (number := self.count(what))]
        return ", ".join([*parts, f"{self.unchanged} rule{'s' * (self.unchanged != 1)} unchanged"])


def compared(
    now: DraftSaid | None, keys: Sequence[int], wanted: DraftSaid, names: Names, facts: Catalogue
) -> Plan:
    """`now` is the draft as it is, `keys` are its rules' in order; None when the rule set does not exist yet."""
    before = now or DraftSaid(wanted.name, 0)
    kept = matched(before.rules, keys, wanted.rules)
    known = dict(zip(keys, before.rules, strict=True))
    changed = {
        place for place, key in enumerate(kept) if key is not None and known[key] != wanted.rules[place]
    }
    staying = {key for key in kept if key is not None}
    removed = tuple(key for key in keys if key not in staying)
    is_reordered = [key for key in keys if key in staying] != [key for key in kept if key is not None]
    plan = Plan(
        wanted=wanted,
        is_new=now is None,
        kept=kept,
        changed=frozenset(changed),
        removed=removed,
        is_reordered=is_reordered,
        settings_change=now is not None and bool(settings(before) != settings(wanted)),
        tests_change=before.tests != wanted.tests,
    )
    said = [*rule_changes(plan, known, names, facts), *other_changes(plan, before, names)]
    return replace(plan, changes=tuple(said))


def matched(
    before: Sequence[RuleSaid], keys: Sequence[int], wanted: Sequence[RuleSaid]
) -> tuple[int | None, ...]:
    """By name; then what says the same under another name was renamed."""
    by_name = {said.name: key for said, key in zip(before, keys, strict=True)}
    kept: list[int | None] = [by_name.get(said.name) for said in wanted]
    left: dict[RuleSaid, list[int]] = {}
    for said, key in zip(before, keys, strict=True):
        if key not in kept:
            left.setdefault(nameless(said), []).append(key)
    for place, said in enumerate(wanted):
        if kept[place] is None and left.get(nameless(said)):
            kept[place] = left[nameless(said)].pop(0)
    return tuple(kept)


def nameless(said: RuleSaid) -> RuleSaid:
    return replace(said, rule=replace(said.rule, name=""))


def settings(draft: DraftSaid) -> tuple[int, str, str]:
    return draft.catch_all, draft.on_update, draft.note


def rule_changes(plan: Plan, known: dict[int, RuleSaid], names: Names, facts: Catalogue) -> Iterator[Change]:
    moved = moved_keys(plan, list(known))
    places = {key: place for place, key in enumerate(known, start=1)}
    for place, (key, said) in enumerate(zip(plan.kept, plan.wanted.rules, strict=True)):
        if key is None:
            yield Change("new", said.name, after=rule_in_words(said.rule, names, facts))
        elif place in plan.changed:
            yield from changed_rule(known[key], said, names, facts)
        if key in moved:
            yield Change("moved", said.name, after=f"From place {places[key]} to place {place + 1}.")
    for key in plan.removed:
        yield Change("gone", known[key].name, before=rule_in_words(known[key].rule, names, facts))


def changed_rule(old: RuleSaid, new: RuleSaid, names: Names, facts: Catalogue) -> Iterator[Change]:
    """One change for each rule; what the sentence does not say is said beside it."""
    more = [
        *([f"Named “{old.name}” before."] if old.name != new.name else []),
        *(["Switched on."] if new.is_active > old.is_active else []),
        *(["Switched off."] if new.is_active < old.is_active else []),
        *(["The note is another."] if old.note != new.note else []),
    ]
    was, words = (rule_in_words(one.rule, names, facts) for one in (old, new))
    if was == words:
        yield Change("changed", new.name, after=" ".join(more) or words)
    else:
        yield Change("changed", new.name, was, " ".join([words, *more]))


def moved_keys(plan: Plan, keys: Sequence[int]) -> set[int]:
    if not plan.is_reordered:
        return set()
    kept = [key for key in plan.kept if key is not None]
    return moved_rules(*({"rules": [{"id": key} for key in order]} for order in (keys, kept)))


def other_changes(plan: Plan, before: DraftSaid, names: Names) -> Iterator[Change]:
    wanted = plan.wanted
    if plan.settings_change:
        if before.catch_all != wanted.catch_all:
            yield Change("changed", "Catch-all", *(names.queue(one.catch_all) for one in (before, wanted)))
        if before.on_update != wanted.on_update:
            labels = (str(RuleSet.OnUpdate(one.on_update).label) for one in (before, wanted))
            yield Change("changed", "Owned leads that change", *labels)
        if before.note != wanted.note:
            yield Change("changed", "Note of the rule set", before.note, wanted.note or "None.")
    if plan.tests_change:
        yield from test_changes(before, wanted)


def test_changes(before: DraftSaid, wanted: DraftSaid) -> Iterator[Change]:
    old, new = ({test.name: test for test in one.tests} for one in (before, wanted))
    for name in new:
        if name not in old:
            yield Change("new", f"Test lead “{name}”")
        elif old[name] != new[name]:
            yield Change("changed", f"Test lead “{name}”")
    for name in old:
        if name not in new:
            yield Change("gone", f"Test lead “{name}”")
    if list(old) != list(new) and sorted(old) == sorted(new):
        yield Change("moved", "Test leads", after="They are in another order.")
