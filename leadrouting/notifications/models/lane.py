"""Who sends by a channel just now."""

from django.db import models


class Lane(models.Model):
    """One row for each channel. `free_at` (UTC): a worker has it until then, or it rests until then; empty: it is free."""

    name = models.CharField(max_length=20, primary_key=True)
    free_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
