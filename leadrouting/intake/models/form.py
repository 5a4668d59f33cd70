"""A campaign's form: what it asks, who may send it, what its sender reads; and how often its link was opened."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from leadrouting.leads.models import Campaign


class Form(models.Model):
    """Answers at `/intake/forms/<key of the campaign>/`: a page of our own, and the address for other pages' forms."""

    campaign = models.OneToOneField(Campaign, models.PROTECT, related_name="form")
    title = models.CharField(
        max_length=120, blank=True, default="", help_text="Above the form on its own page."
    )
    intro = models.TextField(blank=True, default="", help_text="A sentence or two below it.")
    button = models.CharField(max_length=40, default="Send")
    thanks = models.TextField(default="Thank you. We have your message and will get back to you soon.")
    redirect_url = models.URLField(
        "then to",
        max_length=500,
        blank=True,
        default="",
        help_text="Where the sender comes to afterwards. Empty: our page with the thanks.",
    )
    consent_text = models.CharField(
        max_length=500,
        blank=True,
        default="",
        help_text="What they agree to, beside a box to tick. It is kept with the lead. Empty: nobody is asked.",
    )
    consent_required = models.BooleanField("nobody can send it without", default=False)
    allowed_origins = ArrayField(
        models.CharField(max_length=200),
        default=list,
        blank=True,
        help_text="Websites that may send it, e.g. https://www.example.com, separated by commas. Empty: any.",
    )
    mapping = models.JSONField(default=dict, blank=True)
    per_minute = models.PositiveSmallIntegerField(
        "at most",
        default=20,
        validators=[MinValueValidator(1)],
        help_text="Messages a minute from one address on the internet; more are asked to wait.",
    )
    is_open = models.BooleanField("open", default=True)

    class Meta:
        ordering = ["campaign__name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(consent_required=False) | ~Q(consent_text=""), name="form_consent_has_a_text"
            ),
        ]

    def __str__(self) -> str:
        return f"Form of “{self.campaign}”"


class FormField(models.Model):
    """One question: a field of the lead, or a custom attribute (`attributes.<key>`)."""

    form = models.ForeignKey(Form, models.CASCADE, related_name="fields")
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField("field", max_length=60)
    label = models.CharField(max_length=120, blank=True, default="", help_text="Empty: the field's own name.")
    is_required = models.BooleanField("required", default=False)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["form", "name"],
                name="form_field_once",
                violation_error_message="This field is asked for already.",
            )
        ]

    def __str__(self) -> str:
        return self.label or self.name


class Opened(models.Model):
    """How often a campaign's tracked link was opened on a day (UTC), by link or by QR code."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="opened")
    day = models.DateField()
    by_code = models.BooleanField(default=False)
    times = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-day"]
        verbose_name_plural = "opened links"
        constraints = [
            models.UniqueConstraint(fields=["campaign", "day", "by_code"], name="opened_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign} on {self.day}: {self.times}"
