"""Why a lead went where it went."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from leadrouting.leads.models import Lead
from leadrouting.rules.models import Version
from leadrouting.teams.models import Queue, Rep


class Decision(models.Model):
    """One verdict about one lead, with everything that it was computed from. Never changed afterwards.

    `facts` are the facts as the rules saw them; `tried` holds the ladder step by step as `engine.decide`
    encodes it. `rule_id` is the rule's number in the version's document.
    """

    class Cause(models.TextChoices):
        ARRIVAL = "arrival", "New lead"
        SWEEP = "sweep", "Found waiting"
        DECLINE = "decline", "Declined"
        BREACH = "breach", "Deadline missed"
        REASSIGN = "reassign", "Reassigned by hand"
        REROUTE = "reroute", "Routed again"
        TAKE = "take", "Taken from a queue"
        ENTERED = "entered", "Kept by who entered it"
        UNROUTED = "unrouted", "Left to people"
        RETURN = "return", "Came back"

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="decisions")
    cause = models.CharField(max_length=10, choices=Cause)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=200, blank=True, default="")
    decided_at = models.DateTimeField()
    version = models.ForeignKey(Version, models.PROTECT, null=True, related_name="decisions")
    rule_id = models.BigIntegerField(null=True)
    rule_name = models.CharField(max_length=120, blank=True, default="")
    step = models.SmallIntegerField(null=True)
    rep = models.ForeignKey(Rep, models.PROTECT, null=True, related_name="decisions")
    queue = models.ForeignKey(Queue, models.PROTECT, null=True, related_name="decisions")
    passed_cap = models.BooleanField(default=False)
    facts = models.JSONField()
    tried = models.JSONField()
    engine_version = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["-decided_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(rep__isnull=False, queue__isnull=True) | Q(rep__isnull=True, queue__isnull=False),
                name="decision_rep_or_queue",
            )
        ]
        indexes = [
            models.Index(F("decided_at").desc(), F("id").desc(), name="decision_newest"),
            models.Index(fields=["rule_id", "decided_at"], name="decision_of_rule"),
        ]

    def __str__(self) -> str:
        return f"Decision {self.pk}: lead {self.lead_id} to {'rep' if self.rep_id else 'queue'} {self.rep_id or self.queue_id}"
