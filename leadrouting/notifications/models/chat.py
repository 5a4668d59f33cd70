"""Chats and phones that one of us has named."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class ChatAddress(models.Model):
    """`url` is an Apprise address; it holds secrets, and is shown to nobody. `label` says enough of it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="chats")
    url = models.CharField(max_length=500)
    label = models.CharField(max_length=80)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["created_at", "id"]
        verbose_name_plural = "chat addresses"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "url"],
                name="chat_address_once",
                violation_error_message="You have this one already.",
            )
        ]

    def __str__(self) -> str:
        return self.label
