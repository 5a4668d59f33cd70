"""What rules find out about themselves."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.dispatch import receiver

from leadrouting.rules import analysing
from leadrouting.rules.findings import Finding
from leadrouting.rules.health import checks
from leadrouting.rules.models import RuleSet
from leadrouting.rules.signals import checking


@receiver(checking, dispatch_uid="rules.analyse")
def analyse(rule_set: RuleSet, document: Mapping[str, Any], now: datetime, **signal: Any) -> list[Finding]:
    return analysing.findings(rule_set.pk, document, now=now)


@receiver(checking, dispatch_uid="rules.check_health")
def check_health(
    rule_set: RuleSet, document: Mapping[str, Any], now: datetime, **signal: Any
) -> list[Finding]:
    return checks.findings(rule_set, document, now)
