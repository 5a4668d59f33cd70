"""What the API remembers: answers given under an Idempotency-Key."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models


class IdempotentAnswer(models.Model):
    """The first answer to a POST, given again when the same user repeats the same key.

    `fingerprint` is a digest of method, path and body: the same key with another request is refused.
    `status` is empty while the first request is still at work.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body: models.JSONField[Any, Any] = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="idempotency_key_once")]

    def __str__(self) -> str:
        return self.key
