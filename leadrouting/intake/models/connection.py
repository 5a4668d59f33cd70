"""Where other systems deliver to."""

from django.db import models
from django.db.models import Q

from leadrouting.leads.models import Campaign


class Kind(models.TextChoices):
    WHATSAPP = "whatsapp", "WhatsApp Cloud API"
    META = "meta", "Meta lead ads"
    GOOGLE = "google", "Google Ads lead forms"
    TYPEFORM = "typeform", "Typeform"
    HUBSPOT = "hubspot", "HubSpot forms"
    CALENDLY = "calendly", "Calendly"
    CAL = "cal", "Cal.com"
    FORM = "form", "Web form"
    EMAIL = "email", "E-mail"


class Connection(models.Model):
    """An account at a source that sends us leads, messages or bookings.

    What it sends is believed when it is signed with `secret`, or with `old_secret` while secrets are changed.
    """

    kind = models.CharField(
        "system", max_length=12, choices=[one for one in Kind.choices if one[0] not in ("form", "email")]
    )
    name = models.CharField(max_length=80, unique=True)
    key = models.SlugField(
        max_length=60, unique=True, help_text="The end of its address, where one system delivers for several."
    )
    campaign = models.ForeignKey(
        Campaign,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="connections",
        help_text="What its leads belong to.",
    )
    secret = models.CharField(max_length=200, help_text="What the system signs with.")
    old_secret = models.CharField(
        max_length=200,
        blank=True,
        default="",
        help_text="Believed as well while you change the secret over there; empty it afterwards.",
    )
    verify_token = models.CharField(
        max_length=200,
        blank=True,
        default="",
        help_text="WhatsApp and Meta ask for it once, when the address is entered there.",
    )
    access_token = models.CharField(
        max_length=500,
        blank=True,
        default="",
        help_text="Meta: with it the answers of a lead form are fetched.",
    )
    mapping = models.JSONField(
        default=dict,
        blank=True,
        help_text="Their questions and our fields: {“Your team size?”: “company_size”}.",
    )
    is_active = models.BooleanField(default=True)
    refused = models.PositiveIntegerField(
        default=0, editable=False, help_text="Deliveries with a wrong signature."
    )
    refused_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=~Q(secret=""), name="connection_has_a_secret"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def secrets(self) -> list[str]:
        return [one for one in (self.secret, self.old_secret) if one]
