"""What ops want to know about a lead beyond what is built in."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from leadrouting.engine.facts import FactType


class Attribute(models.Model):
    """A custom attribute. Its values lie in `Lead.attributes` under its key; in rules it is `attributes.<key>`.

    Key and type never change once it is made: values and published versions lean on them.
    """

    class Type(models.TextChoices):
        CHOICE = FactType.CHOICE.value, "One of several choices"
        TEXT = FactType.TEXT.value, "Text"
        NUMBER = FactType.NUMBER.value, "Number"
        YES_NO = FactType.YES_NO.value, "Yes or no"
        SET = FactType.SET.value, "Any number of choices"
        MOMENT = FactType.MOMENT.value, "Date and time"

    key = models.CharField(
        max_length=40,
        unique=True,
        validators=[
            RegexValidator(
                r"^[a-z][a-z0-9_]*$", "Use small letters, digits and underscores, beginning with a letter."
            )
        ],
        help_text="Short name used in imports and the API, e.g. budget_band. It cannot be changed later.",
    )
    label = models.CharField(max_length=60, help_text="As in the middle of a sentence, e.g. budget band.")
    type = models.CharField(max_length=10, choices=Type, help_text="It cannot be changed later.")
    choices = models.JSONField(default=list, blank=True)
    unit = models.CharField(max_length=20, blank=True, default="", help_text="For numbers, e.g. employees.")
    help = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering = ["label", "id"]
        verbose_name = "custom attribute"
        constraints = [
            models.CheckConstraint(condition=Q(key__regex=r"^[a-z][a-z0-9_]*$"), name="attribute_key"),
        ]

    def __str__(self) -> str:
        return self.label
