"""Chat and SMS, by the services that Apprise speaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.urls import reverse

from leadrouting.common.outside import Refused
from leadrouting.notifications.channels.base import Begin, Channel, Later, Undeliverable
from leadrouting.notifications.models import ChatAddress, Dispatch, Message
from leadrouting.notifications.services import read
from leadrouting.teams.models import User

WORDS = 300


class Chat(Channel):
    """An address is the key of what a person has named: the address itself holds secrets."""

    name = "chat"
    label = "Chat or SMS"
    for_people = True

    def addresses(self, users: Sequence[User]) -> Mapping[int, Sequence[str]]:
        found: dict[int, list[str]] = {}
        for user, chat in ChatAddress.objects.filter(user__in=users).order_by("id").values_list("user", "pk"):
            found.setdefault(user, []).append(str(chat))
        return found

    def prepare(self, batch: Sequence[Dispatch]) -> Mapping[int, ChatAddress | None]:
        keys = {int(one.address) for one in batch if one.address.isdigit()}
        chats = {str(one.pk): one for one in ChatAddress.objects.filter(pk__in=keys)}
        return {one.pk: chats.get(one.address) for one in batch}

    def send(self, dispatch: Dispatch, parcel: ChatAddress | None, begin: Begin) -> str:
        if parcel is None:
            raise Undeliverable("This chat has been removed.")
        try:
            service = read(parcel.url)
        except Refused as refused:
            raise Undeliverable(str(refused)) from refused
        begin()
        if not service.notify(title=dispatch.message.subject, body=text(dispatch.message)):
            raise Later(f"{service.service_name} did not take it.")
        return ""


def text(message: Message) -> str:
    where = reverse("lead", args=[message.lead_id]) if message.lead_id else reverse("inbox")
    return f"{message.body[:WORDS]}\n{settings.SITE_URL}{where}"
