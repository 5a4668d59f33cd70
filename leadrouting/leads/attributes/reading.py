"""Values of custom attributes, each read as its type. Pure: definitions come in, clean values go out.

Stored are plain JSON values that rules read back exactly: a whole number as a number, any other as its decimal
text, a moment as ISO text in UTC, a choice in the spelling of its definition.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from django.core.exceptions import ValidationError

from leadrouting.engine.facts import CUSTOM_PREFIX
from leadrouting.engine.values import fold, read_moment, read_number, read_yes_no
from leadrouting.leads.models import Attribute
from leadrouting.leads.normalise import clean_text

PREFIX = CUSTOM_PREFIX
"""Before a key: the fact that rules ask about, the target of an import's column, the place of an error."""

Definitions = Mapping[str, Attribute]
BLANK: tuple[Any, ...] = (None, "", [], ())
LONGEST, MOST, SHOWN = 500, 50, 12  # characters of a text, members of a set, choices in a message
LARGEST, PLACES = Decimal(10) ** 15, 6
Type = Attribute.Type


def clean_attributes(given: Any, definitions: Definitions) -> dict[str, Any]:
    """The values in their stored form, blank ones left out. Raises ValidationError with a message per key, under
    `attributes.<key>`; one that nobody has defined is refused, and the nearest one named.
    """
    if not isinstance(given, Mapping):
        raise ValidationError(
            {"attributes": ['Give an object of values by their key, e.g. {"budget_band": "large"}.']}
        )
    clean: dict[str, Any] = {}
    errors: dict[str, list[str]] = {}
    for key, value in given.items():
        try:
            if key not in definitions:
                raise ValueError(unknown(str(key), definitions))
            read = None if value in BLANK else READERS[Type(definitions[key].type)](value, definitions[key])
        except ValueError as error:
            errors[f"{PREFIX}{key}"] = [str(error)]
        else:
            if read not in BLANK:
                clean[key] = read
    if errors:
        raise ValidationError(errors)
    return clean


def merged(held: Mapping[str, Any], given: Any, definitions: Definitions) -> dict[str, Any]:
    """What is known after `given` was said: a blank value takes one away, those that are not named stay.

    A value that is the same as before passes, and one can be taken away, even when its attribute is gone.
    """
    if not isinstance(given, Mapping):
        return clean_attributes(given, definitions)
    changed = {key: value for key, value in given.items() if key not in held or held[key] != value}
    known = {
        key: value
        for key, value in changed.items()
        if key in definitions or key not in held or value not in BLANK
    }
    kept = {key: value for key, value in held.items() if key not in changed}
    return kept | clean_attributes(known, definitions)


def key_named(name: str, definitions: Definitions) -> str | None:
    """The key of the attribute whose key or label this is, whatever its case and accents."""
    by_label = {fold(one.label): one.key for one in definitions.values()}
    by_key = {fold(key): key for key in definitions}
    return by_key.get(fold(name)) or by_label.get(fold(name))


def unknown(key: str, definitions: Definitions) -> str:
    """That nobody has defined it, with those that may be meant."""
    meant = key_named(key, definitions)
    if near := [meant] if meant else nearest(key, definitions):
        return f"There is no attribute “{key}”. Did you mean {' or '.join(f'“{one}”' for one in near)}?"
    known = f"Known: {listed(sorted(definitions))}" if definitions else "Sales ops define them in the admin"
    return f"There is no attribute “{key}”. {known}."


def nearest(key: str, known: Iterable[str]) -> list[str]:
    return get_close_matches(fold(key).replace(" ", "_"), list(known), n=2, cutoff=0.6)


def listed(names: Iterable[str]) -> str:
    names = list(names)
    return ", ".join(names[:SHOWN]) + (", …" if len(names) > SHOWN else "")


def read_text(value: Any, _: Attribute) -> str:
    if not isinstance(value, str):
        raise ValueError("Write this as text, in quotes.")
    text = clean_text(value)
    if len(text) > LONGEST:
        raise ValueError(f"This has {len(text)} characters; at most {LONGEST} are kept.")
    return text


def read_choice(value: Any, attribute: Attribute) -> str:
    text = read_text(value, attribute)
    if not attribute.choices or not text:
        return text
    spelling = {fold(choice): choice for choice in attribute.choices}
    if fold(text) not in spelling:
        raise ValueError(f"“{text}” is not one of: {listed(attribute.choices)}.")
    return str(spelling[fold(text)])


def read_members(value: Any, attribute: Attribute) -> list[str]:
    """A list, or a text divided at its commas; what comes twice counts once."""
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, (list, tuple)):
        raise ValueError("Give a list of texts, or one text with commas between.")
    read = (read_choice(part, attribute) for part in parts if part not in BLANK)
    members = list({fold(text): text for text in read if text}.values())
    if len(members) > MOST:
        raise ValueError(f"These are {len(members)} values; at most {MOST} are kept.")
    return members


def read_amount(value: Any, attribute: Attribute) -> int | str:
    number = None if isinstance(value, bool) else read_number(value)
    if number is None:
        unit = f" of {attribute.unit}" if attribute.unit else ""
        raise ValueError(f"“{shown(value)}” is not a number{unit}. Write it like 12 or 12.5.")
    exact = Decimal(number)
    if abs(exact) > LARGEST:
        raise ValueError("This number is too large: at most 1,000,000,000,000,000 is kept.")
    if exact == int(exact):
        return int(exact)
    if round(exact, PLACES) != exact:
        raise ValueError(f"This number has more than {PLACES} decimals.")
    return f"{exact.normalize():f}"


def read_answer(value: Any, _: Attribute) -> bool:
    answer = read_yes_no(value)
    if answer is None:
        raise ValueError(f"“{shown(value)}” is neither yes nor no. Write yes, no, true or false.")
    return answer


def read_instant(value: Any, _: Attribute) -> str:
    """In UTC. A day, or a time of day without its zone, is no moment: nobody knows when it was."""
    if isinstance(value, str):
        value = value.strip()
        if not value:
            return ""
    if (moment := read_moment(value)) is not None:
        return moment.isoformat()
    try:
        datetime.fromisoformat(str(value))
    except ValueError:
        raise ValueError(
            f"“{shown(value)}” is not a date and time. Write it like 2026-03-04T12:00:00Z."
        ) from None
    raise ValueError(f"“{shown(value)}” lacks its time or zone. Write it like 2026-03-04T12:00:00Z.")


def shown(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 40 else f"{text[:40]}…"


READERS: Mapping[str, Callable[[Any, Attribute], Any]] = {
    Type.CHOICE: read_choice,
    Type.TEXT: read_text,
    Type.NUMBER: read_amount,
    Type.YES_NO: read_answer,
    Type.SET: read_members,
    Type.MOMENT: read_instant,
}
