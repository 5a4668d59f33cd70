"""Runs of the proof that decisions follow from what they stored."""

from django.db import models


class Replay(models.Model):
    """One run: decisions since `since` (UTC) were computed again. `differing` lists, at most 100 of them, their
    keys with what was stored and what came out."""

    since = models.DateTimeField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    checked = models.PositiveIntegerField()
    different = models.PositiveIntegerField()
    differing = models.JSONField(default=list)

    class Meta:
        ordering = ["-finished_at", "-id"]

    def __str__(self) -> str:
        return f"{self.checked} decisions, {self.different} different"
