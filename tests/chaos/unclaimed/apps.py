"""Takes the claim out of the product: no lock on the lead, none on the clock, no unique step."""

from datetime import datetime

from django.apps import AppConfig
from django.db import transaction


class UnclaimedConfig(AppConfig):
    name = "tests.chaos.unclaimed"

    def ready(self) -> None:
        from leadrouting.sla import services

        services.act = act
        services.took = took


@transaction.atomic
def act(clock_id: int, lead_id: int, now: datetime) -> None:
    """As the product's, without a lock: two that look at the same time both find the step to be taken."""
    from leadrouting.sla.models import Clock
    from leadrouting.sla.plan import Moment
    from leadrouting.sla.services import take

    clock = Clock.objects.select_related("policy", "lead", "rep__user", "rep__team").get(pk=clock_id)
    if clock.wake_at is None or clock.wake_at > now:
        return
    moments = [Moment.read(one) for one in clock.plan]
    take(clock, [one for one in moments if one.at <= now], [one for one in moments if one.at > now], now)


def took(clock: object, step: str, now: datetime) -> bool:
    from leadrouting.sla.models import Escalation

    Escalation.objects.create(clock=clock, step=step, acted_at=now)
    return True
