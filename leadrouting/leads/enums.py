"""Closed vocabularies of a lead."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    WEB_FORM = "web_form", _("Web form")
    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone")
    WHATSAPP = "whatsapp", _("WhatsApp")
    CHAT = "chat", _("Chat")
    AD_FORM = "ad_form", _("Ad form")
    EVENT = "event", _("Event")
    REFERRAL = "referral", _("Referral")
    PARTNER = "partner", _("Partner")
    IMPORT = "import", _("Import")
    API = "api", _("API")
    MANUAL = "manual", _("Entered by hand")


class Status(models.TextChoices):
    """A lead's life cycle. `assigned` is set by assignment alone."""

    RECEIVED = "received", _("Received")
    QUEUED = "queued", _("Queued")
    ASSIGNED = "assigned", _("Assigned")
    ACCEPTED = "accepted", _("Accepted")
    CONTACTED = "contacted", _("Contacted")
    MEETING = "meeting", _("Meeting")
    WON = "won", _("Won")
    LOST = "lost", _("Lost")
    JUNK = "junk", _("Junk")


WAITING = (Status.RECEIVED, Status.QUEUED)
WORKED = (Status.ASSIGNED, Status.ACCEPTED, Status.CONTACTED, Status.MEETING)
CLOSED = (Status.WON, Status.LOST, Status.JUNK)


class Priority(models.TextChoices):
    LOW = "low", _("Low")
    NORMAL = "normal", _("Normal")
    HIGH = "high", _("High")
    URGENT = "urgent", _("Urgent")


class Urgency(models.TextChoices):
    LATER = "later", _("Later")
    SOON = "soon", _("Soon")
    NOW = "now", _("Now")


class EmailKind(models.TextChoices):
    BUSINESS = "business", "Business"
    FREE = "free", "Free"
    DISPOSABLE = "disposable", "Disposable"
