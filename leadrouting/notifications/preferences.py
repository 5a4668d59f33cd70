"""What each of us hears of, and by what."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.db import transaction

from leadrouting.notifications.channels import Channel, channels
from leadrouting.notifications.models import Dispatch, Message, Muted
from leadrouting.teams.models import User

Kind = Message.Kind
OWNERS = (Kind.ASSIGNED, Kind.REMINDER, Kind.BREACH, Kind.NEWS, Kind.TASK, Kind.DISPUTE, Kind.AWAY)
LEADERS = (Kind.BREACH, Kind.QUEUE_ALARM, Kind.PROPOSAL, Kind.DISPUTE, Kind.REPORT, Kind.AWAY)
EXPLAINED: Mapping[str, str] = {
    Kind.ASSIGNED: "A lead is yours.",
    Kind.REMINDER: "A deadline comes near.",
    Kind.BREACH: "A deadline was missed, or something needs you.",
    Kind.NEWS: "A prospect of yours writes, asks again, books or cancels.",
    Kind.TASK: "A task of yours is due.",
    Kind.AWAY: "Somebody else, or the system, changed a presence or an absence.",
    Kind.QUEUE_ALARM: "Leads wait in a queue for too long.",
    Kind.PROPOSAL: "Another owner is proposed for a lead.",
    Kind.DISPUTE: "An owner says that a lead should be somebody else’s, and what came of it.",
    Kind.REPORT: "The report of the week.",
    Kind.REPLAY: "Decisions that do not follow from what was stored.",
    Kind.DIGEST: "What came in your quiet hours, in one message.",
}


def kinds_of(user: User) -> list[str]:
    """What this person is told of, by role."""
    if user.role == User.Role.REP:
        own: tuple[str, ...] = OWNERS
    else:
        own = (*LEADERS, Kind.REPLAY) if user.is_ops else LEADERS
        if hasattr(user, "rep"):
            own = tuple(dict.fromkeys((*OWNERS, *own)))
    return [*own, Kind.DIGEST]


def ways() -> list[Channel]:
    """The channels that reach us."""
    return [one for one in channels().values() if one.for_people]


def muted(users: Iterable[User]) -> set[tuple[int, str, str]]:
    """Person, kind and channel of what is not wanted. One query."""
    return set(Muted.objects.filter(user__in=list(users)).values_list("user", "kind", "channel"))


@transaction.atomic
def choose(user: User, wanted: Collection[tuple[str, str]]) -> None:
    """`wanted` are pairs of kind and channel; the others that the person could have are switched off."""
    asked = {(kind, channel.name) for kind in kinds_of(user) for channel in ways()}
    Muted.objects.filter(user=user).delete()
    Muted.objects.bulk_create(
        Muted(user=user, kind=kind, channel=channel) for kind, channel in sorted(asked - set(wanted))
    )


def try_out(user: User, now: datetime) -> Message:
    """A message to oneself by every channel, whatever is switched off; one every ten seconds at most."""
    key = f"test:{user.pk}:{int(now.timestamp()) // 10}"
    made, _ = Message.objects.get_or_create(
        dedupe_key=key,
        defaults={
            "kind": Kind.TEST,
            "recipient": user,
            "subject": "A test from Leadrouting",
            "body": "This is how you hear of things here. Nothing needs to be done.",
            "created_at": now,
            "read_at": now,
        },
    )
    return made


def latest_try(user: User, since: datetime) -> tuple[bool, list[tuple[str, Dispatch]]] | None:
    """Whether the newest test since then is still on its way, and by channel what has become of it."""
    made = Message.objects.filter(recipient=user, kind=Kind.TEST, created_at__gte=since).first()
    if made is None:
        return None
    sent, known = list(made.dispatches.order_by("channel", "id")), channels()
    is_on_its_way = made.spread_at is None or any(one.state == Dispatch.State.WAITING for one in sent)
    return is_on_its_way, [(known[one.channel].label, one) for one in sent if one.channel in known]
