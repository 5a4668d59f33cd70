"""A rule set as ops edit it: the draft. Publishing freezes it into a Version; only versions route leads."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from leadrouting.teams.models import Queue


class RuleSet(models.Model):
    """`edition` counts saves, so that two people who edit at the same time do not overwrite each other."""

    class OnUpdate(models.TextChoices):
        NEVER = "never", "Stay with their owner"
        BEFORE_ACCEPTANCE = "unaccepted", "Are routed again until the owner accepts"
        PROPOSE = "propose", "Are proposed to the manager for another owner"

    name = models.CharField(max_length=80, unique=True)
    note = models.TextField(blank=True, default="")
    catch_all = models.ForeignKey(
        Queue, models.PROTECT, related_name="+", help_text="Takes every lead that no rule places."
    )
    on_update = models.CharField(
        "owned leads that change",
        max_length=12,
        choices=OnUpdate,
        default=OnUpdate.NEVER,
        help_text="When what is known of an owned lead changes so that another rule would match. "
        "A lead that nobody owns yet is always routed again.",
    )
    edition = models.PositiveIntegerField(default=1, editable=False)

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
    valid_from = models.DateTimeField(null=True, blank=True, help_text="Empty: from now on.")
    valid_until = models.DateTimeField(null=True, blank=True, help_text="Empty: for good.")
    note = models.TextField(blank=True, default="")
    edition = models.PositiveIntegerField(default=1, editable=False)
    changed_at = models.DateTimeField(null=True, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    reviewed_at = models.DateTimeField(
        null=True, editable=False, help_text="When somebody last said that the rule is still right."
    )

    class Meta:
        ordering = ["precedence", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule_set", "name"],
                name="rule_name_once",
                violation_error_message="This rule set has a rule of this name already: choose another name.",
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gt=F("valid_from")),
                name="rule_ends_after_it_begins",
                violation_error_message="“Valid until” must be later than “valid from”.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
