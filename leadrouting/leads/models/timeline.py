"""What happened with a lead, written by people and by the system."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from leadrouting.leads.models.lead import Lead


class Activity(models.Model):
    """One entry of the timeline. Assignments, decisions and clocks have rows of their own and are not repeated."""

    class Kind(models.TextChoices):
        NOTE = "note", _("Note")
        CALL = "call", pgettext_lazy("activity", "Call")
        ATTEMPT = "attempt", _("Call, not answered")
        EMAIL = "email", _("E-mail")
        MESSAGE = "message", _("Message")
        MEETING = "meeting", _("Meeting")
        RESPONSE = "response", _("First response")
        ENQUIRY = "enquiry", _("Enquired again")
        REPLY = "reply", _("The prospect wrote")
        BOOKED = "booked", _("Booked a meeting")
        MOVED = "moved", _("Moved the meeting")
        CANCELLED = "cancelled", _("Cancelled the meeting")
        REOPENED = "reopened", _("Reopened")
        MERGED = "merged", _("Merged")
        OUTCOME = "outcome", _("Outcome")
        UNDONE = "undone", _("Outcome taken back")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        HANDOVER = "handover", _("Note to the next owner")

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="activities", db_index=False)
    kind = models.CharField(max_length=12, choices=Kind)
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    text = models.TextField(blank=True, default="")
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="The system that told us what the actor did.",
    )
    external_id = models.CharField(
        max_length=200, null=True, blank=True, help_text="That system's own id: told twice, it is kept once."
    )
    details = models.JSONField(
        default=dict,
        blank=True,
        help_text="What came with it, by field: where a repeat came from, what it said.",
    )

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name_plural = "activities"
        constraints = [
            models.UniqueConstraint(
                fields=["reported_by", "external_id"],
                condition=models.Q(external_id__isnull=False),
                name="activity_reported_once",
            ),
        ]
        indexes = [models.Index(fields=["lead", "-at", "-id"], name="activity_of_lead")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.text[:60]}"
