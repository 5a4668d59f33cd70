"""A change of owner that waits for the manager's word."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from leadrouting.assignments.models.ownership import Assignment
from leadrouting.leads.models import Lead
from leadrouting.rules.models import Version


class Proposal(models.Model):
    """An owned lead has changed, and another rule would match it now. At most one is open for each lead."""

    class State(models.TextChoices):
        OPEN = "open", "Waits for the manager"
        TAKEN = "taken", "Routed again"
        REFUSED = "refused", "Stays where it is"
        OBSOLETE = "obsolete", "No longer asked"

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="proposals", db_index=False)
    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="proposals")
    version = models.ForeignKey(Version, models.PROTECT, related_name="+")
    rule_id = models.BigIntegerField(null=True)
    rule_name = models.CharField(max_length=120, blank=True, default="")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    made_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["lead"], condition=Q(state="open"), name="proposal_one_open_for_a_lead"
            ),
            models.CheckConstraint(
                condition=Q(state="open", settled_at__isnull=True)
                | (~Q(state="open") & Q(settled_at__isnull=False)),
                name="proposal_settled_at_when_settled",
            ),
        ]

    def __str__(self) -> str:
        return f"Lead {self.lead_id} by rule “{self.rule_name}”"
