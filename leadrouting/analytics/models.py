"""Stored reports, and what came of their suggestions."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from leadrouting.teams.models import Pool, Team


class RebalanceReport(models.Model):
    """One team's week, Monday to Sunday in UTC, and what to change. One per team and week.

    `content` is as `analytics.content` builds it; its `summary` is a list of sentences.
    """

    team = models.ForeignKey(Team, models.CASCADE, related_name="reports")
    week = models.DateField(help_text="The Monday the week began on.")
    created_at = models.DateTimeField()
    content = models.JSONField()

    class Meta:
        ordering = ["-week", "team_id"]
        constraints = [models.UniqueConstraint(fields=["team", "week"], name="report_once_a_week")]

    def __str__(self) -> str:
        return _("{team}, week of {week}").format(team=self.team, week=self.week)


class AppliedSuggestion(models.Model):
    """Suggested weights that were set in a pool, with the weights before, so that it can be undone.

    `before` and `after` list every member as [rep's key, weight].
    """

    report = models.ForeignKey(RebalanceReport, models.CASCADE, related_name="applied")
    pool = models.ForeignKey(Pool, models.CASCADE, related_name="applied_suggestions")
    before = models.JSONField()
    after = models.JSONField()
    applied_at = models.DateTimeField()
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-applied_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "pool"], condition=Q(undone_at__isnull=True), name="suggestion_applied_once"
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="suggestion_undone_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"Weights of {self.pool}, from the report on {self.report}"
