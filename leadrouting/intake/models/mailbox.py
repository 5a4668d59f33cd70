"""A mailbox that people write to."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from leadrouting.leads.models import Campaign


class Mailbox(models.Model):
    """Read over IMAP each minute, from the mail on that comes after it was connected.

    `read_at` (UTC) is when it is read next, or until when somebody who reads it has it. `validity` and `last_uid` are
    how far it has been read, as the server counts.
    """

    class Security(models.TextChoices):
        TLS = "tls", "TLS from the start (port 993)"
        STARTTLS = "starttls", "STARTTLS (port 143)"
        NONE = "none", "None: on this machine only"

    name = models.CharField(max_length=80, unique=True)
    host = models.CharField("server", max_length=200, help_text="For example imap.gmail.com.")
    port = models.PositiveIntegerField(default=993)
    security = models.CharField(max_length=8, choices=Security, default=Security.TLS)
    username = models.CharField(
        "user name", max_length=200, help_text="Mostly the address, e.g. sales@example.com."
    )
    password = models.CharField(
        max_length=200,
        help_text="Gmail and others with two-step log-in: make an app password there and enter that one.",
    )
    folder = models.CharField(max_length=120, default="INBOX")
    campaign = models.ForeignKey(
        Campaign,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="mailboxes",
        help_text="What its leads belong to.",
    )
    own_addresses = ArrayField(
        models.CharField(max_length=254),
        default=list,
        blank=True,
        help_text="Addresses, or whole domains as @example.com, that are ours: mail from them is never a lead. "
        "Separated by commas. The user name is one of them.",
    )
    reports_as = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"role": "service"},
        verbose_name="count answers of reps, as told by",
        help_text="A service: then a mail from a rep’s address to a lead, with this mailbox in copy, counts as the "
        "rep’s answer. Whoever can write to this mailbox in a rep’s name could make it count: choose one only if your "
        "mail server refuses forged senders of your own domain. Empty: such mail is passed over.",
    )
    is_active = models.BooleanField(default=True)
    validity = models.BigIntegerField(null=True, editable=False)
    last_uid = models.BigIntegerField(default=0, editable=False)
    read_at = models.DateTimeField(db_default=Now(), editable=False)
    last_read_at = models.DateTimeField(null=True, editable=False)
    failures = models.PositiveSmallIntegerField(default=0, editable=False)
    last_error = models.CharField(max_length=400, blank=True, default="", editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "mailboxes"
        constraints = [
            models.CheckConstraint(condition=~Q(password=""), name="mailbox_has_a_password"),
            models.CheckConstraint(
                condition=~Q(security="none") | Q(host__in=["localhost", "127.0.0.1", "::1"]),
                name="mailbox_in_the_clear_is_here",
                violation_error_message="Without encryption only a server on this machine is read: choose TLS.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ours(self) -> list[str]:
        """In small letters; domains begin with @."""
        own = [*self.own_addresses, *([self.username] if "@" in self.username else [])]
        return sorted({one.strip().lower() for one in own} - {""})
