"""What arrived, kept as it came, and what became of it."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from leadrouting.intake.models.connection import Connection, Kind
from leadrouting.intake.models.mailbox import Mailbox
from leadrouting.leads.models import Campaign, Lead


class Delivery(models.Model):
    """One request or message from outside, stored before anybody tries to understand it.

    `mended` stands in for the body when somebody has put it right. `fetched` is what was asked of the sender to
    understand it. `work_at` (UTC) is when it is worked off next; empty when nothing is left to do by itself.
    """

    class State(models.TextChoices):
        RECEIVED = "received", "Waits"
        DONE = "done", "Done"
        FAILED = "failed", "Needs a look"
        DISMISSED = "dismissed", "Set aside"

    kind = models.CharField("from", max_length=12, choices=Kind)
    connection = models.ForeignKey(Connection, models.PROTECT, null=True, related_name="deliveries")
    mailbox = models.ForeignKey(Mailbox, models.PROTECT, null=True, related_name="deliveries")
    campaign = models.ForeignKey(Campaign, models.PROTECT, null=True, related_name="deliveries")
    received_at = models.DateTimeField(db_default=Now())
    content_type = models.CharField(max_length=120, blank=True, default="")
    headers = models.JSONField(default=dict, help_text="Those that say something about the content.")
    body = models.BinaryField()
    mended = models.TextField(blank=True, default="")
    fetched = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.RECEIVED)
    reason = models.TextField(blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    work_at = models.DateTimeField(null=True, db_default=Now())
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-received_at", "-id"]
        verbose_name_plural = "deliveries"
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="received") | Q(work_at__isnull=False), name="delivery_is_worked_off"
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(reason=""), name="delivery_fails_with_a_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["work_at", "id"], condition=Q(state="received"), name="delivery_due"),
            models.Index(fields=["state", "-received_at"], name="delivery_by_state"),
            models.Index(fields=["-received_at", "-id"], name="delivery_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"

    @property
    def scope(self) -> str:
        """Within it a key means the same thing. A mail is one mail, whichever mailboxes it came to."""
        if self.kind == Kind.EMAIL:
            return str(Kind.EMAIL)
        return f"{self.kind}:{self.connection_id or self.campaign_id or 0}"


class Item(models.Model):
    """One thing that a delivery said, by the sender's own key for it: what was said twice happens once."""

    class Outcome(models.TextChoices):
        CREATED = "created", "A new lead"
        JOINED = "joined", "Joined a lead"
        NOTED = "noted", "In the timeline"
        PASSED = "passed", "Nothing to do"
        FAILED = "failed", "Not understood"

    scope = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="items")
    lead = models.ForeignKey(Lead, models.SET_NULL, null=True, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome)
    reason = models.TextField(blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="item_once")]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}: {self.key}"
