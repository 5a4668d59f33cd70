"""What a lead is worth looking at first: points by conditions, and tiers by points."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from leadrouting.leads.enums import Urgency
from leadrouting.rules.models.parts import ConditionRow

MOST = 1000
"""Points that one rule may give or take."""


class ScoreRule(models.Model):
    """Points for every lead that fits. All rules count, not the first alone."""

    name = models.CharField(
        max_length=80, unique=True, help_text="Read on the lead's page beside its points."
    )
    points = models.SmallIntegerField(
        validators=[MinValueValidator(-MOST), MaxValueValidator(MOST)],
        help_text="Below zero to take some away.",
    )
    logic = models.CharField(
        "filter logic",
        max_length=400,
        blank=True,
        default="",
        help_text="For example 1 AND (2 OR NOT 3). Empty: all conditions must hold.",
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["-points", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(points__gte=-MOST, points__lte=MOST) & ~Q(points=0), name="score_rule_counts"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ScoreCondition(ConditionRow):
    """One question of a score rule."""

    score_rule = models.ForeignKey(ScoreRule, models.CASCADE, related_name="conditions")


class Tier(models.Model):
    """A name for leads from so many points on, and how urgent they are at least."""

    name = models.CharField(max_length=40, unique=True, help_text="As rules ask for it, e.g. hot.")
    from_points = models.SmallIntegerField("from", unique=True, help_text="Points.")
    urgency = models.CharField(
        max_length=10,
        choices=Urgency,
        blank=True,
        default="",
        help_text="Its leads are at least so urgent. Empty: the tier says nothing about that.",
    )

    class Meta:
        ordering = ["-from_points"]

    def __str__(self) -> str:
        return self.name
