"""SLA policies, and the clocks that run under them."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q

from leadrouting.assignments.models import Assignment
from leadrouting.leads.enums import Channel, Priority
from leadrouting.leads.models import Lead
from leadrouting.teams.models import Rep


class Policy(models.Model):
    """How soon the owner must respond. The first policy that fits, from the top, applies."""

    name = models.CharField(max_length=80, unique=True)
    precedence = models.PositiveIntegerField(default=0, db_index=True)
    channel = models.CharField(
        max_length=20, choices=Channel, blank=True, default="", help_text="Empty: any."
    )
    priority = models.CharField(
        max_length=10, choices=Priority, blank=True, default="", help_text="Empty: any."
    )
    source = models.CharField(max_length=60, blank=True, default="", help_text="Empty: any.")
    respond_within = models.DurationField(help_text="hh:mm:ss, e.g. 00:15:00 for a quarter of an hour.")
    around_the_clock = models.BooleanField(
        default=False, help_text="Off: only the owner's office hours count. On: every minute counts."
    )
    remind_before = models.DurationField(
        null=True,
        blank=True,
        help_text="The owner is reminded this long before the deadline. Empty: not at all.",
    )
    max_reassignments = models.PositiveSmallIntegerField(
        default=2,
        help_text="After a miss the lead moves to another rep, at most this often; then to the catch-all queue.",
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["precedence", "id"]
        verbose_name = "SLA policy"
        verbose_name_plural = "SLA policies"
        constraints = [
            models.CheckConstraint(
                condition=Q(respond_within__gt=timedelta(0)),
                name="policy_target_positive",
                violation_error_message="The time to respond must be more than zero.",
            ),
            models.CheckConstraint(
                condition=Q(remind_before__isnull=True)
                | Q(remind_before__gt=timedelta(0), remind_before__lt=F("respond_within")),
                name="policy_reminder_inside_target",
                violation_error_message="The reminder must come after the start and before the deadline.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Clock(models.Model):
    """The first-response clock of one assignment. All instants are UTC.

    `wake_at` is when the pulse looks at it next: the reminder, then the deadline, later after a failure.
    """

    class Outcome(models.TextChoices):
        MET = "met", "Met"
        MISSED = "missed", "Missed"
        CANCELLED = "cancelled", "Cancelled"

    assignment = models.OneToOneField(Assignment, models.CASCADE, related_name="clock")
    lead = models.ForeignKey(Lead, models.CASCADE, related_name="clocks", db_index=False)
    rep = models.ForeignKey(Rep, models.PROTECT, related_name="clocks")
    policy = models.ForeignKey(Policy, models.PROTECT, related_name="clocks")
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    wake_at = models.DateTimeField()
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
        ]
        indexes = [
            models.Index(fields=["wake_at"], condition=Q(ended_at__isnull=True), name="clock_wake"),
            models.Index(fields=["due_at"], condition=Q(ended_at__isnull=True), name="clock_running"),
            models.Index(fields=["ended_at"], condition=Q(ended_at__isnull=False), name="clock_ended"),
            models.Index(fields=["lead", "-started_at"], name="clock_of_lead"),
        ]

    def __str__(self) -> str:
        return f"Clock of lead {self.lead_id}, due {self.due_at}"


class Escalation(models.Model):
    """A step that a clock has taken. Unique, so that each happens once, however many workers run."""

    class Step(models.TextChoices):
        REMINDER = "reminder", "Reminder"
        BREACH = "breach", "Deadline missed"

    clock = models.ForeignKey(Clock, models.CASCADE, related_name="escalations")
    step = models.CharField(max_length=10, choices=Step)
    acted_at = models.DateTimeField()

    class Meta:
        ordering = ["-acted_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["clock", "step"], name="escalation_once")]

    def __str__(self) -> str:
        return f"{self.get_step_display()} of clock {self.clock_id}"


class Ring(models.Model):
    """When the bell of one kind of due work was last rung, and for which deadline. Instants are UTC.

    Every cluster listens to the same deadlines. Whoever updates this row wins; the others need not sweep.
    """

    name = models.CharField(max_length=40, primary_key=True)
    rung_for = models.DateTimeField()
    rung_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
