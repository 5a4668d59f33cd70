"""What was put right in many leads at once, so that it can be undone."""

from django.conf import settings
from django.db import models

from leadrouting.leads.models.lead import Lead


class Mending(models.Model):
    """`says` is what was done, in words for people."""

    says = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    leads = models.PositiveIntegerField(default=0)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return self.says


class Mended(models.Model):
    """One field of one lead: what it held before, and what since."""

    mending = models.ForeignKey(Mending, models.CASCADE, related_name="mended")
    lead = models.ForeignKey(Lead, models.CASCADE, related_name="+")
    field = models.CharField(max_length=20)
    was = models.CharField(max_length=500, blank=True)
    now = models.CharField(max_length=500, blank=True)
    told = models.JSONField(null=True, help_text="What the lead’s `original` said of the field before.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mending", "lead", "field"], name="mended_once"),
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.was} -> {self.now}"
