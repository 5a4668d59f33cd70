"""Browsers and phones that one of us is reached on, and the key that we sign with there."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class Device(models.Model):
    """A browser in which somebody has asked for push. `endpoint` is where its maker takes messages; with the two keys
    only that browser can read them."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="devices")
    endpoint = models.CharField(max_length=1000, unique=True)
    p256dh = models.CharField(max_length=120)
    auth = models.CharField(max_length=60)
    label = models.CharField(max_length=80)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.label


class ServerKey(models.Model):
    """Our key for push (VAPID, RFC 8292): made once, when it is first needed. Browsers keep to it."""

    private_key = models.TextField()
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_server_key")]

    def __str__(self) -> str:
        return f"made {self.made_at:%Y-%m-%d}"
