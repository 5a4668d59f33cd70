"""What a rule is made of: conditions, the skills that it asks for, the ladder of targets."""

from django.db import models
from django.db.models import Q

from leadrouting.engine.model import OWNERS, StepKind
from leadrouting.engine.operators import Operator, label
from leadrouting.rules.models.ruleset import Rule
from leadrouting.teams.models import Pool, Queue, Rep, RepSkill, Skill


class RuleSkill(models.Model):
    """Whoever takes this rule's leads must have the skill at this level or above."""

    rule = models.ForeignKey(Rule, models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField("at least", choices=RepSkill.Level, default=RepSkill.Level.BASIC)

    class Meta:
        ordering = ["skill__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "skill"],
                name="rule_skill_once",
                violation_error_message="This skill is asked for already.",
            ),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=5), name="rule_skill_level"),
        ]

    def __str__(self) -> str:
        return f"{self.skill} {self.level}"


class ConditionRow(models.Model):
    """One question about a lead, of a rule or of anything else that says which leads it is for."""

    position = models.PositiveSmallIntegerField(default=0)
    fact = models.CharField(max_length=80)
    operator = models.CharField(max_length=20, choices=[(o.value, label(o)) for o in Operator])
    value = models.CharField(
        max_length=1000, blank=True, help_text="Several values are separated by commas; a range is from, to."
    )

    class Meta:
        abstract = True
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return f"{self.fact} {self.operator} {self.value}".strip()


class Condition(ConditionRow):
    """One question of a rule."""

    rule = models.ForeignKey(Rule, models.CASCADE, related_name="conditions")


class Target(models.Model):
    """A step of the rule's ladder: when nobody is eligible on one step, the next is tried."""

    rule = models.ForeignKey(Rule, models.CASCADE, related_name="targets")
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(
        max_length=20,
        choices=[
            (StepKind.POOL, "Pool or team"),
            (StepKind.REP, "Named rep"),
            (StepKind.ACCOUNT_OWNER, "Account owner"),
            (StepKind.PREVIOUS_OWNER, "Previous owner"),
            (StepKind.TERRITORY_OWNER, "Territory owner"),
            (StepKind.QUEUE, "Queue"),
        ],
    )
    pool = models.ForeignKey(Pool, models.PROTECT, null=True, blank=True)
    rep = models.ForeignKey(Rep, models.PROTECT, null=True, blank=True)
    queue = models.ForeignKey(Queue, models.PROTECT, null=True, blank=True)
    ignore_hours = models.BooleanField("ignore office hours", default=False)
    ignore_capacity = models.BooleanField("ignore capacity", default=False)
    drop_skills = models.BooleanField("drop the skills", default=False)
    only_present = models.BooleanField(
        "only those present", default=False, help_text="Only who has their pages open."
    )
    wait = models.PositiveSmallIntegerField(
        "wait, minutes",
        default=0,
        help_text="Hold the lead for this step so long before the next step is tried.",
    )

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=StepKind.POOL, pool__isnull=False, rep__isnull=True, queue__isnull=True)
                | Q(kind=StepKind.REP, pool__isnull=True, rep__isnull=False, queue__isnull=True)
                | Q(kind=StepKind.QUEUE, pool__isnull=True, rep__isnull=True, queue__isnull=False)
                | Q(kind__in=OWNERS, pool__isnull=True, rep__isnull=True, queue__isnull=True),
                name="target_is_what_it_says",
                violation_error_message="Choose exactly one pool, rep or queue, the same as the kind says.",
            )
        ]

    def __str__(self) -> str:
        return str(self.pool or self.rep or self.queue or self.get_kind_display())
