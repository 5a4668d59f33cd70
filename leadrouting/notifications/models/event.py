"""What happened to a lead, for everybody who does something about it a moment later."""

from django.db import models
from django.db.models import Q

from leadrouting.leads.models import Lead


class Event(models.Model):
    """Written in the transaction in which it happens. `spreading` hands it on, in order, to acknowledgements, sequences
    and outbound webhooks; then `spread_at` is set. The names of kinds are known to other systems: they never change."""

    class Kind(models.TextChoices):
        RECEIVED = "lead.received", "Received"
        ENQUIRED_AGAIN = "lead.enquired_again", "Enquired again"
        REOPENED = "lead.reopened", "Reopened"
        REPLIED = "lead.replied", "The prospect wrote"
        ASSIGNED = "lead.assigned", "Assigned"
        QUEUED = "lead.queued", "Queued"
        ACCEPTED = "lead.accepted", "Accepted"
        DECLINED = "lead.declined", "Declined"
        ATTEMPTED = "lead.attempted", "Called, not answered"
        RESPONDED = "lead.responded", "Responded"
        CLOSED = "lead.closed", "Won, lost or junk"
        UNDONE = "lead.undone", "Outcome taken back"
        MERGED = "lead.merged", "Merged"
        BREACHED = "sla.breached", "Deadline missed"
        BOOKED = "meeting.booked", "Meeting booked"
        MOVED = "meeting.moved", "Meeting moved"
        CANCELLED = "meeting.cancelled", "Meeting cancelled"

    kind = models.CharField(max_length=20, choices=Kind)
    lead = models.ForeignKey(Lead, models.CASCADE, related_name="events", db_index=False)
    at = models.DateTimeField()
    data = models.JSONField(default=dict, blank=True)
    spread_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["at"], condition=Q(spread_at__isnull=True), name="event_not_spread"),
            models.Index(fields=["lead", "id"], name="event_of_lead"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: lead {self.lead_id}"
