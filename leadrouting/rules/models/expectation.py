"""A rule set's own tests: leads with where they should go."""

from django.db import models
from django.db.models import Q

from leadrouting.engine.model import StepKind
from leadrouting.rules.models.ruleset import RuleSet
from leadrouting.teams.models import Pool, Queue, Rep


class Expectation(models.Model):
    """A lead that somebody made up or kept, and who should get it: anybody in the pool, the rep, or the queue.

    `given` are lead fields and facts by their key, as a dry run takes them. `at` is the moment of the test
    (UTC); empty: whenever it is run.
    """

    rule_set = models.ForeignKey(RuleSet, models.CASCADE, related_name="expectations")
    name = models.CharField(max_length=120)
    given = models.JSONField(default=dict)
    at = models.DateTimeField(null=True, blank=True)
    kind = models.CharField(
        max_length=20,
        choices=[(StepKind.POOL, "Pool or team"), (StepKind.REP, "Named rep"), (StepKind.QUEUE, "Queue")],
    )
    pool = models.ForeignKey(Pool, models.PROTECT, null=True, blank=True, related_name="+")
    rep = models.ForeignKey(Rep, models.PROTECT, null=True, blank=True, related_name="+")
    queue = models.ForeignKey(Queue, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["id"]
        verbose_name = "test lead"
        constraints = [
            models.UniqueConstraint(
                fields=["rule_set", "name"],
                name="expectation_name_once",
                violation_error_message="This rule set has a test lead of this name already.",
            ),
            models.CheckConstraint(
                condition=Q(kind=StepKind.POOL, pool__isnull=False, rep__isnull=True, queue__isnull=True)
                | Q(kind=StepKind.REP, pool__isnull=True, rep__isnull=False, queue__isnull=True)
                | Q(kind=StepKind.QUEUE, pool__isnull=True, rep__isnull=True, queue__isnull=False),
                name="expectation_is_what_it_says",
                violation_error_message="Choose exactly one pool, rep or queue, the same as the kind says.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
