"""Other systems that hear of what happens to leads."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from leadrouting.leads.models import Campaign
from leadrouting.notifications.models.event import Event


class Subscription(models.Model):
    """What is sent is signed with `secret`, and with `old_secret` too while the other side changes over.

    `free_at`: nothing is sent before (UTC). A worker that sends takes it for a while; when the other side is not there, it
    is left alone for a while. `failures` are those since the last success.
    """

    name = models.CharField(max_length=80, unique=True)
    address = models.CharField(max_length=500, help_text="Where to, for example https://example.com/leads.")
    events = ArrayField(
        models.CharField(max_length=20, choices=Event.Kind), help_text="What it hears of. At least one."
    )
    campaign = models.ForeignKey(
        Campaign,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Only leads of this campaign. Empty: all leads.",
    )
    is_active = models.BooleanField("active", default=True)
    secret = models.CharField(max_length=80, editable=False)
    old_secret = models.CharField(max_length=80, blank=True, default="", editable=False)
    rotated_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(editable=False)
    delivered_at = models.DateTimeField(null=True, blank=True, editable=False)
    failing_since = models.DateTimeField(null=True, blank=True, editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False)
    free_at = models.DateTimeField(null=True, blank=True, editable=False)
    stopped = models.CharField(max_length=200, blank=True, default="", editable=False)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(secret=""), name="subscription_has_a_secret"),
            models.CheckConstraint(condition=~Q(events=[]), name="subscription_has_events"),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(is_active=True), name="subscription_active")]

    def __str__(self) -> str:
        return self.name

    @property
    def health(self) -> str:
        """`off`, `failing`, `works` or `new`: nothing was sent yet."""
        if not self.is_active:
            return "off"
        if self.failing_since:
            return "failing"
        return "works" if self.delivered_at else "new"

    @property
    def secrets(self) -> list[str]:
        """The newest first."""
        return [one for one in (self.secret, self.old_secret) if one]
