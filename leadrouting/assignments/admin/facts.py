"""Facts as a table that people read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.text import capfirst

from leadrouting.engine.describe import describe_value
from leadrouting.engine.facts import Catalogue
from leadrouting.rules.catalogue import catalogue


def fact_rows(facts: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Group, label and value of each fact that is not blank, in the catalogue's order; unknown ones last."""
    return rows_of_facts(facts, catalogue())


def rows_of_facts(facts: Mapping[str, Any], known: Catalogue) -> list[tuple[str, str, str]]:
    rows = [
        (fact.group, capfirst(fact.label), describe_value(facts[key], fact).strip("“”"))
        for key, fact in known.items()
        if key in facts
    ]
    return rows + [
        ("Your own", key, describe_value(value)) for key, value in facts.items() if key not in known
    ]
