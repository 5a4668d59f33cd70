"""What leads of the past say to an analysis."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from leadrouting.engine.analysis import Certainty, World, analyse, practised, settled
from leadrouting.engine.facts import Catalogue
from leadrouting.engine.model import Condition, Rule, RuleSet, Step, StepKind

WORLD = World(Catalogue())
NOW = datetime(2026, 3, 29, 12, tzinfo=UTC)


def rule(id_: int, *said: tuple[Any, ...]) -> Rule:
    return Rule(id_, f"rule {id_}", tuple(Condition(*one) for one in said), "", (Step(StepKind.POOL, id_),))


def test_overlaps_that_leads_met_come_first_with_the_lead() -> None:
    rules = (
        rule(30, ("country", "is", "DE")),
        rule(20, ("source", "is", "google")),
        rule(10, ("source", "is", "partner")),
    )
    found = analyse(RuleSet(1, rules, 1), WORLD)
    assert found.overlap_count == 2
    leads = [{"country": "DE", "source": "partner"}] * 2 + [{"country": "FR"}, {"source": "google"}]
    practice = practised(found, RuleSet(1, rules, 1), WORLD.catalogue, leads, NOW)
    assert practice.claimed == {(30, 10): 2}
    assert [one.facts for one in practice.missed] == [{"country": "FR"}]
    first, second = settled(found, practice).overlaps
    assert (first.lower.id, first.witness.facts, first.certainty) == (10, leads[0], Certainty.PROVEN)
    assert second.lower.id == 20


def test_a_special_case_above_is_no_overlap_however_many_leads_meet_it() -> None:
    rules = rule(1, ("country", "is", "DE"), ("source", "is", "google")), rule(2, ("country", "is", "DE"))
    found = analyse(RuleSet(1, rules, 1), WORLD)
    leads = [{"country": "DE", "source": "google"}]
    assert not practised(found, RuleSet(1, rules, 1), WORLD.catalogue, leads, NOW).claimed


def test_a_rule_that_took_a_lead_fires() -> None:
    hard = rule(1, ("job_title", "matches", "^(a|b)$"), ("job_title", "contains", "b"))
    found = analyse(RuleSet(1, (hard,), 1), WORLD)
    (open_,) = found.never
    assert open_.certainty is Certainty.CANNOT_TELL
    practice = practised(found, RuleSet(1, (hard,), 1), WORLD.catalogue, [{"job_title": "b"}], NOW)
    now = settled(found, practice)
    assert now.never == () and now.examples[1].facts == {"job_title": "b"}
