"""Rows of conditions as the engine reads them: of whatever says which leads it is for."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from leadrouting.engine.facts import Catalogue
from leadrouting.engine.model import Rule
from leadrouting.engine.prepared import RuleError, prepare_rule
from leadrouting.rules.documents import condition_from, operand_of
from leadrouting.rules.models import ConditionRow

logger = logging.getLogger(__name__)


def asking(pk: int, name: str, conditions: Iterable[ConditionRow], logic: str) -> Rule:
    return Rule(
        pk,
        name,
        tuple(
            condition_from(
                {"fact": c.fact, "operator": c.operator, "operand": operand_of(c.operator, c.value)}
            )
            for c in conditions
        ),
        logic,
    )


def readable(rule: Rule, known: Catalogue, what: str) -> bool:
    """What cannot be read (its form refuses that) is for no lead, and keeps none from being saved or from its owner.
    `what` it is, for the log: “An SLA policy”."""
    try:
        prepare_rule(rule, known)
    except (RuleError, LookupError) as error:
        logger.error("%s cannot be read and is passed over: %s", what, error)
        return False
    return True
