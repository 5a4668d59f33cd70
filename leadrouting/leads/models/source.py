"""A source by the name that everybody is to use, and the names that others use for it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Source(models.Model):
    """Leads hold the key. Whatever comes under the key, the name or a synonym is stored as the key."""

    key = models.SlugField(
        max_length=60, unique=True, help_text="What leads, rules and figures call it, e.g. google."
    )
    name = models.CharField(max_length=80, help_text="For people, e.g. Google Ads.")
    synonyms = ArrayField(
        models.CharField(max_length=60),
        default=list,
        blank=True,
        help_text="What others call it, separated by commas: adwords, google ads. Case, accents and spaces do not matter.",
    )

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name
