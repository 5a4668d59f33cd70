"""Territories: a tree of places."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from leadrouting.teams.models.people import Rep


class Territory(models.Model):
    """A node of the tree. It holds the places listed here and everything in the nodes below it.

    A lead belongs to the deepest node that names its region, else its country.
    """

    code = models.SlugField(max_length=40, unique=True, help_text="Short name used in rules, e.g. dach.")
    name = models.CharField(max_length=80)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    countries = ArrayField(
        models.CharField(max_length=2),
        default=list,
        blank=True,
        help_text="Two-letter codes, separated by commas.",
    )
    regions = ArrayField(
        models.CharField(max_length=12),
        default=list,
        blank=True,
        help_text="Country and region codes, e.g. US-CA, separated by commas.",
    )

    owner = models.ForeignKey(
        Rep,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="territories",
        help_text="Rules can send leads to the owner of their territory: the deepest one that has an owner.",
    )

    class Meta:
        ordering = ["name", "id"]
        verbose_name_plural = "territories"
        constraints = [
            models.CheckConstraint(condition=~Q(parent=F("id")), name="territory_not_its_own_parent"),
        ]

    def __str__(self) -> str:
        return self.name
