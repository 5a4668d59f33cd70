"""Who we are to the makers of browsers (VAPID, RFC 8292)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parseaddr
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings
from py_vapid import Vapid02

from leadrouting.common import base64url
from leadrouting.notifications.models import ServerKey

GOOD_FOR = timedelta(hours=12)
"""A day is the most that makers accept."""


def private_key() -> ec.EllipticCurvePrivateKey:
    """The setting VAPID_PRIVATE_KEY, or what was made at first need. One query, two when it is made."""
    told = settings.VAPID_PRIVATE_KEY
    if not told:
        kept = ServerKey.objects.filter(pk=1).first() or make()
        told = kept.private_key
    key = load_pem_private_key(told.encode(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("VAPID_PRIVATE_KEY is not the PEM of an elliptic curve's private key.")
    return key


def make() -> ServerKey:
    """Of two who make one at the same instant, the first wins."""
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    kept, _ = ServerKey.objects.get_or_create(pk=1, defaults={"private_key": pem.decode()})
    return kept


def public_key() -> str:
    """For browsers: base64url without padding."""
    point = private_key().public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64url.written(point)


def signed(key: ec.EllipticCurvePrivateKey, endpoint: str, now: datetime) -> Mapping[str, str]:
    """The header that says to the maker of a browser who sends."""
    parts = urlsplit(endpoint)
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((now + GOOD_FOR).timestamp()),
        "sub": f"mailto:{sender}",
    }
    return dict(Vapid02(private_key=key).sign(claims))
