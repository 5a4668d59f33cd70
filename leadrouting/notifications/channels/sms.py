"""SMS to prospects, by whatever service PROSPECT_SMS_URL names, as Apprise writes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from django.conf import settings

from leadrouting.notifications.channels.base import Begin, Channel, Undeliverable, Unsure
from leadrouting.notifications.models import Dispatch


class Sms(Channel):
    name = "sms"
    label = "SMS"

    def prepare(self, batch: Sequence[Dispatch]) -> Mapping[int, str]:
        return {one.pk: one.message.body for one in batch}

    def send(self, dispatch: Dispatch, parcel: str, begin: Begin) -> str:
        """Apprise says yes or no: whether a no came before or after the service had it nobody knows."""
        from apprise import Apprise, NotifyFormat

        service = Apprise()
        if not settings.PROSPECT_SMS_URL or not service.add(address_for(dispatch.address)):
            raise Undeliverable("SMS is not set up: PROSPECT_SMS_URL is no address that Apprise knows.")
        begin()
        if not service.notify(body=parcel, body_format=NotifyFormat.TEXT):
            raise Unsure("The SMS service did not say that it has sent it.")
        return ""


def address_for(phone: str) -> str:
    return str(settings.PROSPECT_SMS_URL).replace("{to}", quote(phone, safe=""))
