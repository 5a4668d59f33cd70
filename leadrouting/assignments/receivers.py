"""A saved lead is routed, or looked at again, when its transaction commits."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils import timezone
from django_q.tasks import async_task

from leadrouting.assignments.figures import figures_of
from leadrouting.assignments.insight import territories
from leadrouting.assignments.insight.past import REMEMBERED, past_leads
from leadrouting.assignments.judging import objections
from leadrouting.assignments.proposals import open_proposals
from leadrouting.assignments.reconsidering import matters, reconsider
from leadrouting.assignments.returning import welcome
from leadrouting.assignments.services import route
from leadrouting.assignments.testing import decided_by, tried
from leadrouting.leads.identity import Return
from leadrouting.leads.models import Lead
from leadrouting.leads.signals import linked, mended, returned
from leadrouting.rules.expectations import Result
from leadrouting.rules.findings import Finding
from leadrouting.rules.models import Expectation
from leadrouting.rules.signals import (
    Objection,
    RuleFigures,
    checking,
    counting,
    measuring,
    objecting,
    recalling,
    rehearsing,
    went_live,
)

FEW = 20
"""Leads that somebody may wait for while the rules are asked about each."""


@receiver(post_save, sender=Lead, dispatch_uid="assignments.route_on_commit")
def route_on_commit(instance: Lead, created: bool, raw: bool, **signal: Any) -> None:
    if created and not raw:
        transaction.on_commit(lambda: route_now(instance.pk), robust=True)


@receiver(post_save, sender=Lead, dispatch_uid="assignments.reconsider_on_commit")
def reconsider_on_commit(instance: Lead, created: bool, raw: bool, update_fields: Any, **signal: Any) -> None:
    if not created and not raw and matters(update_fields):
        transaction.on_commit(lambda: reconsider_now(instance.pk), robust=True)


@receiver(returned, sender=Lead, dispatch_uid="assignments.welcome")
def welcome_back(returns: Sequence[Return], **signal: Any) -> None:
    welcome(returns)


@receiver(linked, sender=Lead, dispatch_uid="assignments.reconsider_linked")
@receiver(mended, sender=Lead, dispatch_uid="assignments.reconsider_mended")
def reconsider_changed(leads: Sequence[int], **signal: Any) -> None:
    """They have got an account, or were put right. A few at once, many by a worker: the rules are asked one by one."""
    if len(leads) <= FEW:
        transaction.on_commit(lambda: reconsider_all(leads), robust=True)
    else:
        task = "leadrouting.assignments.tasks.reconsider_leads"
        transaction.on_commit(lambda: async_task(task, list(leads)), robust=True)


def reconsider_all(leads: Sequence[int]) -> None:
    for lead in leads:
        reconsider_now(lead)


def reconsider_now(lead_id: int) -> None:
    reconsider(lead_id, now=timezone.now())


def route_now(lead_id: int) -> None:
    route(lead_id, now=timezone.now(), gives_way=True)


@receiver(measuring, dispatch_uid="assignments.measure_rules")
def measure_rules(
    rule_ids: Collection[int], since: datetime, now: datetime, **signal: Any
) -> dict[int, RuleFigures]:
    return figures_of(rule_ids, since=since, now=now)


@receiver(objecting, dispatch_uid="assignments.objections")
def tell_objections(rule: int, since: datetime, **signal: Any) -> list[Objection]:
    return objections(rule, since)


@receiver(rehearsing, dispatch_uid="assignments.try_test_leads")
def try_test_leads(
    expectations: Sequence[Expectation], document: Mapping[str, Any], now: datetime, **signal: Any
) -> list[Result]:
    return tried(expectations, document, now)


@receiver(counting, dispatch_uid="assignments.count_by_version")
def count_by_version(versions: Collection[int], **signal: Any) -> dict[int, int]:
    return decided_by(versions)


@receiver(checking, dispatch_uid="assignments.check_territories")
def check_territories(**signal: Any) -> list[Finding]:
    return territories.findings()


@receiver(recalling, dispatch_uid="assignments.recall_leads")
def recall_leads(**signal: Any) -> list[Mapping[str, Any]]:
    return [past.facts for past in past_leads(REMEMBERED)]


@receiver(went_live, dispatch_uid="assignments.review_proposals")
def review_on_commit(**signal: Any) -> None:
    if open_proposals().exists():
        transaction.on_commit(
            lambda: async_task("leadrouting.assignments.tasks.review_proposals"), robust=True
        )
