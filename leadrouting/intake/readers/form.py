"""Our own forms. Nobody signs them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from leadrouting.intake.heard import Enquired, Heard, Raw
from leadrouting.intake.readers.submissions import said, values_of
from leadrouting.leads.enums import Channel


def is_authentic(raw: Raw, secrets: Sequence[str]) -> bool:
    return False


def read(raw: Raw, mapping: Mapping[str, str], fetched: Mapping[str, Any]) -> list[Heard]:
    """`fetched` holds what our view knew when it came: its key, what was agreed to, the referring page."""
    values = values_of(said(raw), mapping)
    known = {name: value for name, value in fetched.get("values", {}).items() if name not in values}
    return [Enquired(fetched.get("key", ""), {"channel": Channel.WEB_FORM, **values, **known})]
