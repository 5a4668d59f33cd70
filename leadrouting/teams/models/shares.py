"""What makes a rep's share of a pool smaller or larger for a time: ramp-up, quota, win rate.

What is counted (`Attainment`, `WinRate`) lies in narrow tables of its own, so that saving a form cannot
overwrite it.
"""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from leadrouting.teams.models.people import Rep, Team
from leadrouting.teams.models.pools import Pool

PERCENT = [MinValueValidator(0), MaxValueValidator(100)]


class SharePlan(models.Model):
    """How shares follow from weeks since the start and from the quota: for everybody, or for one team.

    A table that a team's plan leaves empty is as for everybody.
    """

    team = models.OneToOneField(
        Team, models.CASCADE, null=True, blank=True, related_name="share_plan", help_text="Empty: everybody."
    )

    class Meta:
        verbose_name = "ramp-up and quota table"
        ordering = [models.F("team__name").asc(nulls_first=True)]
        constraints = [
            models.UniqueConstraint(
                fields=["team"],
                nulls_distinct=False,
                name="share_plan_once",
                violation_error_message="There is a table for this team already. Change that one.",
            )
        ]

    def __str__(self) -> str:
        return f"Team {self.team}" if self.team else "Everybody"


class RampWeek(models.Model):
    """The share in one week since the rep's start; it lasts until the next week that is named, at least."""

    plan = models.ForeignKey(SharePlan, models.CASCADE, related_name="weeks")
    week = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(104)],
        help_text="1 is the week that begins on the first day.",
    )
    share = models.PositiveSmallIntegerField(
        "share in percent", validators=PERCENT, help_text="100 is a full share, 0 none."
    )

    class Meta:
        ordering = ["week"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "week"],
                name="ramp_week_once",
                violation_error_message="This week is in the table already.",
            ),
            models.CheckConstraint(condition=Q(week__gte=1, share__lte=100), name="ramp_week_share"),
        ]

    def __str__(self) -> str:
        return f"week {self.week}: {self.share} %"


class QuotaStep(models.Model):
    """The share of who has reached so much of their quota, until the next step or the next period."""

    plan = models.ForeignKey(SharePlan, models.CASCADE, related_name="quota_steps")
    reached = models.PositiveSmallIntegerField(
        "from percent of the quota on",
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
    )
    share = models.PositiveSmallIntegerField(
        "share in percent", validators=PERCENT, help_text="100 is a full share, 0 none."
    )

    class Meta:
        ordering = ["reached"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "reached"],
                name="quota_step_once",
                violation_error_message="This percentage is in the table already.",
            ),
            models.CheckConstraint(condition=Q(reached__gte=1, share__lte=100), name="quota_step_share"),
        ]

    def __str__(self) -> str:
        return f"from {self.reached} %: {self.share} %"


class Quota(models.Model):
    """What a rep is to win in each month or quarter of the rep's own calendar."""

    class Period(models.TextChoices):
        MONTH = "month", "a month"
        QUARTER = "quarter", "a quarter"

    class Measure(models.TextChoices):
        MONEY = "money", "revenue of won leads"
        NUMBER = "number", "won leads"

    MONTHS: ClassVar = {Period.MONTH.value: 1, Period.QUARTER.value: 3}

    rep = models.OneToOneField(Rep, models.CASCADE, primary_key=True, related_name="quota")
    target = models.DecimalField(max_digits=14, decimal_places=2, validators=[MinValueValidator(1)])
    measure = models.CharField("counted in", max_length=6, choices=Measure, default=Measure.MONEY)
    period = models.CharField("period", max_length=7, choices=Period, default=Period.MONTH)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(target__gte=1), name="quota_above_nought")]

    def __str__(self) -> str:
        return f"{self.target:,.0f} {self.get_measure_display()} {self.get_period_display()}"

    @property
    def months(self) -> int:
        return self.MONTHS[self.period]


class Attainment(models.Model):
    """What a rep has won since `first_day`, the first of the month or quarter where the rep is; `counted_at` (UTC)
    is when that last changed."""

    rep = models.OneToOneField(Rep, models.CASCADE, primary_key=True, related_name="attainment")
    first_day = models.DateField()
    achieved = models.DecimalField(max_digits=16, decimal_places=2)
    counted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.rep}: {self.achieved} since {self.first_day}"


class WinRate(models.Model):
    """Leads that a pool gave to a rep who closed them within the pool's days: won, and won or lost."""

    pool = models.ForeignKey(Pool, models.CASCADE, related_name="win_rates")
    rep = models.ForeignKey(Rep, models.CASCADE, related_name="win_rates")
    won = models.PositiveIntegerField()
    closed = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pool", "rep"], name="win_rate_once"),
            models.CheckConstraint(condition=Q(won__lte=models.F("closed")), name="win_rate_whole"),
        ]

    def __str__(self) -> str:
        return f"{self.rep} in {self.pool}: {self.won} of {self.closed}"
