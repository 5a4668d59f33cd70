"""Companies we know."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from leadrouting.teams.models import Rep


class Account(models.Model):
    """A company we know. Its leads can go to its owner. Its e-mail domains are `domains`."""

    name = models.CharField(max_length=160)
    external_id = models.CharField(
        max_length=120,
        null=True,
        blank=True,
        unique=True,
        help_text="What it is called in the CRM, by which an import finds it again.",
    )
    tier = models.CharField(max_length=40, blank=True)
    parent = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="subsidiaries",
        help_text="The company above it. Its owner counts where this account has none.",
    )
    owner = models.ForeignKey(Rep, models.SET_NULL, null=True, blank=True, related_name="accounts")
    lifetime_value = models.DecimalField(max_digits=14, decimal_places=2, default=0)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(lifetime_value__gte=0), name="account_lifetime_value_positive"
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="account_not_its_own_parent"
            ),
        ]
        indexes = [
            models.Index(models.Func(F("name"), function="leads_company_key"), name="account_by_name_key"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def keeper_id(self) -> int | None:
        """Its owner, else the nearest one above it, three levels in all."""
        above = self.parent
        return (
            self.owner_id or (above and (above.owner_id or (above.parent and above.parent.owner_id))) or None
        )

    @property
    def domain_names(self) -> list[str]:
        """In the order of the alphabet. No query where `leads.accounts` found it, or they were read ahead."""
        found: list[str] | None = vars(self).get("found_domains")
        return found if found is not None else sorted(one.domain for one in self.domains.all())


class AccountDomain(models.Model):
    """An e-mail domain whose leads are an account's: of one account only. As `leads.domains` writes it."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="domains")
    domain = models.CharField(max_length=190, unique=True)

    class Meta:
        ordering = ["domain"]
        constraints = [
            models.CheckConstraint(
                condition=Q(domain=Lower("domain"), domain__contains="."), name="account_domain_written_so"
            ),
        ]

    def __str__(self) -> str:
        return self.domain
