"""A rule set as ops edit it: the draft. Publishing freezes it into a Version; only versions route leads."""

from django.db import models
from django.db.models import Q

from leadrouting.engine.model import StepKind
from leadrouting.engine.operators import Operator, label
from leadrouting.teams.models import Pool, Queue, Rep


class RuleSet(models.Model):
    name = models.CharField(max_length=80, unique=True)
    note = models.TextField(blank=True, default="")
    catch_all = models.ForeignKey(
        Queue, models.PROTECT, related_name="+", help_text="Takes every lead that no rule places."
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Rule(models.Model):
    """The first rule that matches, from the top, decides."""

    rule_set = models.ForeignKey(RuleSet, models.CASCADE, related_name="rules")
    precedence = models.PositiveIntegerField(default=0, db_index=True)
    name = models.CharField(max_length=120)
    logic = models.CharField(
        "filter logic",
        max_length=400,
        blank=True,
        help_text="For example 1 AND (2 OR NOT 3). Empty: all conditions must hold.",
    )
    is_active = models.BooleanField(default=True)
    note = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["precedence", "id"]
        constraints = [models.UniqueConstraint(fields=["rule_set", "name"], name="rule_name_once")]

    def __str__(self) -> str:
        return self.name


class Condition(models.Model):
    rule = models.ForeignKey(Rule, models.CASCADE, related_name="conditions")
    position = models.PositiveSmallIntegerField(default=0)
    fact = models.CharField(max_length=80)
    operator = models.CharField(max_length=20, choices=[(o.value, label(o)) for o in Operator])
    value = models.CharField(
        max_length=1000, blank=True, help_text="Several values are separated by commas; a range is from, to."
    )

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return f"{self.fact} {self.operator} {self.value}".strip()


class Target(models.Model):
    """A step of the rule's ladder: when nobody is eligible on one step, the next is tried."""

    rule = models.ForeignKey(Rule, models.CASCADE, related_name="targets")
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(
        max_length=10,
        choices=[(StepKind.POOL, "Pool"), (StepKind.REP, "Named rep"), (StepKind.QUEUE, "Queue")],
    )
    pool = models.ForeignKey(Pool, models.PROTECT, null=True, blank=True)
    rep = models.ForeignKey(Rep, models.PROTECT, null=True, blank=True)
    queue = models.ForeignKey(Queue, models.PROTECT, null=True, blank=True)
    ignore_hours = models.BooleanField("ignore office hours", default=False)
    ignore_capacity = models.BooleanField("ignore capacity", default=False)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=StepKind.POOL, pool__isnull=False, rep__isnull=True, queue__isnull=True)
                | Q(kind=StepKind.REP, pool__isnull=True, rep__isnull=False, queue__isnull=True)
                | Q(kind=StepKind.QUEUE, pool__isnull=True, rep__isnull=True, queue__isnull=False),
                name="target_is_what_it_says",
                violation_error_message="Choose exactly one pool, rep or queue, the same as the kind says.",
            )
        ]

    def __str__(self) -> str:
        return str(self.pool or self.rep or self.queue)
