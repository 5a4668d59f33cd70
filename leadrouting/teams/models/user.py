"""Who logs in, and in which role."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A person or a service with a log-in. The role says what they may see and do (see `teams.auth`)."""

    class Role(models.TextChoices):
        REP = "rep", _("Rep")
        MANAGER = "manager", _("Manager")
        OPS = "ops", _("Sales ops")
        SERVICE = "service", _("Service")

    first_name = last_name = None  # type: ignore[assignment]  # how Django lets go of inherited fields
    name = models.CharField(max_length=120, help_text="Full name, as colleagues and messages show it.")
    role = models.CharField(max_length=10, choices=Role, default=Role.REP)
    time_zone = models.CharField(
        max_length=64,
        default="UTC",
        help_text="Times are shown to this person in this zone, e.g. Europe/Berlin.",
    )
    may_subscribe = models.BooleanField(
        "may manage webhooks",
        default=False,
        help_text="For services: this one may say over the API which other systems hear of leads. Sales ops always may.",
    )

    REQUIRED_FIELDS = ["email", "name"]

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self).split(" ")[0]

    @property
    def is_ops(self) -> bool:
        return self.is_superuser or self.role == self.Role.OPS
