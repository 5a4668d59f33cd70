"""A source by the name that everybody is to use, and the names that others use for it."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

SAYS_SOMETHING = RegexValidator(
    r"[^\W_]", "Write a name that has letters or figures: a blank one would never be found."
)


class Source(models.Model):
    """Leads hold the key. Whatever comes under the key, the name or a synonym is stored as the key."""

    key = models.CharField(
        max_length=60,
        unique=True,
        validators=[SAYS_SOMETHING],
        help_text="What leads, rules and figures call it, e.g. google.",
    )
    name = models.CharField(
        max_length=80, validators=[SAYS_SOMETHING], help_text="For people, e.g. Google Ads."
    )
    synonyms = ArrayField(
        models.CharField(max_length=60),
        default=list,
        blank=True,
        help_text="What others call it, separated by commas: adwords, google ads. Case, accents and spaces do not matter.",
    )

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(name__regex=r"\S") & Q(key__regex=r"\S"), name="source_is_named"
            ),
        ]

    def __str__(self) -> str:
        return self.name
