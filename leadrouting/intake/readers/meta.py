"""Meta lead ads: a delivery names leads; their answers are fetched. Several in a delivery."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from leadrouting.intake.heard import Asks, Enquired, Heard, Passed, Raw, Unreadable
from leadrouting.intake.readers.reading import answered, document, part, rows, text
from leadrouting.intake.readers.signatures import is_signed_hex
from leadrouting.intake.synonyms import of_questions
from leadrouting.leads.enums import Channel

ASKED = (
    "created_time,ad_id,ad_name,adset_name,campaign_id,campaign_name,form_id,is_organic,platform,field_data,"
    "custom_disclaimer_responses"
)
A_TEST = "<test lead:"
"""What Meta's testing tool fills in."""


def is_authentic(raw: Raw, secrets: Sequence[str]) -> bool:
    return is_signed_hex(raw, secrets, "x-hub-signature-256", "sha256=")


def read(raw: Raw, mapping: Mapping[str, str], fetched: Mapping[str, Any]) -> list[Heard]:
    told = document(raw)
    if told.get("object") != "page":
        raise Unreadable(
            "“object” should be “page”: this comes from something else than a page's lead forms."
        )
    changes = [one for entry in rows(told.get("entry")) for one in rows(entry.get("changes"))]
    return [
        heard(one.get("value"), mapping, fetched) for one in changes if text(one.get("field")) == "leadgen"
    ]


def heard(change: Any, mapping: Mapping[str, str], fetched: Mapping[str, Any]) -> Heard:
    key = text(part(change, "leadgen_id"))
    if not key.isalnum():
        raise Unreadable("There is a lead without “leadgen_id”, by which Meta names it.")
    if key not in fetched:
        return Asks(key, f"{key}?fields={ASKED}")
    lead = fetched[key]
    answers = [(text(one.get("name")), spoken(one.get("values"))) for one in rows(part(lead, "field_data"))]
    if any(answer.startswith(A_TEST) for _, answer in answers):
        return Passed(key, "A test that Meta sent.")
    ad = text(part(lead, "ad_name")) or text(part(lead, "ad_id")) or text(part(change, "ad_id"))
    values = {
        "channel": Channel.AD_FORM,
        "source": "meta",
        "medium": "organic" if part(lead, "is_organic") is True else "",
        "ad": ad[:120],
        "utm_source": text(part(lead, "platform"))[:120],
        "utm_campaign": text(part(lead, "campaign_name"))[:120],
    }
    return Enquired(key, {**values, **consent(lead), **answered(answers, mapping, of_questions())})


def spoken(values: Any) -> str:
    return ", ".join(filter(None, map(text, values))) if isinstance(values, list) else text(values)


def consent(lead: Any) -> dict[str, Any]:
    """What was ticked below the form, by the names that the form's maker gave the boxes."""
    boxes = rows(part(lead, "custom_disclaimer_responses"))
    ticked = [
        text(one.get("checkbox_key")) for one in boxes if text(one.get("is_checked")) in ("1", "yes", "true")
    ]
    if not ticked:
        return {}
    return {"consent": True, "consent_text": f"Ticked on Meta's form: {', '.join(ticked)}"[:500]}
