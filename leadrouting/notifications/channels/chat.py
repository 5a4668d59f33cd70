"""Chat and SMS, by the services that Apprise speaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from leadrouting.common.outside import Refused
from leadrouting.notifications.channels.base import Begin, Channel, Later, Undeliverable
from leadrouting.notifications.channels.named import keys_of, rows_of
from leadrouting.notifications.links import to_subject
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
        return keys_of(ChatAddress, users)

    def prepare(self, batch: Sequence[Dispatch]) -> Mapping[int, ChatAddress | None]:
        chats = rows_of(ChatAddress, batch)
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
    return f"{message.body[:WORDS]}\n{to_subject(message)}"
