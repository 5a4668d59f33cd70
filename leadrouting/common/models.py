"""The stamp: one number that changes with every change of the configuration (people, hours, pools, policies)."""

from django.db import models


class Stamp(models.Model):
    """A single row, bumped by database triggers, so that raw SQL and bulk updates count too.

    Each process keeps what it read of the configuration and reads again when the number differs. Numbers
    come from a sequence: a rolled-back change never gives its number to another one.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    version = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="stamp_single_row")]

    def __str__(self) -> str:
        return str(self.version)
