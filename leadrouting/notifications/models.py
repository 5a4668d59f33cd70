"""The outbox: messages recorded in the transaction that causes them, delivered at least once."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from leadrouting.leads.models import Lead


class Message(models.Model):
    """One message to one person. Shown in the app at once and sent by e-mail."""

    class Kind(models.TextChoices):
        ASSIGNED = "assigned", "New lead"
        REMINDER = "reminder", "Deadline near"
        BREACH = "breach", "Deadline missed"
        QUEUE_ALARM = "queue_alarm", "Leads are waiting"
        REPORT = "report", "Weekly report"
        PROPOSAL = "proposal", "Another owner proposed"
        AWAY = "away", "Presence"
        REPLAY = "replay", "Decisions that do not follow"

    kind = models.CharField(max_length=12, choices=Kind)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="inbox")
    lead = models.ForeignKey(Lead, models.CASCADE, null=True, blank=True, related_name="messages")
    subject = models.CharField(max_length=200)
    body = models.TextField()
    dedupe_key = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField()
    send_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True, default="")
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["send_at"], condition=Q(sent_at__isnull=True), name="message_unsent"),
            models.Index(
                fields=["recipient", "-created_at"], condition=Q(read_at__isnull=True), name="message_unread"
            ),
        ]

    def __str__(self) -> str:
        return self.subject
