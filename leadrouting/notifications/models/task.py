"""What somebody has to do for a lead by a certain time."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from leadrouting.assignments.models import Assignment
from leadrouting.leads.models import Lead


class Task(models.Model):
    """It belongs to whoever has its lead, so it moves with it. Open until it is done, or dropped as no longer needed.

    `remind_at` is when its owner is told that it is due, blank once that has happened.
    """

    class MadeBy(models.TextChoices):
        ASSIGNMENT = "assignment", "The assignment"
        PERSON = "person", "Somebody"
        SEQUENCE = "sequence", "A sequence"

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="tasks")
    title = models.CharField(max_length=150)
    note = models.TextField(blank=True, default="")
    due_at = models.DateTimeField("due")
    remind_at = models.DateTimeField(null=True, blank=True)
    made_by = models.CharField(max_length=10, choices=MadeBy, default=MadeBy.PERSON)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    assignment = models.ForeignKey(
        Assignment, models.CASCADE, null=True, blank=True, related_name="tasks", db_index=False
    )
    key = models.CharField(max_length=60, null=True, blank=True, unique=True)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    dropped_at = models.DateTimeField(null=True, blank=True)
    dropped_because = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        ordering = ["due_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["assignment"], name="task_once_for_an_assignment"),
            models.CheckConstraint(
                condition=Q(made_by="assignment", assignment__isnull=False)
                | (~Q(made_by="assignment") & Q(assignment__isnull=True)),
                name="task_of_an_assignment",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(dropped_at__isnull=True), name="task_ends_once"
            ),
            models.CheckConstraint(
                condition=Q(remind_at__isnull=True) | Q(done_at__isnull=True, dropped_at__isnull=True),
                name="task_reminds_while_open",
            ),
        ]
        indexes = [
            models.Index(fields=["remind_at"], condition=Q(remind_at__isnull=False), name="task_to_remind"),
            models.Index(
                fields=["lead", "due_at"],
                condition=Q(done_at__isnull=True, dropped_at__isnull=True),
                name="task_open",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.done_at is None and self.dropped_at is None
