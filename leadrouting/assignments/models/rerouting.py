"""Many leads moved at once by sales ops: what was chosen, what became of each, and the way back."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from leadrouting.assignments.models.decision import Decision
from leadrouting.leads.models import Lead
from leadrouting.teams.models import Queue, Rep


class Rerouting(models.Model):
    """A selection of leads, first looked at, then moved in portions: by the rules, to one rep, or to a queue.

    `cursor` is the position up to which the present run has come, so that whoever goes on knows where.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Not begun"
        RUNNING = "running", "Running"
        STOPPED = "stopped", "Stopped"
        DONE = "done", "Done"
        UNDOING = "undoing", "Being undone"
        UNDONE = "undone", "Undone"

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    to_rep = models.ForeignKey(Rep, models.PROTECT, null=True, blank=True, related_name="+")
    to_queue = models.ForeignKey(Queue, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=160, blank=True, default="")
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    size = models.PositiveIntegerField(default=0)
    cursor = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at", "-id"]
        verbose_name = "bulk re-routing"
        constraints = [
            models.CheckConstraint(
                condition=Q(to_rep__isnull=True) | Q(to_queue__isnull=True), name="rerouting_one_target"
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | (~Q(reason="") & Q(started_at__isnull=False)),
                name="rerouting_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.size:,} lead{'s' * (self.size != 1)}, {self.target}"

    @property
    def target(self) -> str:
        if self.to_rep:
            return f"to {self.to_rep}"
        return f"to the queue “{self.to_queue}”" if self.to_queue else "by the rules"


class Rerouted(models.Model):
    """One lead of a selection. `before_*` say where it was; `decision` is what moved it."""

    class State(models.TextChoices):
        WAITS = "waits", "Not tried yet"
        MOVED = "moved", "Moved"
        STAYS = "stays", "Stays where it is"
        LEFT = "left", "Left alone"
        UNDONE = "undone", "Moved back"
        KEPT = "kept", "Not moved back"

    rerouting = models.ForeignKey(Rerouting, models.CASCADE, related_name="leads", db_index=False)
    position = models.PositiveIntegerField()
    lead = models.ForeignKey(Lead, models.CASCADE, related_name="+")
    state = models.CharField(max_length=6, choices=State, default=State.WAITS)
    before_rep = models.ForeignKey(Rep, models.PROTECT, null=True, related_name="+")
    before_queue = models.ForeignKey(Queue, models.PROTECT, null=True, related_name="+")
    before_route_at = models.DateTimeField(null=True)
    decision = models.ForeignKey(Decision, models.SET_NULL, null=True, related_name="+")
    note = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering = ["rerouting", "position"]
        verbose_name_plural = "re-routed leads"
        constraints = [
            models.UniqueConstraint(fields=["rerouting", "position"], name="rerouted_in_order"),
            models.UniqueConstraint(fields=["rerouting", "lead"], name="rerouted_lead_once"),
            models.CheckConstraint(
                condition=~Q(state="moved") | Q(decision__isnull=False) | Q(note__gt=""),
                name="rerouted_by_a_decision",
            ),
        ]
        indexes = [models.Index(F("rerouting"), F("state"), F("position"), name="rerouted_by_state")]

    def __str__(self) -> str:
        return f"Lead {self.lead_id}: {self.get_state_display()}"
