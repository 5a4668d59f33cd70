"""What was published. A version never changes; the database refuses it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from leadrouting.rules.models.ruleset import RuleSet


class Version(models.Model):
    """A frozen rule set. Exactly one version in all is live: the one that routes.

    `document` holds the rules in precedence order as plain values (see `rules.documents`).
    """

    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    summary = models.CharField(max_length=200, blank=True)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    restores = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", help_text="Rolled back to this one."
    )
    overridden = models.CharField(
        max_length=400, blank=True, default="", help_text="Why it went live though test leads failed."
    )
    is_live = models.BooleanField(default=False)

    class Meta:
        ordering = ["-published_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["rule_set", "number"], name="version_number_once"),
            models.UniqueConstraint(fields=["is_live"], condition=Q(is_live=True), name="version_one_live"),
        ]

    def __str__(self) -> str:
        return f"{self.rule_set} v{self.number}"
