"""Who reads what: one module a sender. A reader is two pure functions.

`is_authentic(raw, secrets)` says whether one of the secrets signed it; `read(raw, mapping, fetched)` says what is in it,
or raises Unreadable.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from leadrouting.intake.heard import Heard, Raw
from leadrouting.intake.models import Kind
from leadrouting.intake.readers import cal, calendly, email, form, google, hubspot, meta, typeform, whatsapp


class Reader(Protocol):
    def is_authentic(self, raw: Raw, secrets: Sequence[str]) -> bool: ...

    def read(self, raw: Raw, mapping: Mapping[str, str], fetched: Mapping[str, Any]) -> list[Heard]: ...


READERS: Mapping[str, Reader] = {
    Kind.WHATSAPP: whatsapp,
    Kind.META: meta,
    Kind.GOOGLE: google,
    Kind.TYPEFORM: typeform,
    Kind.HUBSPOT: hubspot,
    Kind.CALENDLY: calendly,
    Kind.CAL: cal,
    Kind.FORM: form,
    Kind.EMAIL: email,
}
