"""Which chats and SMS services may be named, and what their addresses look like (Apprise)."""

from __future__ import annotations

from collections.abc import Mapping

from apprise import Apprise, NotifyBase
from django.conf import settings

from leadrouting.common.outside import Refused

KNOWN: Mapping[str, tuple[str, str]] = {
    "slack": ("Slack", "https://hooks.slack.com/services/T.../B.../..."),
    "workflows": ("Microsoft Teams", "the address of a workflow “When a Teams webhook request is received”"),
    "discord": ("Discord", "https://discord.com/api/webhooks/..."),
    "gchat": ("Google Chat", "https://chat.googleapis.com/v1/spaces/..."),
    "tgram": ("Telegram", "tgram://bot-token/chat-id"),
    "twilio": ("SMS by Twilio", "twilio://account-sid:auth-token@+15550100/+15550123"),
    "whatsapp": ("WhatsApp", "whatsapp://access-token@phone-number-id/+15550123"),
}
"""Services whose hosts Apprise knows, with an example of what to enter."""
HOSTS: Mapping[str, tuple[str, ...]] = {"workflows": (".logic.azure.com", ".powerplatform.com")}
"""For those that name a host: how it has to end."""


def allowed() -> list[tuple[str, str]]:
    """Name and example of what people may enter."""
    return [KNOWN[one] for one in settings.CHAT_SERVICES if one in KNOWN]


def read(url: str) -> NotifyBase:
    """Raises Refused, with what to do."""
    made = Apprise.instantiate(url.strip(), suppress_exceptions=True) if url.isprintable() else None
    if not isinstance(made, NotifyBase):
        names = ", ".join(name for name, _ in allowed())
        raise Refused(
            f"This is not the address of a chat that is known here: {names}. Copy it once more, as a whole."
        )
    service = next((one for one in settings.CHAT_SERVICES if one in made.schemas()), None)
    if service is None:
        raise Refused(f"{made.service_name} is not allowed here (the setting CHAT_SERVICES).")
    if service not in KNOWN or service in HOSTS:
        check_host(str(made.host or ""), made.port, HOSTS.get(service, ()))
    return made


def check_host(host: str, port: int | None, ends: tuple[str, ...]) -> None:
    if host.lower().endswith(ends) or {host, f"{host}:{port}"} & set(settings.OUTSIDE_HOSTS):
        return
    raise Refused(
        f"“{host}” is not where this service is. If it is meant, name it in the setting OUTSIDE_HOSTS."
    )
