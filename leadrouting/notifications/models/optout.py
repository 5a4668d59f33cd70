"""Who does not want to be written to."""

from django.conf import settings
from django.db import models


class OptOut(models.Model):
    """An address, whoever's lead it is: an e-mail in small letters, or a phone number in the international form."""

    address = models.CharField(max_length=254, unique=True)
    at = models.DateTimeField()
    how = models.CharField(max_length=200, help_text="In words: who said so, where.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = "opt-out"

    def __str__(self) -> str:
        return self.address
