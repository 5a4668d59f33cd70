"""The lead: who asked, where from, who has it."""

from datetime import timedelta
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import Combinable
from django.db.models.functions import Now

from leadrouting.leads.enums import CLOSED, WAITING, WORKED, Channel, EmailKind, Priority, Status, Urgency
from leadrouting.leads.models.account import Account
from leadrouting.leads.models.origin import Campaign
from leadrouting.leads.querysets import RANK, LeadQuerySet
from leadrouting.teams.models import INTAKE, Queue, Rep

WORD = 60
GRACE = timedelta(seconds=5)  # what the signal gets before the sweep takes a new lead on


def text(*, max_length: int = WORD, **options: Any) -> "models.CharField[str, str]":
    return models.CharField(max_length=max_length, blank=True, default="", **options)


class Lead(models.Model):
    """One enquiry, worked by one owner, or waiting in one queue: from its first commit to its last.

    `owner`, `queue`, `status` and `route_at` are written by `assignments` alone. A new lead lies in the
    intake queue and is due for routing at once. `route_at` is when routing is due next (UTC); it is empty
    when somebody owns the lead or when it waits for a person to look.
    """

    name = text(max_length=120)
    email = text(max_length=254)
    phone = text(max_length=32, help_text="International form, e.g. +4930123456.")
    company = text(max_length=160)
    job_title = text(max_length=120)
    message = models.TextField(blank=True, default="")

    channel = models.CharField(max_length=20, choices=Channel, default=Channel.API)
    source = text()
    campaign = models.ForeignKey(Campaign, models.SET_NULL, null=True, blank=True, related_name="leads")
    medium = text()
    utm_source = text(max_length=120)
    utm_medium = text(max_length=120)
    utm_campaign = text(max_length=120)
    utm_term = text(max_length=120)
    utm_content = text(max_length=120)
    landing_page = text(max_length=500)
    referrer = text(max_length=500)
    ad = text(max_length=120, help_text="The ad's name or id.")
    click_ids = models.JSONField(
        default=dict, blank=True, help_text="What ad networks append to links, e.g. gclid, by its name."
    )
    referred_by = text(max_length=120, help_text="Who recommended us.")
    consent = models.BooleanField(
        null=True, blank=True, help_text="Whether we may write to this person. Empty: nobody asked."
    )
    consent_text = text(max_length=500, help_text="What they agreed to, in the words that they read.")
    consent_at = models.DateTimeField(null=True, blank=True)

    country = text(max_length=2)
    region = text(max_length=12, help_text="Country and region code, e.g. US-CA.")
    city = text(max_length=80)
    postal_code = text(max_length=16)
    language = text(max_length=8)
    time_zone = text(max_length=64)

    product = text()
    industry = text()
    company_size = models.PositiveIntegerField(null=True, blank=True, help_text="Employees.")
    deal_size = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    budget = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    urgency = text(max_length=10, choices=Urgency)
    priority = models.CharField(max_length=10, choices=Priority, default=Priority.NORMAL)
    score = models.SmallIntegerField(null=True, blank=True)
    tier = text(max_length=40)
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    behaviour_events = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    attributes = models.JSONField(default=dict, blank=True)
    original = models.JSONField(
        default=dict, blank=True, editable=False, help_text="As it came, by field, where it was changed."
    )
    score_reasons = models.JSONField(
        default=list,
        blank=True,
        editable=False,
        help_text="What the score is made of: [points, reason] each.",
    )

    email_domain = text(max_length=190)
    email_kind = text(max_length=12, choices=EmailKind)
    external_id = models.CharField(max_length=120, null=True, blank=True, unique=True)
    account = models.ForeignKey(Account, models.SET_NULL, null=True, blank=True, related_name="leads")
    is_repeat = models.BooleanField(default=False)
    merged_into = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="merged", editable=False
    )
    previous_owner = models.ForeignKey(
        Rep, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )

    status = models.CharField(
        max_length=10, choices=Status, default=Status.RECEIVED, db_default=Status.RECEIVED
    )
    owner = models.ForeignKey(
        Rep, models.PROTECT, null=True, blank=True, related_name="leads", editable=False
    )
    queue: "models.ForeignKey[Queue | int | Combinable | None, Queue | None]" = models.ForeignKey(
        Queue,
        models.PROTECT,
        null=True,
        blank=True,
        default=INTAKE,
        db_default=INTAKE,
        related_name="leads",
        db_index=False,
    )
    queued_at = models.DateTimeField(
        null=True, db_default=Now(), editable=False, help_text="Since when it lies in its queue."
    )
    queue_steps = models.PositiveSmallIntegerField(
        default=0, db_default=0, editable=False, help_text="Escalations of this stay in its queue."
    )
    route_at = models.DateTimeField(null=True, blank=True, db_default=Now() + GRACE, editable=False)
    waits_as = models.BigIntegerField(
        null=True,
        editable=False,
        help_text="Leads with the same number wait for the same people; see assignments.kinship.",
    )
    route_failures = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)

    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(auto_now=True)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    revenue = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    lost_reason = text(max_length=200)

    objects = LeadQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(owner__isnull=False, queue__isnull=True)
                | Q(owner__isnull=True, queue__isnull=False),
                name="lead_owned_or_queued",
            ),
            models.CheckConstraint(
                condition=Q(owner__isnull=True, status__in=[*WAITING, Status.LOST, Status.JUNK])
                | Q(owner__isnull=False, status__in=[*WORKED, *CLOSED]),
                name="lead_status_fits_owner",
            ),
            models.CheckConstraint(
                condition=Q(status__in=CLOSED, closed_at__isnull=False)
                | (~Q(status__in=CLOSED) & Q(closed_at__isnull=True)),
                name="lead_closed_at_when_closed",
            ),
            models.CheckConstraint(
                condition=Q(revenue__isnull=True) | Q(status=Status.WON, revenue__gte=0),
                name="lead_revenue_when_won",
            ),
            models.CheckConstraint(
                condition=Q(route_at__isnull=True) | Q(owner__isnull=True), name="lead_routed_once_owned"
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True)
                | (Q(status__in=CLOSED, closed_at__isnull=False) & ~Q(merged_into=F("pk"))),
                name="lead_closed_once_merged",
            ),
        ]
        indexes = [
            models.Index(F("created_at").desc(), F("id").desc(), name="lead_newest"),
            models.Index(fields=["route_at"], condition=Q(route_at__isnull=False), name="lead_route_due"),
            models.Index(fields=["owner", "id"], condition=Q(status__in=WORKED), name="lead_open_by_owner"),
            models.Index(
                fields=["queue", "created_at"], condition=Q(queue__isnull=False), name="lead_waiting"
            ),
            models.Index(
                F("queue"),
                RANK,
                F("created_at"),
                F("id"),
                condition=Q(status=Status.QUEUED),
                name="lead_in_turn",
            ),
            models.Index(
                fields=["queue", "queue_steps", "queued_at"],
                condition=Q(status=Status.QUEUED),
                name="lead_stay",
            ),
            models.Index(fields=["closed_at"], condition=Q(closed_at__isnull=False), name="lead_closed"),
            models.Index(fields=["email"], condition=~Q(email=""), name="lead_email"),
            models.Index(fields=["phone"], condition=~Q(phone=""), name="lead_phone"),
        ]

    def __str__(self) -> str:
        return self.name or self.company or self.email or self.phone or f"Lead {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.status not in CLOSED
