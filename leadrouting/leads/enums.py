"""Closed vocabularies of a lead."""

from django.db import models


class Channel(models.TextChoices):
    WEB_FORM = "web_form", "Web form"
    EMAIL = "email", "E-mail"
    PHONE = "phone", "Phone"
    WHATSAPP = "whatsapp", "WhatsApp"
    CHAT = "chat", "Chat"
    AD_FORM = "ad_form", "Ad form"
    EVENT = "event", "Event"
    REFERRAL = "referral", "Referral"
    PARTNER = "partner", "Partner"
    IMPORT = "import", "Import"
    API = "api", "API"
    MANUAL = "manual", "Entered by hand"


class Status(models.TextChoices):
    """A lead's life cycle. `assigned` is set by assignment alone."""

    RECEIVED = "received", "Received"
    QUEUED = "queued", "Queued"
    ASSIGNED = "assigned", "Assigned"
    ACCEPTED = "accepted", "Accepted"
    CONTACTED = "contacted", "Contacted"
    MEETING = "meeting", "Meeting"
    WON = "won", "Won"
    LOST = "lost", "Lost"
    JUNK = "junk", "Junk"


WAITING = (Status.RECEIVED, Status.QUEUED)
WORKED = (Status.ASSIGNED, Status.ACCEPTED, Status.CONTACTED, Status.MEETING)
CLOSED = (Status.WON, Status.LOST, Status.JUNK)


class Priority(models.TextChoices):
    LOW = "low", "Low"
    NORMAL = "normal", "Normal"
    HIGH = "high", "High"
    URGENT = "urgent", "Urgent"


class Urgency(models.TextChoices):
    LATER = "later", "Later"
    SOON = "soon", "Soon"
    NOW = "now", "Now"


class EmailKind(models.TextChoices):
    BUSINESS = "business", "Business"
    FREE = "free", "Free"
    DISPOSABLE = "disposable", "Disposable"
