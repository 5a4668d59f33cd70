"""By which ways a prospect can be reached, in the order that the campaign wishes."""

from __future__ import annotations

from collections.abc import Collection

import phonenumbers
from django.conf import settings
from phonenumbers import PhoneNumberType

from leadrouting.leads.enums import Channel, EmailKind
from leadrouting.leads.models import Lead
from leadrouting.notifications.models import Workflow

EMAIL, WHATSAPP, SMS = "email", "whatsapp", "sms"
MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
OPTED_OUT = "the address is on the list of those who do not want to be written to."


def ways_of(lead: Lead, workflow: Workflow, out: Collection[str], *, has_approved: bool) -> list[list[str]]:
    """Channel and address of each. `out` are addresses that may not be written to; `has_approved`: there is a text that
    WhatsApp lets us write first."""
    return [
        [one, lead.email if one == EMAIL else lead.phone]
        for one in order(lead, workflow)
        if not hindrance(one, lead, out, has_approved=has_approved)
    ]


def why_none(lead: Lead, workflow: Workflow, out: Collection[str], *, has_approved: bool) -> str:
    """What hinders the way that comes first; empty when there is one."""
    found = [hindrance(one, lead, out, has_approved=has_approved) for one in order(lead, workflow)]
    return found[0] if all(found) else ""


def order(lead: Lead, workflow: Workflow) -> list[str]:
    """Who wrote by WhatsApp is answered there first."""
    wanted = workflow.ways.split(",")
    if lead.channel == Channel.WHATSAPP and has_whatsapp():
        return [WHATSAPP, *(one for one in wanted if one != WHATSAPP)]
    return wanted


def hindrance(way: str, lead: Lead, out: Collection[str], *, has_approved: bool) -> str:
    """Why somebody cannot be reached by it; empty when they can."""
    address = lead.email if way == EMAIL else lead.phone
    if not address:
        return "no e-mail address is known." if way == EMAIL else "no phone number is known."
    if address in out:
        return OPTED_OUT
    if way == EMAIL:
        return "the address is a throw-away one." if lead.email_kind == EmailKind.DISPOSABLE else ""
    if way == SMS:
        if not settings.PROSPECT_SMS_URL:
            return "SMS is not set up."
        return "" if is_mobile(address) else "the phone number is no mobile one."
    if not has_whatsapp():
        return "WhatsApp is not set up."
    if lead.channel != Channel.WHATSAPP and not has_approved:
        return "they have not written by WhatsApp, and there is no approved template."
    return ""


def has_whatsapp() -> bool:
    return bool(settings.WHATSAPP_TOKEN and settings.WHATSAPP_PHONE_ID)


def is_mobile(phone: str) -> bool:
    try:
        return phonenumbers.number_type(phonenumbers.parse(phone)) in MOBILE
    except phonenumbers.NumberParseException:
        return False
