"""A saved lead is routed when its transaction commits."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils import timezone

from leadrouting.assignments.services import route
from leadrouting.leads.models import Lead


@receiver(post_save, sender=Lead, dispatch_uid="assignments.route_on_commit")
def route_on_commit(instance: Lead, created: bool, raw: bool, **signal: Any) -> None:
    if created and not raw:
        transaction.on_commit(lambda: route_now(instance.pk), robust=True)


def route_now(lead_id: int) -> None:
    route(lead_id, now=timezone.now())
