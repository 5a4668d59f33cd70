"""How each of us wants to hear of things."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from leadrouting.notifications.models.message import Message


class Muted(models.Model):
    """A person does not want this kind of message by this channel. In the app it shows all the same."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="muted")
    kind = models.CharField(max_length=12, choices=Message.Kind)
    channel = models.CharField(max_length=12)

    class Meta:
        verbose_name_plural = "muted"
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "channel"], name="muted_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: no {self.get_kind_display().lower()} by {self.channel}"


class QuietHours(models.Model):
    """From and until are times of day in the person's zone; the end may be on the next day."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="quiet_hours"
    )
    begins = models.TimeField("from")
    ends = models.TimeField("until")
    weekends = models.BooleanField("all of Saturday and Sunday", default=True)
    deadlines_pass = models.BooleanField("deadlines reach me all the same", default=True)

    class Meta:
        verbose_name_plural = "quiet hours"
        constraints = [
            models.CheckConstraint(
                condition=~Q(begins=F("ends")),
                name="quiet_hours_end",
                violation_error_message="Quiet hours that end when they begin would never end. Choose another time.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.begins:%H:%M} to {self.ends:%H:%M}{', and weekends' if self.weekends else ''}"
