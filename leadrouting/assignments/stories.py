"""The whole story of one decision, from what it stored and the version that it was made by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from leadrouting.assignments.explaining import (
    NO_RULE,
    Told,
    encoded,
    explanation,
    sentence,
    territories_of,
    told,
)
from leadrouting.assignments.missing import miss_by
from leadrouting.assignments.models import Decision, Roster
from leadrouting.assignments.rosters import roster_from
from leadrouting.assignments.turns import shares, whose_turn
from leadrouting.engine import roster as engine
from leadrouting.engine.facts import Catalogue
from leadrouting.engine.miss import NearestMiss
from leadrouting.engine.model import Rule
from leadrouting.engine.record import decode
from leadrouting.engine.sentences import CAUSES, Names
from leadrouting.engine.trace import trace_rule
from leadrouting.engine.words import did
from leadrouting.rules import live as rules
from leadrouting.rules.live import Live
from leadrouting.rules.wording import all_names, step_in_words

SHOWN = 20


@dataclass(frozen=True, slots=True)
class RuleAsked:
    """`failed` is the first condition because of which the rule did not match. A rule that was not valid at the
    instant of the decision was not asked: `begins` and `ends` (UTC) say when it is."""

    id: int
    name: str
    matched: bool
    failed: str
    sentence: str
    is_asked: bool = True
    begins: datetime | None = None
    ends: datetime | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """One who was considered on a step (from 1) of the ladder. `why` is a cause of `Why`, empty for who took it."""

    step: int
    rep: int
    name: str
    why: str
    says: str


@dataclass(frozen=True, slots=True)
class Story:
    """`rules` are those above the one that matched, and that one; `more_rules` how many of them are left out.
    `turn` is empty where the rotation decided nothing."""

    sentence: str
    explanation: list[str]
    rules: list[RuleAsked]
    more_rules: int
    ladder: list[str]
    candidates: list[Candidate]
    turn: str
    nearest: NearestMiss | None

    @property
    def gist(self) -> str:
        """Why, in two sentences for who got the lead: the decision, and whose turn it was or what was close."""
        return self.turn or (self.nearest.sentence if self.nearest else "")


def story(decision: Decision, *, shown: int = SHOWN) -> Story:
    """All of it; up to `shown` rules are traced above the one that matched. Seven queries at most."""
    names = replace(
        all_names(),
        rules={decision.rule_id: decision.rule_name} if decision.rule_id else {},
        territories=territories_of([decision]),
    )
    asked = decision.version_id is not None and told(decision) not in NO_RULE
    live = rules.load(decision.version_id) if asked and decision.version_id else None
    above = above_winner(decision, live) if live else []
    winner = [rule for rule in above if rule.id == decision.rule_id]
    others = above[: len(above) - len(winner)]
    past = told(decision) is Told.PAST_ITS_LADDER
    rosters = rosters_of(decision)
    return Story(
        sentence=sentence(decision, names),
        explanation=explanation(decision, names),
        rules=[rule_asked(rule, decision, live.catalogue) for rule in (*others[:shown], *winner)]
        if live
        else [],
        more_rules=max(0, len(others) - shown),
        ladder=ladder(winner[0], names) if winner else [],
        candidates=list(candidates(decision, names, rosters)),
        turn=turn(decision, names, rosters),
        nearest=miss_by(live, decision.facts, decision.decided_at) if live and not past else None,
    )


def above_winner(decision: Decision, live: Live) -> list[Rule]:
    """In order down to the rule that matched; all of them when none did."""
    ids = [rule.id for rule in live.rule_set.rules]
    end = ids.index(decision.rule_id) + 1 if decision.rule_id in ids else len(ids)
    return list(live.rule_set.rules[:end])


def rule_asked(rule: Rule, decision: Decision, known: Catalogue) -> RuleAsked:
    if not rule.is_valid(decision.decided_at):
        begins, ends = rule.valid_from, rule.valid_until
        parts = [f"{word} {at:%Y-%m-%d %H:%M} UTC" for word, at in (("from", begins), ("until", ends)) if at]
        said = f"“{rule.name}” was not asked: it is valid only {' '.join(parts)}."
        return RuleAsked(rule.id, rule.name, False, "", said, is_asked=False, begins=begins, ends=ends)
    traced = trace_rule(rule, decision.facts, known)
    failed = traced.conditions[traced.failed_at - 1].sentence if traced.failed_at else ""
    return RuleAsked(rule.id, rule.name, traced.matched, failed, traced.sentence)


def ladder(rule: Rule, names: Names) -> list[str]:
    """The steps of the rule that matched, also those that were not needed."""
    words = ("First", *("else" for _ in rule.ladder[1:]))
    steps = [f"{word} {step_in_words(step, names)}" for word, step in zip(words, rule.ladder, strict=False)]
    needs = [f"{names.skill(skill)} at level {level} or above" for skill, level in rule.skills]
    return [*steps, *([f"Whoever takes it must have {' and '.join(needs)}"] if needs else [])]


def rosters_of(decision: Decision) -> dict[int, engine.Roster]:
    """As they were at the steps that were tried. One query at most."""
    wanted = {tried["roster"] for tried in decision.tried if tried.get("roster")}
    stored = Roster.objects.filter(pk__in=wanted) if wanted else ()
    return {one.pk: roster_from(one) for one in stored}


def candidates(decision: Decision, names: Names, rosters: Mapping[int, engine.Roster]) -> Iterator[Candidate]:
    """Everybody who was considered, step by step: who took it, then the others by cause."""
    for tried in decision.tried:
        step, picked = tried["step"] + 1, tried.get("picked")
        roster = rosters.get(tried.get("roster") or 0)
        share = {rep: f"; {said}" for rep, said in shares(roster).items()} if roster else {}
        if picked is not None:
            yield Candidate(step, picked, names.rep(picked), "", f"took it{share.get(picked, '')}")
        if absent := tried.get("stands_in"):
            yield Candidate(step, absent["for"], names.rep(absent["for"]), absent["why"], did(absent["why"]))
        reasons = tried.get("reasons", {})
        for why in (*CAUSES, *(why for why in reasons if why not in CAUSES)):
            for rep in filter(None, reasons.get(why, ())):  # 0: an owner whom nobody knows
                said = did(why, 1, tried.get("language", "")) if why in CAUSES else why
                says = f"{said}{share.get(rep, '')}"
                yield Candidate(step, rep, names.rep(rep), why, says)


def turn(decision: Decision, names: Names, rosters: Mapping[int, engine.Roster]) -> str:
    """Whose turn it was and why, where there was a choice that the rotation made."""
    won = decode(encoded(decision)).won
    if won is None or won.roster is None or not won.credits or won.picked is None:
        return ""
    roster = rosters.get(won.roster)
    return whose_turn(won, roster, names) if roster else ""
