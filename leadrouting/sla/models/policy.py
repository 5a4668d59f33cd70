"""What leads are promised: which leads, how soon, and what happens when nobody keeps the promise."""

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from leadrouting.rules.models import ConditionRow
from leadrouting.teams.models import OfficeHours, Queue


class Kind(models.TextChoices):
    """What has to be done in time. Accepting and the first response run from assignment on, the follow-up from
    the owner's last word to the prospect."""

    ACCEPT = "accept", "Accept"
    RESPOND = "respond", "First response"
    FOLLOW_UP = "follow_up", "Follow-up"


class Policy(models.Model):
    """The first policy that fits, from the top, applies."""

    name = models.CharField(max_length=80, unique=True)
    precedence = models.PositiveIntegerField(default=0, db_index=True)
    logic = models.CharField(
        "filter logic",
        max_length=400,
        blank=True,
        default="",
        help_text="For example 1 AND (2 OR NOT 3). Empty: all conditions must hold.",
    )
    attempts_count = models.BooleanField(
        default=False, help_text="A call that nobody answered counts as a first response."
    )
    max_reassignments = models.PositiveSmallIntegerField(
        "moves at most",
        default=2,
        help_text="So often a lead goes to another rep after a missed deadline; then to the queue below.",
    )
    ends_in = models.ForeignKey(
        Queue,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="then to the queue",
        help_text="Empty: the catch-all queue of the rules.",
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["precedence", "id"]
        verbose_name = "SLA policy"
        verbose_name_plural = "SLA policies"

    def __str__(self) -> str:
        return self.name


class PolicyCondition(ConditionRow):
    """One question of a policy: which leads it is for."""

    policy = models.ForeignKey(Policy, models.CASCADE, related_name="conditions")


class Target(models.Model):
    """How soon one thing has to be done, and in whose time that counts."""

    class Hours(models.TextChoices):
        OWNER = "owner", "The owner's office hours"
        TEAM = "team", "The office hours of the owner's team"
        OFFICE = "office", "These office hours"
        ALWAYS = "always", "Every minute, around the clock"

    policy = models.ForeignKey(Policy, models.CASCADE, related_name="targets")
    kind = models.CharField("what", max_length=10, choices=Kind, default=Kind.RESPOND)
    within = models.DurationField(help_text="hh:mm:ss, e.g. 00:15:00 for a quarter of an hour.")
    hours = models.CharField("counts", max_length=10, choices=Hours, default=Hours.OWNER)
    office_hours = models.ForeignKey(
        OfficeHours,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="For “these office hours”.",
    )
    reminders = ArrayField(
        models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(99)]),
        default=list,
        blank=True,
        verbose_name="reminders, % of the time",
        help_text="For example 50, 80: when half and when four fifths of the time are over.",
    )

    class Meta:
        ordering = ["policy", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "kind"],
                name="target_once",
                violation_error_message="There is a deadline for this already.",
            ),
            models.CheckConstraint(
                condition=Q(within__gt=timedelta(0)),
                name="target_positive",
                violation_error_message="The time must be more than zero.",
            ),
            models.CheckConstraint(
                condition=Q(hours="office", office_hours__isnull=False)
                | (~Q(hours="office") & Q(office_hours__isnull=True)),
                name="target_office_hours",
                violation_error_message="Choose office hours if, and only if, it counts in “these office hours”.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class Rung(models.Model):
    """A step of the ladder after a missed deadline."""

    class Do(models.TextChoices):
        NOTIFY = "notify", "Tell the owner and the manager"
        BACKUP = "backup", "Move it to the owner's backup, else to the next who can take it"
        NEXT = "next", "Move it to the next who can take it"
        RAISE = "raise", "Raise it to the manager"
        QUEUE = "queue", "Move it to the queue"

    policy = models.ForeignKey(Policy, models.CASCADE, related_name="ladder")
    kind = models.CharField("deadline", max_length=10, choices=Kind, default=Kind.RESPOND)
    position = models.PositiveSmallIntegerField(default=0)
    do = models.CharField(max_length=10, choices=Do)
    queue = models.ForeignKey(Queue, models.PROTECT, null=True, blank=True, related_name="+")
    after = models.DurationField(
        default=timedelta(0), blank=True, help_text="So long after the deadline, in the same time. hh:mm:ss."
    )

    class Meta:
        ordering = ["policy", "position", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(after__gte=timedelta(0)), name="rung_after_the_deadline"),
            models.CheckConstraint(
                condition=Q(do="queue", queue__isnull=False) | (~Q(do="queue") & Q(queue__isnull=True)),
                name="rung_queue",
                violation_error_message="Choose a queue if, and only if, the lead moves to a queue.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_do_display()
