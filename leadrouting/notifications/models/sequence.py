"""Timed steps that follow a lead until something comes of it."""

from __future__ import annotations

from datetime import timedelta

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from leadrouting.leads.models import Lead
from leadrouting.rules.models import ConditionRow


class Sequence(models.Model):
    """The first that fits, from the top, is for the lead, once. A reply, a booked meeting, the lead's end and an
    opt-out stop it."""

    name = models.CharField(max_length=80, unique=True)
    precedence = models.PositiveIntegerField(default=0, db_index=True)
    is_active = models.BooleanField(
        "active", default=True, help_text="Off: no lead begins it; leads that have begun go on."
    )
    logic = models.CharField(
        "filter logic",
        max_length=400,
        blank=True,
        default="",
        help_text="For example 1 AND (2 OR NOT 3). Empty: all conditions must hold.",
    )
    ends_with_response = models.BooleanField(
        "ends when the owner has responded",
        default=True,
        help_text="Off: it goes on when the owner has called or written, until the prospect does something.",
    )
    language = models.CharField(
        "language of its e-mails",
        max_length=2,
        default="en",
        validators=[RegexValidator(r"^[a-z]{2}$", "Write two letters, e.g. en.")],
        help_text="Two letters, e.g. en. For other languages make another one, with a condition on the language.",
    )

    class Meta:
        ordering = ["precedence", "id"]

    def __str__(self) -> str:
        return self.name


class SequenceCondition(ConditionRow):
    """One question of a sequence: which leads it is for."""

    sequence = models.ForeignKey(Sequence, models.CASCADE, related_name="conditions")


class Step(models.Model):
    """What is done so long after the lead has been assigned."""

    class Does(models.TextChoices):
        EMAIL = "email", "E-mail to the prospect"
        TASK = "task", "Task for the owner"
        REMINDER = "reminder", "Reminder to the owner"

    class Hours(models.TextChoices):
        OWNER = "owner", "In the owner’s office hours"
        ALWAYS = "always", "Around the clock"

    sequence = models.ForeignKey(Sequence, models.CASCADE, related_name="steps")
    after = models.DurationField(default=timedelta)
    hours = models.CharField("counts", max_length=8, choices=Hours, default=Hours.OWNER)
    does = models.CharField("what", max_length=10, choices=Does)
    title = models.CharField("subject or title", max_length=150)
    body = models.TextField("text", blank=True, default="")

    class Meta:
        ordering = ["after", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(after__gte=timedelta()),
                name="step_comes_after",
                violation_error_message="A step comes after the beginning, or with it: 0 is the least.",
            ),
            models.CheckConstraint(
                condition=~Q(does="email", body=""),
                name="step_mail_says_something",
                violation_error_message="An e-mail needs a text.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_does_display()}: {self.title}"


class Enrolment(models.Model):
    """A lead in a sequence. `done` steps are over; `next_at` (UTC) is blank when nothing comes any more, and `why` then
    says why."""

    class State(models.TextChoices):
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        STOPPED = "stopped", "Stopped"

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="enrolments")
    sequence = models.ForeignKey(Sequence, models.CASCADE, related_name="enrolments")
    state = models.CharField(max_length=8, choices=State, default=State.RUNNING)
    begun_at = models.DateTimeField(
        help_text="Steps count from here; moves on by the time that it was stopped."
    )
    since = models.DateTimeField(help_text="What happened before this does not end it.")
    done = models.PositiveSmallIntegerField("steps done", default=0)
    next_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering = ["-begun_at", "-id"]
        verbose_name = "lead in a sequence"
        verbose_name_plural = "leads in sequences"
        constraints = [
            models.UniqueConstraint(
                fields=["lead"], condition=Q(state="running"), name="one_running_enrolment"
            ),
            models.UniqueConstraint(fields=["lead", "sequence"], name="enrolled_once"),
            models.CheckConstraint(
                condition=Q(state="running", next_at__isnull=False, ended_at__isnull=True)
                | (~Q(state="running") & Q(next_at__isnull=True, ended_at__isnull=False)),
                name="enrolment_runs_or_has_ended",
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state="running"), name="enrolment_due"),
        ]

    def __str__(self) -> str:
        return f"{self.lead} in {self.sequence}"

    @property
    def next_step(self) -> Step | None:
        """Whether it runs or not. One query, none where `sequence__steps` was prefetched."""
        left = list(self.sequence.steps.all())[self.done :]
        return left[0] if left else None
