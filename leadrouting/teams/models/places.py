"""Territories: a tree of places."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from leadrouting.teams.models.people import Rep
from leadrouting.teams.models.pools import Pool


def many(max_length: int, help_text: str) -> "ArrayField[list[str], list[str]]":
    return ArrayField(models.CharField(max_length=max_length), default=list, blank=True, help_text=help_text)


class Territory(models.Model):
    """A node of the tree: see `engine.territories.nodes` for what it holds and which node wins.

    `postal_areas` are keys: “DE:80”, or “DE:80000:86999” for a range; see `engine.territories.postal`.
    """

    code = models.SlugField(max_length=40, unique=True, help_text="Short name used in rules, e.g. dach.")
    name = models.CharField(max_length=80)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    countries = many(2, "Names or two-letter codes, e.g. Germany, AT.")
    regions = many(12, "Names or codes, e.g. US-CA, Bavaria.")
    postal_areas = many(30, "Codes, beginnings and ranges after their country, e.g. DE 80, 85000–86999.")
    industries = many(60, "As leads name them, e.g. software.")
    size_from = models.PositiveIntegerField("from", null=True, blank=True)
    size_to = models.PositiveIntegerField("to", null=True, blank=True)
    accounts = many(190, "Domains of named accounts, e.g. acme.com.")

    owner = models.ForeignKey(
        Rep,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="territories",
        help_text="Rules can send leads to the owner of their territory: the deepest one that has an owner.",
    )
    pool = models.ForeignKey(
        Pool,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="territories",
        verbose_name="or pool",
        help_text="Owns the territory instead of one rep: its members get the leads by the pool’s turns.",
    )
    backup = models.ForeignKey(
        Rep,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Stands in while the owner, a rep, is absent or switched off. Empty: the owner’s own backup.",
    )

    class Meta:
        ordering = ["name", "id"]
        verbose_name_plural = "territories"
        constraints = [
            models.CheckConstraint(condition=~Q(parent=F("id")), name="territory_not_its_own_parent"),
            models.CheckConstraint(
                condition=Q(size_from__isnull=True)
                | Q(size_to__isnull=True)
                | Q(size_from__lte=F("size_to")),
                name="territory_size_from_before_to",
                violation_error_message="The size ends before it begins. Write the smaller number first.",
            ),
            models.CheckConstraint(
                condition=Q(owner__isnull=True) | Q(pool__isnull=True),
                name="territory_owner_or_pool",
                violation_error_message="Choose a rep or a pool as the owner, not both.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TerritoryOwner(models.Model):
    """Who owns a territory for a time: from `valid_from` until `valid_until` (UTC; blank: for good).

    It counts over the owner of the territory itself, who comes back when it ends.
    """

    territory = models.ForeignKey(Territory, models.CASCADE, related_name="terms", db_index=False)
    rep = models.ForeignKey(
        Rep, models.CASCADE, null=True, blank=True, related_name="territory_terms", verbose_name="owner"
    )
    pool = models.ForeignKey(
        Pool, models.CASCADE, null=True, blank=True, related_name="territory_terms", verbose_name="or pool"
    )
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["territory_id", "valid_from"]
        verbose_name = "owner for a time"
        verbose_name_plural = "owners for a time"
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="territory_owner_ends_after_it_begins",
                violation_error_message="It ends before it begins. Choose a later end.",
            ),
            models.CheckConstraint(
                condition=Q(rep__isnull=False, pool__isnull=True) | Q(rep__isnull=True, pool__isnull=False),
                name="territory_owner_is_a_rep_or_a_pool",
                violation_error_message="Choose a rep or a pool as the owner: one of the two.",
            ),
            ExclusionConstraint(
                name="territory_one_owner_at_a_time",
                expressions=[
                    ("territory", RangeOperators.EQUAL),
                    (
                        Func(
                            F("valid_from"),
                            F("valid_until"),
                            function="tstzrange",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message="Two owners at the same time. End the one before the other begins.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rep or self.pool} owns {self.territory} from {self.valid_from:%Y-%m-%d}"
