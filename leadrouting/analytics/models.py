"""Stored reports."""

from django.db import models

from leadrouting.teams.models import Team


class RebalanceReport(models.Model):
    """One team's week, Monday to Sunday in UTC, and what to change. One per team and week."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="reports")
    week = models.DateField(help_text="The Monday the week began on.")
    created_at = models.DateTimeField()
    content = models.JSONField()

    class Meta:
        ordering = ["-week", "team_id"]
        constraints = [models.UniqueConstraint(fields=["team", "week"], name="report_once_a_week")]

    def __str__(self) -> str:
        return f"{self.team}, week of {self.week}"
