"""Where leads come from and whom they belong to."""

from django.db import models
from django.db.models import Q

from leadrouting.leads.enums import Channel
from leadrouting.teams.models import Rep


class Campaign(models.Model):
    key = models.SlugField(max_length=60, unique=True, help_text="Short name used in rules, forms and links.")
    name = models.CharField(max_length=120)
    source = models.CharField(max_length=60, blank=True, help_text="For example google, linkedin, referral.")
    medium = models.CharField(max_length=60, blank=True, help_text="For example cpc, email, event.")
    channel = models.CharField(max_length=20, choices=Channel, blank=True)
    product = models.CharField(max_length=60, blank=True)
    is_active = models.BooleanField(default=True)
    is_routed = models.BooleanField(
        "route its leads",
        default=True,
        help_text="Off: its leads wait in the intake queue until somebody gives them to a rep by hand.",
    )

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Account(models.Model):
    """A company we know. Its leads can go to its owner."""

    name = models.CharField(max_length=160)
    domain = models.CharField(max_length=120, blank=True, help_text="E-mail domain, e.g. example.com.")
    tier = models.CharField(max_length=40, blank=True)
    owner = models.ForeignKey(Rep, models.SET_NULL, null=True, blank=True, related_name="accounts")
    lifetime_value = models.DecimalField(max_digits=14, decimal_places=2, default=0)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["domain"], condition=~Q(domain=""), name="account_domain_once"),
            models.CheckConstraint(
                condition=Q(lifetime_value__gte=0), name="account_lifetime_value_positive"
            ),
        ]

    def __str__(self) -> str:
        return self.name
