"""What sales ops offer as reasons."""

from django.db import models


class DeclineReason(models.Model):
    """A reason to choose from when a lead is passed on. The words are kept with the lead, so a reason that is
    renamed or taken away changes no history."""

    label = models.CharField("reason", max_length=100, unique=True)
    position = models.PositiveSmallIntegerField(default=0, help_text="Small numbers come first.")
    is_active = models.BooleanField("offered", default=True)

    class Meta:
        ordering = ["position", "label"]

    def __str__(self) -> str:
        return self.label
