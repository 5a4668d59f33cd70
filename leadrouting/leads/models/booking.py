"""Meetings that prospects book with us elsewhere."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from leadrouting.leads.models.lead import Lead
from leadrouting.teams.models import Rep


class Booking(models.Model):
    """One meeting through all its times. `scope` and `key` are where it was booked and its name there; `earlier`
    holds the names that it had before it was moved."""

    class State(models.TextChoices):
        BOOKED = "booked", _("Booked")
        CANCELLED = "cancelled", _("Cancelled")

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="bookings")
    scope = models.CharField(max_length=40)
    key = models.CharField(max_length=300)
    earlier = ArrayField(models.CharField(max_length=300), default=list)
    state = models.CharField(max_length=10, choices=State, default=State.BOOKED)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    title = models.CharField(max_length=200, blank=True, default="")
    rep = models.ForeignKey(
        Rep, models.SET_NULL, null=True, blank=True, related_name="+", help_text="Whom they meet, if we know."
    )

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="booking_once")]

    def __str__(self) -> str:
        return self.title or "Meeting"
