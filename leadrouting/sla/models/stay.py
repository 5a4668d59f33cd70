"""Leads that have waited in a queue past its window."""

from django.db import models

from leadrouting.leads.models import Lead
from leadrouting.teams.models import Queue


class Overstay(models.Model):
    """An escalation of a lead that waits. `since` is when its stay in the queue began (UTC): with the step it is
    unique, so that each happens once for each stay, however many workers run. `told` names who was."""

    class Step(models.IntegerChoices):
        OWNER = 0, "queue’s owner"
        LEADER = 1, "team lead"

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="overstays", db_index=False)
    queue = models.ForeignKey(Queue, models.CASCADE, related_name="overstays")
    since = models.DateTimeField()
    step = models.PositiveSmallIntegerField(choices=Step)
    acted_at = models.DateTimeField()
    told = models.CharField(max_length=200)

    class Meta:
        ordering = ["-acted_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["lead", "since", "step"], name="overstay_once")]

    def __str__(self) -> str:
        return f"Lead {self.lead_id} in {self.queue_id}: told the {self.get_step_display()}"
