"""What is said: a row that is written in the transaction that causes it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from leadrouting.leads.models import Lead


class Message(models.Model):
    """To one of us (`recipient`), who sees it in the app at once; or to the prospect of a lead (no recipient).

    It leaves by dispatches. Those to a prospect are written with it; those to one of us a moment later, when their
    channels, preferences and quiet hours are looked up: until then `spread_at` is blank.
    """

    class Kind(models.TextChoices):
        ASSIGNED = "assigned", "New lead"
        REMINDER = "reminder", "Deadline near"
        BREACH = "breach", "Deadline missed"
        QUEUE_ALARM = "queue_alarm", "Leads are waiting"
        REPORT = "report", "Weekly report"
        PROPOSAL = "proposal", "Another owner proposed"
        DISPUTE = "dispute", "An owner disagrees"
        AWAY = "away", "Presence"
        REPLAY = "replay", "Decisions that do not follow"
        ACK = "ack", "Acknowledgement"
        FOLLOW_UP = "follow_up", "Follow-up"
        WRITTEN = "written", "Message"
        TASK = "task", "Task"
        NEWS = "news", "News of a lead"
        DIGEST = "digest", "After quiet hours"
        TEST = "test", "Test"

    kind = models.CharField(max_length=12, choices=Kind)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="inbox"
    )
    lead = models.ForeignKey(Lead, models.CASCADE, null=True, blank=True, related_name="messages")
    subject = models.CharField(max_length=200)
    body = models.TextField()
    language = models.CharField(max_length=8, blank=True, default="", help_text="Of what a prospect reads.")
    other_ways = models.JSONField(
        default=dict,
        blank=True,
        editable=False,
        help_text="Of a prospect: the ways that are left, and what is said there.",
    )
    dedupe_key = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField()
    spread_at = models.DateTimeField(null=True, blank=True)
    held_until = models.DateTimeField(
        null=True, blank=True, help_text="The end of the quiet hours in which it came."
    )
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(recipient__isnull=False) | Q(lead__isnull=False), name="message_to_somebody"
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"], condition=Q(spread_at__isnull=True), name="message_not_spread"
            ),
            models.Index(fields=["held_until"], condition=Q(held_until__isnull=False), name="message_held"),
            models.Index(
                fields=["recipient", "-created_at"], condition=Q(read_at__isnull=True), name="message_unread"
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def is_to_prospect(self) -> bool:
        return self.recipient_id is None
