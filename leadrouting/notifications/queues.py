"""What messages say about leads that wait in a queue for too long."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from leadrouting.leads.enums import Status
from leadrouting.leads.models import Lead
from leadrouting.notifications.compose import clock_of, message
from leadrouting.notifications.links import to_page
from leadrouting.notifications.models import Message
from leadrouting.rules.models import Version
from leadrouting.sla.models import Overstay
from leadrouting.teams.models import Queue, User

SINGLY = 3
"""More leads at once are told in one message."""
AT_ONCE = timedelta(minutes=1)
"""New leads are routed by then, if there is anything to route them by."""


def overstayed(
    queue: Queue, step: int, leads: Sequence[Lead], told: Sequence[User], now: datetime
) -> list[Message]:
    """To each who is told: one message for each lead with the way to it, or one for many."""
    parts = [[lead] for lead in leads] if len(leads) <= SINGLY else [leads]
    return [of_leads(queue, step, part, to, now) for to in told for part in parts]


def of_leads(queue: Queue, step: int, leads: Sequence[Lead], to: User, now: datetime) -> Message:
    first, allowed = leads[0], in_words((queue.window or timedelta()) * (step + 1))
    key = f"overstay:{first.pk}:{first.queued_at and first.queued_at.isoformat()}:{step}:{to.pk}"
    since = clock_of(to, first.queued_at or now)
    before = "" if step == Overstay.Step.OWNER else f" {queue.owner}, who answers for it, was told before."
    if len(leads) == 1:
        subject = f"Waits too long: {first}"
        body = f"{first} has been waiting in {queue} since {since}, for more than {allowed}.{before}"
    else:
        subject = f"{len(leads)} leads wait too long in {queue}"
        body = f"{len(leads)} leads have been waiting in {queue} for more than {allowed}, the first since {since}.{before}"
    is_rep = to.role == User.Role.REP
    way = f"#queue-{queue.pk}" if is_rep else f"?show=waiting&queue={queue.pk}"
    do = "Take the next lead, or ask who could" if is_rep else "Give them to somebody"
    body = f"{body} {do}: {to_page('leads')}{way}"
    lead = first.pk if len(leads) == 1 and not is_rep else None
    return message(Message.Kind.QUEUE_ALARM, to.pk, key, now, subject, body, lead)


def no_rules(now: datetime) -> list[Message]:
    """To all sales ops, once an hour: new leads wait, and no rules are live that could give them to anybody. Two
    queries, or three."""
    if Version.objects.filter(is_live=True).exists():
        return []
    waiting = Lead.objects.filter(status=Status.RECEIVED, queued_at__lte=now - AT_ONCE).count()
    if not waiting:
        return []
    subject = f"{waiting:,} new lead{' waits' if waiting == 1 else 's wait'}: no rules are live"
    body = (
        "No rule set is live, so nobody gets the leads that come in. Publish one: what waits is routed at once, the most "
        f"urgent first. {to_page('admin:rules_ruleset_changelist')}"
    )
    ops = User.objects.filter(role=User.Role.OPS, is_active=True).order_by("pk").values_list("pk", flat=True)
    key = f"no-rules:{now:%Y-%m-%dT%H}"
    return [message(Message.Kind.QUEUE_ALARM, to, f"{key}:{to}", now, subject, body) for to in ops]


def in_words(span: timedelta) -> str:
    """`45 min`, `2 h`, `1 h 30 min`."""
    hours, minutes = divmod(int(span.total_seconds()) // 60, 60)
    return " ".join(
        [*([f"{hours} h"] if hours else []), *([f"{minutes} min"] if minutes or not hours else [])]
    )
