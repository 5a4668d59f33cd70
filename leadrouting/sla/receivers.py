"""Clocks start with ownership and end with it."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from leadrouting.assignments import signals
from leadrouting.leads.models import Activity
from leadrouting.rules.findings import Finding
from leadrouting.rules.signals import checking
from leadrouting.sla import checking as deadlines
from leadrouting.sla import clocks, recomputing
from leadrouting.sla.models import Clock
from leadrouting.sla.pausing import go_on_again, resume_for_news
from leadrouting.teams.signals import hours_saved


@receiver(signals.decided, dispatch_uid="sla.start_clocks")
def start_clocks(outcomes: Any, people: Any, **signal: Any) -> list[Clock]:
    return clocks.started(outcomes, people)


@receiver(signals.released, dispatch_uid="sla.cancel_clocks")
def cancel_clocks(outcomes: Any, now: Any, **signal: Any) -> None:
    ended = {outcome.row["assignment"]: outcome for outcome in outcomes}
    clocks.cancel(list(ended), now, outcomes=ended)


@receiver(signals.accepted, dispatch_uid="sla.accepted")
def accepted(assignment: Any, now: Any, **signal: Any) -> None:
    clocks.accepted(assignment, now)


@receiver(signals.answered, dispatch_uid="sla.answered")
def answered(assignment: Any, now: Any, **signal: Any) -> None:
    clocks.answered(assignment, now)


@receiver(signals.attempted, dispatch_uid="sla.attempted")
def attempted(assignment: Any, **signal: Any) -> bool:
    return clocks.attempts_count(assignment)


@receiver(signals.reported, dispatch_uid="sla.reported")
def reported(assignment: Any, at: Any, **signal: Any) -> int:
    return clocks.kept_after_all(assignment, at)


@receiver(signals.closed, dispatch_uid="sla.cancel_clocks_of_closed")
def cancel_clocks_of_closed(ended: Any, **signal: Any) -> None:
    clocks.cancel_of_leads(ended)


@receiver(signals.restored, dispatch_uid="sla.restored")
def restored(lead: Any, since: Any, now: Any, ran_on: Any, **signal: Any) -> None:
    go_on_again(lead, since, now, ran_on=ran_on)


@receiver(post_save, sender=Activity, dispatch_uid="sla.prospect_wrote")
def prospect_wrote(instance: Activity, created: bool, raw: bool, **signal: Any) -> None:
    if created and not raw and instance.kind in (Activity.Kind.ENQUIRY, Activity.Kind.REPLY):
        resume_for_news(instance.lead_id, instance.at)
        clocks.owed_again(instance.lead_id, instance.at)


@receiver(hours_saved, dispatch_uid="sla.clocks_of_old_hours")
def clocks_of_old_hours(**signal: Any) -> str:
    return recomputing.still_running()


@receiver(checking, dispatch_uid="sla.check_policies")
def check_policies(**signal: Any) -> list[Finding]:
    return deadlines.findings()
