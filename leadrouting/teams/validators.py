"""Checks of single fields, with messages that say what to type instead."""

import re

from django.core.exceptions import ValidationError

from leadrouting.common.zones import titles


def validate_zone(value: str) -> None:
    if value not in titles():
        raise ValidationError(
            "“%(value)s” is not a time zone. Use a name such as Europe/Berlin or America/New_York.",
            params={"value": value},
        )


def validate_clock_time(value: str) -> None:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d|24:00", value):
        raise ValidationError(
            "“%(value)s” is not a time of day. Write HH:MM, e.g. 09:00.", params={"value": value}
        )


def validate_secure(value: str) -> None:
    if not value.lower().startswith("https://"):
        raise ValidationError("The address must begin with https://.")


def validate_country(value: str) -> None:
    from holidays import list_supported_countries

    if value not in list_supported_countries():
        raise ValidationError(
            "No public holidays are known for “%(value)s”. Use a two-letter code such as DE, or leave it empty.",
            params={"value": value},
        )
