"""Who owned a lead, from when to when. The database promises one owner at any instant."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Func, Q

from leadrouting.assignments.models.decision import Decision
from leadrouting.leads.models import Lead
from leadrouting.teams.models import Rep


class Lower(Func):
    function = "lower"
    output_field = models.DateTimeField()


class Upper(Func):
    function = "upper"
    output_field = models.DateTimeField()


class Assignment(models.Model):
    """A span of ownership, `[started_at, ended_at)` in UTC; `ended_at` is empty while it lasts.

    It shares its key with the decision that made it. `responded_at` is this owner's first reply.
    """

    class End(models.TextChoices):
        DECLINED = "declined", "Declined"
        BREACHED = "breached", "Deadline missed"
        REASSIGNED = "reassigned", "Reassigned"
        CLOSED = "closed", "Closed, before it was reopened"

    decision = models.OneToOneField(Decision, models.CASCADE, primary_key=True, related_name="assignment")
    lead = models.ForeignKey(Lead, models.CASCADE, related_name="assignments")
    rep = models.ForeignKey(Rep, models.PROTECT, related_name="assignments", db_index=False)
    period = DateTimeRangeField()
    started_at = models.GeneratedField(
        expression=Lower("period"), output_field=models.DateTimeField(), db_persist=True
    )
    ended_at = models.GeneratedField(
        expression=Upper("period"), output_field=models.DateTimeField(), db_persist=True
    )
    end = models.CharField(max_length=12, choices=End, blank=True, default="")
    accepted_at = models.DateTimeField(null=True)
    responded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-period", "-decision_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["lead"], condition=Q(ended_at__isnull=True), name="assignment_one_open_owner"
            ),
            ExclusionConstraint(
                name="assignment_one_owner_ever",
                expressions=[("lead", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(condition=Q(period__isempty=False), name="assignment_period_not_empty"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end="") | (Q(ended_at__isnull=False) & ~Q(end="")),
                name="assignment_end_has_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["rep", "started_at"], name="assignment_of_rep"),
            models.Index(fields=["started_at"], name="assignment_started"),
        ]

    def __str__(self) -> str:
        return f"Lead {self.lead_id} with rep {self.rep_id} from {self.started_at}"
