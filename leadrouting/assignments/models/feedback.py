"""What owners say of the leads that they were given."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from leadrouting.assignments.models.ownership import Assignment

WORST, BEST, BAD = 1, 5, 2
"""Of a fit; up to BAD it needs a reason."""


class Feedback(models.Model):
    """How well a lead fits whoever got it, from 1 (not at all) to 5 (exactly right). The owner's last word counts."""

    assignment = models.OneToOneField(Assignment, models.CASCADE, related_name="feedback")
    fit = models.PositiveSmallIntegerField(validators=[MinValueValidator(WORST), MaxValueValidator(BEST)])
    reason = models.CharField(max_length=300, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name_plural = "feedback"
        constraints = [
            models.CheckConstraint(
                condition=Q(fit__gte=WORST, fit__lte=BEST), name="feedback_fit_from_1_to_5"
            ),
            models.CheckConstraint(
                condition=Q(fit__gt=BAD) | ~Q(reason=""), name="feedback_bad_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fit} of {BEST}"


class Dispute(models.Model):
    """The owner says that a lead should not be theirs. It stays with them, and its clocks run, until somebody decides.

    `rule_id` is the rule's key, as in the decision, so that it stays with the rule whatever version is live. The
    database itself settles what is open as moved when the assignment ends.
    """

    class State(models.TextChoices):
        OPEN = "open", "Waits for the manager"
        RIGHT = "right", "The rule was right"
        NOTED = "noted", "The rule is to be changed"
        MOVED = "moved", "Somebody else has it"
        WITHDRAWN = "withdrawn", "Taken back"

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="disputes")
    reason = models.CharField(max_length=200)
    rather = models.CharField(
        "should be with",
        max_length=100,
        blank=True,
        default="",
        help_text="Who should have it, in the owner's words.",
    )
    made_at = models.DateTimeField("said")
    rule_id = models.BigIntegerField(null=True)
    rule_name = models.CharField("rule", max_length=120, blank=True, default="")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    answer = models.CharField(max_length=300, blank=True, default="")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment"], condition=Q(state="open"), name="dispute_one_open_for_an_assignment"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="dispute_has_a_reason"),
            models.CheckConstraint(
                condition=Q(state="open", settled_at__isnull=True)
                | (~Q(state="open") & Q(settled_at__isnull=False)),
                name="dispute_settled_at_when_settled",
            ),
        ]
        indexes = [
            models.Index(fields=["rule_id", "made_at"], name="dispute_of_rule"),
            models.Index(fields=["made_at"], condition=Q(state="open"), name="dispute_open"),
        ]

    def __str__(self) -> str:
        return self.reason
