"""Clocks that run under SLA policies, and what they did."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from leadrouting.assignments.models import Assignment
from leadrouting.leads.models import Lead
from leadrouting.sla.models.policy import Kind, Policy
from leadrouting.teams.models import Rep


class Clock(models.Model):
    """One deadline of one assignment. All instants are UTC.

    `plan` is what is still to be done and when (see `sla.plan`), frozen when the clock started; `wake_at`
    is when the pulse looks at it next: the first of the plan, later after a failure, never while paused. It goes
    on after a missed deadline for as long as the ladder has steps and the lead stays.
    """

    class Outcome(models.TextChoices):
        MET = "met", "Met"
        MISSED = "missed", "Missed"
        CANCELLED = "cancelled", "Cancelled"

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="clocks", db_index=False)
    lead = models.ForeignKey(Lead, models.CASCADE, related_name="clocks", db_index=False)
    rep = models.ForeignKey(Rep, models.PROTECT, related_name="clocks")
    policy = models.ForeignKey(Policy, models.PROTECT, related_name="clocks")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.RESPOND)
    counts = models.CharField(max_length=20, default="owner", help_text="In whose time; see `sla.terms`.")
    plan = models.JSONField(default=list)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    wake_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True, default="")
    failures = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["due_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, outcome="") | (Q(ended_at__isnull=False) & ~Q(outcome="")),
                name="clock_ends_with_an_outcome",
            ),
            models.CheckConstraint(condition=Q(due_at__gt=F("started_at")), name="clock_runs_forward"),
            models.UniqueConstraint(
                fields=["assignment", "kind"], condition=Q(ended_at__isnull=True), name="clock_one_of_a_kind"
            ),
            models.UniqueConstraint(
                fields=["lead"],
                condition=Q(ended_at__isnull=True) & ~Q(kind="accept"),
                name="clock_one_answer_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["wake_at"], condition=Q(wake_at__isnull=False), name="clock_wake"),
            models.Index(fields=["due_at"], condition=Q(ended_at__isnull=True), name="clock_running"),
            models.Index(fields=["ended_at"], condition=Q(ended_at__isnull=False), name="clock_ended"),
            models.Index(fields=["lead", "-started_at"], name="clock_of_lead"),
            models.Index(fields=["assignment", "kind"], name="clock_of_assignment"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} clock of lead {self.lead_id}, due {self.due_at}"


class Pause(models.Model):
    """A span, `[begins_at, ends_at)` in UTC, in which a lead's clocks stand still: its owner waits for the prospect."""

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="pauses", db_index=False)
    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="pauses")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-begins_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["lead"], condition=Q(ends_at__isnull=True), name="pause_one_open"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("begins_at")), name="pause_runs_forward"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="pause_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"Pause of lead {self.lead_id} from {self.begins_at}"


class Escalation(models.Model):
    """Something that a clock has done, by its key in the plan. Unique, so that each happens once, however many
    workers run. `stayed`: the lead was to move, and could not; that is tried again until it does."""

    clock = models.ForeignKey(Clock, models.CASCADE, related_name="escalations")
    step = models.CharField(max_length=40)
    acted_at = models.DateTimeField()
    stayed = models.BooleanField(default=False, db_default=False)

    class Meta:
        ordering = ["-acted_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["clock", "step"], name="escalation_once")]

    def __str__(self) -> str:
        return f"{self.step} of clock {self.clock_id}"
