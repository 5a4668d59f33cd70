"""What the readers of JSON share."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from hmac import compare_digest
from typing import Any

from leadrouting.engine.values import fold
from leadrouting.intake.heard import Raw, Unreadable
from leadrouting.leads.attributes import PREFIX
from leadrouting.leads.normalise import storable
from leadrouting.leads.services import FIELDS


def document(raw: Raw) -> dict[str, Any]:
    """Raises Unreadable."""
    try:
        told = json.loads(raw.body)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"This is no JSON: {error}") from None
    if not isinstance(told, dict):
        raise Unreadable("This is JSON, but not an object: it should begin with “{”.")
    return told


def text(value: Any) -> str:
    """Numbers and yes or no as text; what is no single value is nothing."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return storable(str(value)).strip() if isinstance(value, (str, int, float)) else ""


def rows(value: Any) -> list[dict[str, Any]]:
    """The objects of a list, and nothing where there is none."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def part(told: Any, *path: str) -> Any:
    """What lies at a path of names; None where it ends before."""
    for name in path:
        told = told.get(name) if isinstance(told, dict) else None
    return told


def instant(value: Any) -> datetime | None:
    """An instant in ISO 8601, as UTC; one without a zone is read as UTC. Raises Unreadable."""
    told = text(value)
    if not told:
        return None
    try:
        found = datetime.fromisoformat(told)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unreadable(f"“{told[:40]}” is no time: write it like 2026-01-31T09:30:00Z.") from None


def is_one_of(given: str, secrets: Iterable[str]) -> bool:
    """In a time that does not tell how much of it was right."""
    found = given.encode(errors="replace")
    return bool(given) and any(compare_digest(found, secret.encode()) for secret in secrets)


def plain(question: str) -> str:
    """A question, so that spellings of it are the same: small letters without accents, digits, underscores."""
    return re.sub(r"[^\w]+", "_", fold(question)).strip("_")


def answered(
    answers: Iterable[tuple[str, str]], mapping: Mapping[str, str], known: Mapping[str, str]
) -> dict[str, Any]:
    """Questions with their answers -> fields of a lead: by the connection's mapping, then by what the sender's names
    mean, then by our own field names. What is left is said in the message, so that nothing is lost."""
    ours = {plain(question): field for question, field in mapping.items()}
    values: dict[str, Any] = {}
    left: list[str] = []
    for question, answer in answers:
        if not answer:
            continue
        name = ours.get(plain(question)) or known.get(plain(question), "")
        if not name and question.startswith(PREFIX):
            name = question
        if not name and plain(question) in FIELDS:
            name = plain(question)
        if name.startswith(PREFIX):
            values.setdefault("attributes", {})[name.removeprefix(PREFIX)] = answer
        elif name == "name" and name in values:
            values[name] = f"{values[name]} {answer}"
        elif name and name not in values:
            values[name] = answer
        else:
            left.append(f"{question}: {answer}")
    if left:
        values["message"] = "\n".join([*([values["message"]] if "message" in values else []), *left])
    return values
