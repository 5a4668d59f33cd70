"""Google Ads lead forms: a lead a delivery, with a key in the body in place of a signature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from leadrouting.intake.heard import Enquired, Heard, Passed, Raw, Unreadable
from leadrouting.intake.readers.reading import answered, document, is_one_of, rows, text
from leadrouting.leads.enums import Channel

COLUMNS = {
    "full_name": "name",
    "first_name": "name",
    "last_name": "name",
    "email": "email",
    "user_email": "email",
    "work_email": "email",
    "phone_number": "phone",
    "user_phone": "phone",
    "work_phone": "phone",
    "postal_code": "postal_code",
    "city": "city",
    "region": "region",
    "country": "country",
    "company_name": "company",
    "job_title": "job_title",
}


def is_authentic(raw: Raw, secrets: Sequence[str]) -> bool:
    try:
        told = document(raw)
    except Unreadable:
        return False
    return is_one_of(text(told.get("google_key", told.get("Google_key"))), secrets)


def read(raw: Raw, mapping: Mapping[str, str], fetched: Mapping[str, Any]) -> list[Heard]:
    told = document(raw)
    key = text(told.get("lead_id"))
    if not key:
        raise Unreadable("There is no “lead_id”, by which Google names a lead.")
    if told.get("is_test") is True:
        return [Passed(key, "A test that Google sent.")]
    answers = [
        (text(one.get("column_id")) or text(one.get("column_name")), text(one.get("string_value")))
        for one in rows(told.get("user_column_data"))
    ]
    values = answered(answers, mapping, COLUMNS)
    if gclid := text(told.get("gcl_id")):
        values["click_ids"] = {"gclid": gclid}
    ad = text(told.get("creative_id"))
    return [Enquired(key, {"channel": Channel.AD_FORM, "source": "google", "ad": ad, **values})]
