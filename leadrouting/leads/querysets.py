"""Questions about leads, in the field's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Case, IntegerField, Q, Value, When

from leadrouting.leads.enums import WORKED, Priority
from leadrouting.teams.models import Queue, User

if TYPE_CHECKING:
    from leadrouting.leads.models import Lead  # noqa: F401 named in quotes below


FIRST_COMES = (Priority.URGENT, Priority.HIGH, Priority.NORMAL, Priority.LOW)
RANK = Case(
    *(When(priority=priority, then=Value(rank)) for rank, priority in enumerate(FIRST_COMES)),
    output_field=IntegerField(),
)


def led_by(user: User) -> Q:
    """Queues that this person answers for: own ones, and those of reps in own teams."""
    return Q(owner=user) | Q(owner__rep__team__manager=user)


class LeadQuerySet(models.QuerySet["Lead"]):
    def visible_to(self, user: User) -> LeadQuerySet:
        """A rep sees own leads, a manager those of the team and of queues of own or of the team's, ops and services
        all."""
        if user.is_ops or user.role == User.Role.SERVICE:
            return self
        if user.role == User.Role.MANAGER:
            return self.filter(Q(owner__team__manager=user) | Q(queue__in=Queue.objects.filter(led_by(user))))
        return self.filter(owner=user.pk)

    def open(self) -> LeadQuerySet:
        """Owned and neither won, lost nor junk: the open conversations."""
        return self.filter(status__in=WORKED)

    def owned_by(self, rep_id: int) -> LeadQuerySet:
        return self.filter(owner=rep_id)

    def waiting(self) -> LeadQuerySet:
        return self.filter(queue__isnull=False, closed_at__isnull=True)

    def in_turn(self) -> LeadQuerySet:
        """As a queue drains: the most urgent first, then the oldest."""
        return self.order_by(RANK, "created_at", "id")
