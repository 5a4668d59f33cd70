"""One event on its way to one subscription: what is sent, and what came back."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from leadrouting.leads.models import Lead
from leadrouting.notifications.models.event import Event
from leadrouting.notifications.models.subscription import Subscription


class Hook(models.Model):
    """Written once and sent as it is, however often. `send_at` (UTC) is empty while an earlier one of the same lead is on
    its way to the same subscription; it is given up after `until`."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        DELIVERED = "delivered", "Delivered"
        FAILED = "failed", "Gave up"
        SKIPPED = "skipped", "Not sent"

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="hooks", db_index=False)
    event = models.ForeignKey(Event, models.SET_NULL, null=True, blank=True, related_name="hooks")
    lead = models.ForeignKey(Lead, models.CASCADE, null=True, blank=True, related_name="hooks")
    kind = models.CharField("event", max_length=20)
    key = models.CharField("webhook-id", max_length=60, help_text="The same however often it is sent.")
    body = models.TextField()
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    created_at = models.DateTimeField()
    send_at = models.DateTimeField(null=True, blank=True)
    until = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    sent_headers = models.JSONField(default=dict, blank=True)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    answer = models.TextField(blank=True, default="")
    milliseconds = models.PositiveIntegerField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        verbose_name = "webhook"
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["subscription", "event"], name="hook_once")]
        indexes = [
            models.Index(
                fields=["subscription", "send_at", "id"],
                condition=Q(state="waiting", send_at__isnull=False),
                name="hook_due",
            ),
            models.Index(
                fields=["subscription", "lead", "id"], condition=Q(state="waiting"), name="hook_of_lead"
            ),
            models.Index(fields=["subscription", "until"], condition=Q(state="waiting"), name="hook_until"),
            models.Index(fields=["subscription", "-id"], name="hook_newest"),
            models.Index(fields=["created_at"], name="hook_made"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.subscription}"
