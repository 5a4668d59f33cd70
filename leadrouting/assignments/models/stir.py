"""Something has changed that may find an owner for who waits."""

from django.db import models
from django.db.models.functions import Now


class Stir(models.Model):
    """A row for each such change, written by triggers in the transaction that makes it, deleted by the sweep that
    has tried the waiting leads again. Rows, not one row: changes that happen together do not wait for each other.
    """

    at = models.DateTimeField(db_default=Now(), db_index=True)

    def __str__(self) -> str:
        return f"Stir {self.pk}"
