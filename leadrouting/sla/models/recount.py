"""Deadlines that moved because sales ops chose so."""

from django.conf import settings
from django.db import models

from leadrouting.sla.models.clock import Clock


class Recount(models.Model):
    """A clock was computed again at `at` (UTC). `due_at` is empty when no policy promised it any more."""

    clock = models.ForeignKey(Clock, models.CASCADE, related_name="recounts")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    was_due = models.DateTimeField()
    due_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"Clock {self.clock_id}: due {self.due_at} instead of {self.was_due}"
