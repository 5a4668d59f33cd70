"""The bells of due work."""

from django.db import models


class Ring(models.Model):
    """When the bell of one kind of due work was last rung, and for which deadline. Instants are UTC.

    Every cluster listens to the same deadlines. Whoever updates this row wins; the others need not sweep.
    """

    name = models.CharField(max_length=40, primary_key=True)
    rung_for = models.DateTimeField()
    rung_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
