"""The books that distribution keeps: who was in a pool, whose turn it is, how much everybody carries.

Narrow tables of their own, so that saving a form can never overwrite them. Rows of `Rotation` and `Load`
come into being with their pool and rep, by a trigger.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from leadrouting.teams.models import Pool, Rep


class Roster(models.Model):
    """An immutable version of a pool's membership: what a decision refers to. Arrays run in parallel."""

    pool = models.ForeignKey(Pool, models.CASCADE, related_name="rosters")
    digest = models.CharField(max_length=64)
    strategy = models.CharField(max_length=20)
    absence = models.CharField(max_length=20)
    catch_up_limit = models.PositiveSmallIntegerField()
    rep_ids = ArrayField(models.BigIntegerField())
    weights = ArrayField(models.PositiveSmallIntegerField())
    max_open = ArrayField(models.PositiveIntegerField(null=True))
    max_day = ArrayField(models.PositiveIntegerField(null=True))
    max_hour = ArrayField(models.PositiveIntegerField(null=True), null=True)
    max_week = ArrayField(models.PositiveIntegerField(null=True), null=True)
    parts = models.JSONField(
        null=True, help_text="By member why the share is not full; see `engine.roster.Part`."
    )
    any_hour = models.BooleanField(default=False, db_default=False)
    after_pool = models.BigIntegerField(default=0, db_default=0)
    holds = models.BooleanField(default=False, db_default=False)
    language = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pool", "digest"], name="roster_once")]

    def __str__(self) -> str:
        return f"{self.pool}: {len(self.rep_ids)} members"


class Rotation(models.Model):
    """Whose turn it is in a pool. Credits are integers (see `engine.rotation`); with `rest` they sum to zero."""

    pool = models.OneToOneField(Pool, models.CASCADE, primary_key=True, related_name="rotation")
    turns = models.BigIntegerField(default=0, db_default=0)
    rest = models.BigIntegerField(default=0, db_default=0)
    member_ids = ArrayField(models.BigIntegerField(), default=list, db_default=[])
    credits = ArrayField(models.BigIntegerField(), default=list, db_default=[])

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(member_ids__len=F("credits__len")), name="rotation_a_credit_for_each_member"
            )
        ]

    def __str__(self) -> str:
        return f"{self.pool}: {self.turns} turns"


class Load(models.Model):
    """How much a rep carries: open conversations, and leads taken on `day_on` (a day in the rep's zone), in the
    hour that began at `hour_on` (UTC, an hour on the rep's clock) and in the week from the Monday `week_on`."""

    rep = models.OneToOneField(Rep, models.CASCADE, primary_key=True, related_name="load")
    open = models.IntegerField(default=0, db_default=0)
    day_on = models.DateField(null=True)
    day = models.IntegerField(default=0, db_default=0)
    hour_on = models.DateTimeField(null=True)
    hour = models.IntegerField(default=0, db_default=0)
    week_on = models.DateField(null=True)
    week = models.IntegerField(default=0, db_default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(open__gte=0, day__gte=0), name="load_not_negative")]

    def __str__(self) -> str:
        return f"{self.rep}: {self.open} open"
