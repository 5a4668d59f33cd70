"""Two leads that may be one person."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from leadrouting.leads.models.lead import Lead


class Suspect(models.Model):
    """An unordered pair, kept with the older lead first. Once people have judged it, it is not raised again."""

    class Reason(models.TextChoices):
        ALIKE = "alike", _("Name and company alike")
        DOMAIN = "domain", _("Same name, same e-mail domain")
        PHONE = "phone", _("Same phone number, another e-mail")
        EMAIL = "email", _("Same e-mail")

    class State(models.TextChoices):
        OPEN = "open", _("To be judged")
        DISMISSED = "dismissed", _("Not the same")
        MERGED = "merged", _("Merged")

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="suspects", db_index=False)
    other = models.ForeignKey(Lead, models.CASCADE, related_name="suspected")
    reason = models.CharField(max_length=10, choices=Reason)
    score = models.PositiveSmallIntegerField(help_text="How alike, up to 100.")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    found_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "suspected duplicate"
        ordering = ["-score", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["lead", "other"], name="suspect_pair_once"),
            models.CheckConstraint(condition=Q(lead__lt=F("other")), name="suspect_older_first"),
            models.CheckConstraint(
                condition=Q(state="open", settled_at__isnull=True)
                | (~Q(state="open") & Q(settled_at__isnull=False)),
                name="suspect_settled_at_when_settled",
            ),
        ]
        indexes = [
            models.Index(F("score").desc(), F("id").desc(), condition=Q(state="open"), name="suspect_open"),
        ]

    def __str__(self) -> str:
        return f"{self.lead} and {self.other}"
