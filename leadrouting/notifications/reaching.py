"""Devices and chats are added, each once, and only those that may be called."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction

from leadrouting.common import base64url
from leadrouting.common.outside import Refused, guard
from leadrouting.notifications.models import ChatAddress, Device
from leadrouting.notifications.services import read
from leadrouting.teams.models import User

MOST = 20
"""Devices and chats of one person, each."""
BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
SYSTEMS = {
    **{"iPhone": "iPhone", "iPad": "iPad", "Android": "Android", "Windows": "Windows"},
    **{"Mac OS": "Mac", "CrOS": "Chromebook", "Linux": "Linux"},
}
TOO_MANY = "You have {} already. Remove one that you do not use."


@transaction.atomic
def add_device(user: User, *, endpoint: str, p256dh: str, auth: str, agent: str, now: datetime) -> Device:
    """A browser that was somebody else's is this person's from now on. Raises Refused."""
    point, secret = base64url.read(p256dh[:200]), base64url.read(auth[:200])
    if len(endpoint) > 1000 or len(point) != 65 or len(secret) != 16:
        raise Refused("The browser's answer was not complete. Reload the page and try again.")
    guard().read(endpoint)
    if Device.objects.filter(user=user).exclude(endpoint=endpoint).count() >= MOST:
        raise Refused(TOO_MANY.format(f"{MOST} devices"))
    keys = {"p256dh": base64url.written(point), "auth": base64url.written(secret)}
    values = {"user": user, **keys, "label": label(agent), "created_at": now}
    Device.objects.filter(endpoint=endpoint).exclude(user=user).delete()
    return Device.objects.update_or_create(endpoint=endpoint, defaults=values)[0]


def label(agent: str) -> str:
    """E.g. “Chrome on Android”, by what the browser says of itself."""
    browser = next((name for sign, name in BROWSERS.items() if f"{sign}/" in agent), "A browser")
    system = next((name for sign, name in SYSTEMS.items() if sign in agent), "")
    return f"{browser} on {system}" if system else browser


@transaction.atomic
def add_chat(user: User, *, url: str, now: datetime) -> ChatAddress:
    """Raises Refused."""
    url = url.strip()
    if len(url) > 500:
        raise Refused("The address is too long: 500 letters at most.")
    service = read(url)
    if ChatAddress.objects.filter(user=user).count() >= MOST:
        raise Refused(TOO_MANY.format(f"{MOST} chats"))
    named = f"{service.service_name} …{re.sub(r'[^0-9A-Za-z]', '', url)[-4:]}"[:80]
    made, is_new = ChatAddress.objects.get_or_create(
        user=user, url=url, defaults={"label": named, "created_at": now}
    )
    if not is_new:
        raise Refused("You have this one already.")
    return made
