"""What people type, in one form: e-mail, phone, country, language. Pure functions; blank stays blank."""

from __future__ import annotations

import re
import unicodedata

import phonenumbers
from disposable_email_domains import blocklist
from django.utils.translation import gettext as _
from email_validator import EmailNotValidError, validate_email

from leadrouting.common.languages import known_code
from leadrouting.common.places import country_code, region_code
from leadrouting.common.zones import zone_name
from leadrouting.leads.enums import EmailKind

FREE = frozenset(
    (
        "gmail.com googlemail.com yahoo.com yahoo.co.uk yahoo.co.in outlook.com hotmail.com live.com "
        "msn.com aol.com icloud.com me.com mac.com gmx.de gmx.net gmx.com web.de t-online.de mail.ru "
        "yandex.ru qq.com 163.com proton.me protonmail.com zoho.com rediffmail.com orange.fr free.fr "
        "laposte.net libero.it uol.com.br bol.com.br terra.com.br hotmail.es hotmail.fr"
    ).split()
)
REGION, LANGUAGE, ZONE = 12, 8, 64
"""Characters that are kept of a region, language or zone nobody knows."""
NAMED = re.compile(r"[^<>]*<([^<>]+)>\s*")
MAILTO = re.compile(r"^mailto:\s*", re.IGNORECASE)


class InvalidValue(ValueError):
    """The value cannot be used; the message says what to write instead."""


def storable(value: str) -> str:
    """Without what no database keeps: NUL, and halves of characters."""
    return value.replace("\0", "").encode("utf-8", "replace").decode()


def clean_text(value: str) -> str:
    """Trimmed, inner white space folded, Unicode composed (NFC), control characters dropped."""
    composed = unicodedata.normalize("NFC", storable(value))
    return " ".join("".join(c if c.isprintable() else " " for c in composed).split())


def clean_email(value: str) -> str:
    """Lower case, checked for form (nothing is sent or looked up). `Jane <jane@x.de>`, `mailto:jane@x.de` and
    `jane@x.de.` are jane@x.de. Raises InvalidValue."""
    value = value.strip()
    if not value:
        return ""
    named = NAMED.fullmatch(value)
    bare = MAILTO.sub("", (named[1] if named else value).strip()).rstrip(".")
    try:
        return validate_email(bare, check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        raise InvalidValue(
            _("“{value}” is not an e-mail address: {problem}").format(value=value, problem=error)
        ) from None


def email_domain(email: str) -> str:
    return email.rpartition("@")[2]


def email_kind(domain: str) -> str:
    if not domain:
        return ""
    if domain in blocklist:
        return EmailKind.DISPOSABLE
    return EmailKind.FREE if domain in FREE else EmailKind.BUSINESS


def clean_country(value: str) -> str:
    """The two-letter code of a country, in capitals, by its code, name or usual spelling. Raises InvalidValue."""
    if not value.strip():
        return ""
    if code := country_code(value):
        return code
    raise InvalidValue(
        _(
            "“{value}” is not a country code: use the two letters of ISO 3166, e.g. DE, or the country's name."
        ).format(value=value.strip())
    )


def clean_region(value: str, country: str) -> str:
    """The code of a region, e.g. DE-BY, where it is certain; else what was written, if short enough to keep.

    Raises InvalidValue for what is neither.
    """
    region = (region_code(value, country) or value) if value else ""
    if len(region) > REGION:
        raise InvalidValue(f"“{value}” is no region that we know: use its code of ISO 3166-2, e.g. DE-BY.")
    return region


def clean_language(value: str) -> str:
    """The code of a language, without a country, by its code or name: es-MX, spa and Spanish are es. What nobody
    knows stays as it was written, if short enough to keep. Raises InvalidValue."""
    language = known_code(value) or value.strip().lower()
    if len(language) > LANGUAGE:
        raise InvalidValue(f"“{value}” is no language that we know: use its code of ISO 639, e.g. es.")
    return language


def clean_zone(value: str) -> str:
    """A time zone by its IANA name or its city. What nobody knows stays as it was written. Raises InvalidValue."""
    zone = zone_name(value) or value.strip()
    if len(zone) > ZONE:
        raise InvalidValue(f"“{value}” is no time zone that we know: use its name, e.g. Asia/Kolkata.")
    return zone


def clean_phone(value: str, country: str) -> tuple[str, str]:
    """The number in E.164, and the country (two letters) that it belongs to. Raises InvalidValue.

    A number without an international prefix is read as one of `country`.
    """
    value = value.strip()
    if not value:
        return "", ""
    try:
        number = phonenumbers.parse(value, country or None)
    except phonenumbers.NumberParseException:
        raise InvalidValue(
            _("“{value}” is not a phone number. Write it with its country code, e.g. +49 30 123456.").format(
                value=value
            )
        ) from None
    if not phonenumbers.is_possible_number(number):
        raise InvalidValue(_("“{value}” is too long or too short for a phone number.").format(value=value))
    found = phonenumbers.region_code_for_number(number) or ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), found if len(
        found
    ) == 2 else ""
