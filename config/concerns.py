"""What is wrong with the set-up, and what to do about it: a sentence and a link each. Constant queries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from leadrouting.assignments.replays import unsettled
from leadrouting.businesstime import CalendarError
from leadrouting.intake.models import Delivery
from leadrouting.leads.enums import Status
from leadrouting.leads.models import Lead
from leadrouting.notifications.models import Dispatch
from leadrouting.rules.documents import draft_of
from leadrouting.rules.models import Version
from leadrouting.teams.calendars import calendar_of
from leadrouting.teams.models import OfficeHours, Pool, Queue


@dataclass(frozen=True, slots=True)
class Concern:
    text: str
    action: str
    link: str
    is_urgent: bool = True


def concerns() -> list[Concern]:
    return [*deliveries(), *decisions(), *rules(), *pools(), *hours(), *queues(), *messages()]


def deliveries() -> Iterator[Concern]:
    if failed := Delivery.objects.filter(state=Delivery.State.FAILED).count():
        said = f"{failed:,} deliver{'ies were' if failed != 1 else 'y was'} not understood: people may wait behind them."
        link = f"{reverse('admin:intake_delivery_changelist')}?state__exact={Delivery.State.FAILED}"
        yield Concern(said, "Look at them", link)


def decisions() -> Iterator[Concern]:
    """A replay that found differences speaks until a later one, that reached as far back, finds none."""
    if (replay := unsettled()) is not None:
        said = f"{replay.different:,} stored decision{'s do' if replay.different != 1 else ' does'} not follow from what was stored."
        yield Concern(said, "See which", reverse("admin:assignments_replay_change", args=[replay.pk]))


def rules() -> Iterator[Concern]:
    live = Version.objects.filter(is_live=True).select_related("rule_set").first()
    if live is None:
        waiting = Lead.objects.filter(status=Status.RECEIVED).count()
        said = f"No rule set is live: every lead waits in the intake queue ({waiting:,} now)."
        yield Concern(said, "Publish one", reverse("admin:rules_ruleset_changelist"))
    elif draft_of(live.rule_set) != live.document:
        said = f"The draft of {live.rule_set} differs from {live}, which routes leads."
        link = reverse("admin:rules_ruleset_publish", args=[live.rule_set_id])
        yield Concern(said, "See what changes", link, is_urgent=False)


def pools() -> Iterator[Concern]:
    active = Count("memberships", filter=Q(memberships__rep__is_active=True))
    for pool in (
        Pool.objects.ordinary()
        .annotate(able=active, size=Count("memberships"))
        .filter(able=0)
        .order_by("name")
    ):
        said = f"The pool {pool} has no {'active member' if pool.size else 'members'}: nobody can get a lead from it."
        yield Concern(said, "Add members", reverse("admin:teams_pool_change", args=[pool.pk]))


def hours() -> Iterator[Concern]:
    for one in OfficeHours.objects.prefetch_related("windows", "special_days", "holidays"):
        if never_opens(one):
            said = f"The office hours {one} never open: whoever works by them gets no leads."
            yield Concern(said, "Set the hours", reverse("admin:teams_officehours_change", args=[one.pk]))


def never_opens(hours: OfficeHours) -> bool:
    try:
        calendar_of(hours)
    except CalendarError:
        return True
    return False


def queues() -> Iterator[Concern]:
    locked_out = Q(owner__password__startswith=UNUSABLE_PASSWORD_PREFIX) | Q(owner__password="")
    for queue in Queue.objects.filter(locked_out | Q(owner__is_active=False)).select_related("owner"):
        said = f"{queue.owner} owns the queue {queue} and cannot log in."
        if queue.owner.is_active:
            link = reverse("admin:auth_user_password_change", args=[queue.owner_id])
            yield Concern(said, "Set a password", link)
        else:
            yield Concern(said, "Choose another owner", reverse("admin:teams_queue_change", args=[queue.pk]))


def messages() -> Iterator[Concern]:
    """Of the last week: what is older nobody sends any more."""
    states = [Dispatch.State.FAILED, Dispatch.State.UNSURE]
    since = timezone.now() - timedelta(days=7)
    number = Dispatch.objects.filter(state__in=states, created_at__gte=since).count()
    if number:
        were = "message of the last 7 days was" if number == 1 else "messages of the last 7 days were"
        said = f"{number:,} {were} given up, or may not have arrived."
        link = f"{reverse('admin:notifications_dispatch_changelist')}?state=trouble"
        yield Concern(said, "See which", link)
