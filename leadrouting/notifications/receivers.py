"""Who hears of what."""

from typing import Any

from django.db.models import Model
from django.db.models.signals import post_save
from django.dispatch import receiver

from leadrouting.assignments.signals import decided, dispute_settled, disputed, proposed, replayed
from leadrouting.leads.models import Activity, Lead
from leadrouting.notifications import compose, events, queues, refusing
from leadrouting.notifications.models import Enrolment, Event, Message, OptOut
from leadrouting.notifications.news import news
from leadrouting.notifications.prospects import acknowledging, withdrawing, writing
from leadrouting.notifications.sending import UNWANTED
from leadrouting.notifications.sequences import beginning, resuming, stopping
from leadrouting.notifications.signals import failed, sent, spread
from leadrouting.notifications.todo import following
from leadrouting.sla.plan import BREACH
from leadrouting.sla.signals import escalated, overstayed, set_away
from leadrouting.teams.signals import absence_said, presence_set


@receiver(decided, dispatch_uid="notifications.assigned")
def tell_owner(outcomes: Any, people: Any, now: Any, **signal: Any) -> list[Model]:
    return [*compose.assigned(outcomes, people, now), *events.decided(outcomes, now)]


@receiver(post_save, sender=Lead, dispatch_uid="notifications.lead_received")
def lead_received(instance: Lead, created: bool, raw: bool, **signal: Any) -> None:
    if created and not raw:
        events.received(instance).save()
        refusing.heed(instance, instance.message, instance.created_at)


@receiver(post_save, sender=Activity, dispatch_uid="notifications.something_done")
def something_done(instance: Activity, created: bool, raw: bool, **signal: Any) -> None:
    if created and not raw:
        Event.objects.bulk_create(events.done(instance))
        Message.objects.bulk_create(news(instance), ignore_conflicts=True)
        refusing.heard(instance)


@receiver(spread, dispatch_uid="notifications.acknowledge")
def acknowledge(events: Any, now: Any, **signal: Any) -> None:
    acknowledging.acknowledge(events, now)
    withdrawing.withdraw_late(events)


@receiver(spread, dispatch_uid="notifications.tasks")
def keep_tasks(events: Any, now: Any, **signal: Any) -> None:
    following.follow(events, now)


@receiver(spread, dispatch_uid="notifications.sequences")
def follow_sequences(events: Any, now: Any, **signal: Any) -> None:
    beginning.begin(events, now)
    stopping.stop_after(events, now)
    resuming.resume_undone(events, now)


@receiver(sent, dispatch_uid="notifications.written_sent")
def count_as_response(dispatch: Any, now: Any, **signal: Any) -> None:
    writing.counted(dispatch, now)


@receiver(failed, dispatch_uid="notifications.written_failed")
def tell_who_wrote(dispatch: Any, now: Any, **signal: Any) -> None:
    writing.failed(dispatch, now)


@receiver(post_save, sender=OptOut, dispatch_uid="notifications.opted_out")
def stop_sequences(instance: OptOut, raw: bool, **signal: Any) -> None:
    if not raw:
        stopping.stop(Enrolment.objects.filter(lead__email=instance.address), UNWANTED, instance.at)


@receiver(escalated, dispatch_uid="notifications.escalated")
def tell_rep_and_manager(
    clock: Any, steps: Any, now: Any, outcome: Any, since: str, stays: bool = False, **signal: Any
) -> None:
    Message.objects.bulk_create(
        compose.escalated(clock, steps, now, since or compose.went(outcome), stays), ignore_conflicts=True
    )
    if BREACH in steps:
        events.breached(clock, now).save()


@receiver(overstayed, dispatch_uid="notifications.overstayed")
def tell_who_answers_for_the_queue(
    queue: Any, step: Any, leads: Any, told: Any, now: Any, **signal: Any
) -> None:
    Message.objects.bulk_create(queues.overstayed(queue, step, leads, told, now), ignore_conflicts=True)


@receiver(set_away, dispatch_uid="notifications.set_away")
def tell_of_absence(rep: Any, misses: Any, now: Any, **signal: Any) -> None:
    Message.objects.bulk_create(compose.set_away(rep, misses, now), ignore_conflicts=True)


@receiver(presence_set, dispatch_uid="notifications.presence_set")
def tell_whose_presence_it_is(change: Any, **signal: Any) -> None:
    Message.objects.bulk_create(compose.presence_set(change), ignore_conflicts=True)


@receiver(absence_said, dispatch_uid="notifications.absence_said")
def tell_who_is_absent(absence: Any, by: Any, ended: Any, now: Any, **signal: Any) -> None:
    Message.objects.bulk_create(compose.absence_said(absence, by, ended, now), ignore_conflicts=True)


@receiver(proposed, dispatch_uid="notifications.proposed")
def tell_manager(proposal: Any, now: Any, **signal: Any) -> None:
    Message.objects.bulk_create(compose.proposed(proposal, now), ignore_conflicts=True)


@receiver(disputed, dispatch_uid="notifications.disputed")
def tell_who_answers_for_the_rep(dispute: Any, now: Any, **signal: Any) -> None:
    Message.objects.bulk_create(compose.disputed(dispute, now), ignore_conflicts=True)


@receiver(dispute_settled, dispatch_uid="notifications.dispute_settled")
def tell_who_disputed(dispute: Any, now: Any, **signal: Any) -> None:
    Message.objects.bulk_create(compose.dispute_settled(dispute, now), ignore_conflicts=True)


@receiver(replayed, dispatch_uid="notifications.replayed")
def tell_ops(replay: Any, now: Any, **signal: Any) -> None:
    Message.objects.bulk_create(compose.differing(replay, now), ignore_conflicts=True)
