"""How a message leaves: one row for each channel and address."""

from django.db import models
from django.db.models import Q

from leadrouting.notifications.models.message import Message


class Dispatch(models.Model):
    """One sending of a message. Its channel delivers it at least once to us and at most once to a prospect."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENT = "sent", "Sent"
        FAILED = "failed", "Gave up"
        UNSURE = "unsure", "May have been sent"
        SKIPPED = "skipped", "Not sent"

    message = models.ForeignKey(Message, models.CASCADE, related_name="dispatches")
    channel = models.CharField(max_length=12)
    address = models.CharField(max_length=320)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    created_at = models.DateTimeField()
    send_at = models.DateTimeField()
    begun_at = models.DateTimeField(
        null=True, blank=True, help_text="When it was about to be handed over. Kept for prospects only."
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True, default="")
    external_id = models.CharField(
        max_length=200, blank=True, default="", help_text="What the other side calls it."
    )

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name_plural = "dispatches"
        constraints = [
            models.UniqueConstraint(fields=["message", "channel", "address"], name="dispatch_once"),
        ]
        indexes = [
            models.Index(
                fields=["channel", "send_at"], condition=Q(state="waiting"), name="dispatch_waiting"
            ),
            models.Index(
                fields=["external_id"], condition=~Q(external_id=""), name="dispatch_by_external_id"
            ),
            models.Index(
                fields=["created_at"], condition=Q(state__in=["failed", "unsure"]), name="dispatch_in_trouble"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} to {self.address}"

    @property
    def key(self) -> str:
        """The same however often it is sent: receivers can tell by it that they had it already."""
        return f"leadrouting-{self.pk}"
