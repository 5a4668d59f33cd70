"""Two leads that were one person's, and all that is needed to part them again."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from leadrouting.leads.models import Activity, Lead
from leadrouting.teams.models import Queue, Rep


class Merge(models.Model):
    """`other` was merged into `kept`.

    `before` and `after` are the fields of the kept lead that changed, `other_before` is what changed of the other one,
    by closing it, and because it keeps an e-mail or a phone number by which the kept one was found. `activities` are the entries that moved, `carried` leads that had been merged into the other before.
    """

    kept = models.ForeignKey(Lead, models.CASCADE, related_name="merges")
    other = models.ForeignKey(Lead, models.CASCADE, related_name="merged_away")
    made_at = models.DateTimeField("merged")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="by")
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    other_before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    activities = ArrayField(models.BigIntegerField(), default=list)
    carried = ArrayField(models.BigIntegerField(), default=list)
    entry = models.ForeignKey(Activity, models.SET_NULL, null=True, related_name="+")
    moved_to = models.ForeignKey(Rep, models.PROTECT, null=True, related_name="+")
    owner_before = models.ForeignKey(Rep, models.PROTECT, null=True, related_name="+")
    queue_before = models.ForeignKey(Queue, models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField("undone", null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["other"], condition=Q(undone_at=None), name="merge_once"),
            models.CheckConstraint(condition=~Q(kept=models.F("other")), name="merge_of_two"),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="merge_undone_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.other_id} into #{self.kept_id}"
