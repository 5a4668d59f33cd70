"""Where leads come from."""

from django.db import models
from django.db.models import Q

from leadrouting.leads.enums import Channel
from leadrouting.leads.models.source import SAYS_SOMETHING


class Repeats(models.TextChoices):
    """What becomes of an enquiry by somebody who has a lead already."""

    JOIN = "join", "Joins the open lead, reopens one that was lost lately, else is a new lead"
    JOIN_OPEN = "join_open", "Joins the open lead, else is a new lead"
    NEW = "new", "Is always a new lead"


class Campaign(models.Model):
    key = models.SlugField(
        max_length=60,
        unique=True,
        validators=[SAYS_SOMETHING],
        help_text="Short name used in rules, forms and links.",
    )
    name = models.CharField(max_length=120, validators=[SAYS_SOMETHING])
    source = models.CharField(max_length=60, blank=True, help_text="For example google, linkedin, referral.")
    medium = models.CharField(max_length=60, blank=True, help_text="For example cpc, email, event.")
    channel = models.CharField(max_length=20, choices=Channel, blank=True)
    product = models.CharField(max_length=60, blank=True)
    default_country = models.CharField(
        max_length=2,
        blank=True,
        default="",
        help_text="Two letters, e.g. DE. Phone numbers without a country code are read as numbers of this country.",
    )
    cost = models.DecimalField(
        max_digits=14, decimal_places=2, null=True, blank=True, help_text="What it has cost so far."
    )
    landing_url = models.URLField(
        "landing page",
        max_length=500,
        blank=True,
        default="",
        help_text="Where its tracked link and its QR code lead.",
    )
    is_active = models.BooleanField(default=True)
    is_routed = models.BooleanField(
        "route its leads",
        default=True,
        help_text="Off: its leads wait in the intake queue until somebody gives them to a rep by hand.",
    )
    repeats = models.CharField(
        "somebody who is known enquires",
        max_length=10,
        choices=Repeats,
        default=Repeats.JOIN,
    )
    reopen_days = models.PositiveSmallIntegerField(
        "reopen leads that were lost within",
        default=90,
        help_text="Days. 0: a lost lead is never reopened, a new one is made.",
    )
    keeps_entered = models.BooleanField(
        "who enters a lead by hand keeps it",
        default=False,
        help_text="Off: leads that reps and managers enter are routed like any other.",
    )

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(cost__isnull=True) | Q(cost__gte=0), name="campaign_cost_positive"
            ),
            models.CheckConstraint(
                condition=Q(name__regex=r"\S") & Q(key__regex=r"\S"), name="campaign_is_named"
            ),
        ]

    def __str__(self) -> str:
        return self.name
