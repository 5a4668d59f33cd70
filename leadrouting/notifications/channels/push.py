"""Push to browsers and phones (Web Push: RFC 8030, encrypted by RFC 8291, signed by RFC 8292)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus

from cryptography.hazmat.primitives.asymmetric import ec
from pywebpush import WebPusher

from leadrouting.common.outside import NoAnswer, Refused, post, retry_after
from leadrouting.notifications.channels.base import Begin, Channel, Later, Undeliverable, Unsure
from leadrouting.notifications.channels.named import keys_of, rows_of
from leadrouting.notifications.links import to_subject
from leadrouting.notifications.models import Device, Dispatch, Message
from leadrouting.notifications.vapid import private_key, signed
from leadrouting.teams.models import User

URGENT = frozenset({Message.Kind.ASSIGNED, Message.Kind.REMINDER, Message.Kind.BREACH, Message.Kind.NEWS})
LASTS = 24 * 60 * 60
"""Seconds for which a maker keeps what a device that is off has not taken."""
WORDS = 240
GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)


@dataclass(frozen=True, slots=True)
class Parcel:
    device: Device | None
    key: ec.EllipticCurvePrivateKey
    told: bytes


class Push(Channel):
    """An address is the key of a device: the maker's own can be longer than a column, and is nobody's business."""

    name = "push"
    label = "Push"
    for_people = True

    def addresses(self, users: Sequence[User]) -> Mapping[int, Sequence[str]]:
        return keys_of(Device, users)

    def prepare(self, batch: Sequence[Dispatch]) -> Mapping[int, Parcel]:
        devices, key = rows_of(Device, batch), private_key()
        return {one.pk: Parcel(owned(devices.get(one.address), one), key, payload(one)) for one in batch}

    def send(self, dispatch: Dispatch, parcel: Parcel, begin: Begin) -> str:
        device = parcel.device
        if device is None:
            raise Undeliverable("This device has been removed, or is somebody else's now.")
        keys = {"p256dh": device.p256dh, "auth": device.auth}
        body = WebPusher({"endpoint": device.endpoint, "keys": keys}).encode(parcel.told)["body"]
        now = begin()
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Encoding": "aes128gcm",
            "TTL": str(LASTS),
            "Urgency": "high" if dispatch.message.kind in URGENT else "normal",
            "Topic": topic(dispatch),
            **signed(parcel.key, device.endpoint, now),
        }
        try:
            answer = post(device.endpoint, body, headers)
        except Refused as refused:
            raise Undeliverable(str(refused)) from refused
        except NoAnswer as none:
            raise Unsure(str(none)) from none
        if 200 <= answer.status < 300:
            return answer.headers.get("location", "")
        if answer.status in GONE:
            raise Undeliverable(
                f"It answered {answer.status}: the browser has taken its subscription back.", is_gone=True
            )
        said = f"It answered {answer.status}: {answer.body[:200].decode(errors='replace')}"
        if answer.status == HTTPStatus.TOO_MANY_REQUESTS or answer.status >= 500:
            raise Later(said, retry_after(answer, now))
        raise Undeliverable(said)

    def forget(self, address: str) -> None:
        Device.objects.filter(pk=int(address)).delete()


def owned(device: Device | None, one: Dispatch) -> Device | None:
    """Who logs in on a device of a colleague does not read the colleague's messages."""
    return device if device is not None and device.user_id == one.message.recipient_id else None


def payload(one: Dispatch) -> bytes:
    message = one.message
    told = {
        "title": message.subject,
        "body": message.body[:WORDS],
        "url": to_subject(message),
        "key": one.key,
    }
    return json.dumps(told, ensure_ascii=False).encode()


def topic(one: Dispatch) -> str:
    """The maker replaces what waits under the same one: 32 letters at most."""
    return sha256(one.key.encode()).hexdigest()[:32]
