"""Who asks, for what, and where they came from: pairs of a label and a value, without blanks."""

from __future__ import annotations

from typing import Any

from leadrouting.leads.attributes import definitions, told
from leadrouting.leads.models import Lead
from leadrouting.workspace.came import came


def origin(lead: Lead) -> list[tuple[str, Any]]:
    """Where the lead came from, without blanks."""
    return present(
        ("Channel", lead.get_channel_display()),
        ("Source", lead.source),
        ("Campaign", lead.campaign),
        ("Medium", lead.medium),
        ("UTM source", lead.utm_source),
        ("UTM medium", lead.utm_medium),
        ("UTM campaign", lead.utm_campaign),
        ("UTM term", lead.utm_term),
        ("UTM content", lead.utm_content),
        ("Ad", lead.ad),
        ("Click", ", ".join(f"{name} {value}" for name, value in lead.click_ids.items())),
        ("Landing page", lead.landing_page),
        ("Referrer", lead.referrer),
        ("Recommended by", lead.referred_by),
        ("Consent", consent(lead)),
    )


def consent(lead: Lead) -> str:
    if lead.consent is None:
        return ""
    return (
        f"Yes: “{lead.consent_text}”"
        if lead.consent and lead.consent_text
        else "Yes"
        if lead.consent
        else "No"
    )


def score(lead: Lead) -> str:
    """`65: 40 Asked for a demo, 25 Writes from a company`."""
    if lead.score is None:
        return ""
    reasons = ", ".join(f"{points:+} {why}" for points, why in lead.score_reasons)
    return f"{lead.score}: {reasons}" if reasons else str(lead.score)


def about(lead: Lead) -> list[tuple[str, Any]]:
    """Who asks and for what, without blanks; last what ops want to know, in one query if the lead has some."""
    own = told(lead.attributes, definitions()) if lead.attributes else []
    return present(
        ("E-mail", lead.email),
        ("Phone", lead.phone),
        ("Company", lead.company),
        ("Job title", lead.job_title),
        ("Account", lead.account and f"{lead.account} ({lead.account.tier or 'no tier'})"),
        ("Place", ", ".join(filter(None, [lead.postal_code, lead.city, lead.region or lead.country]))),
        ("Language", lead.language),
        ("Time zone", lead.time_zone),
        ("Product", lead.product),
        ("Industry", lead.industry),
        ("Company size", lead.company_size and f"{lead.company_size:,} employees"),
        ("Deal size", lead.deal_size is not None and f"{lead.deal_size:,.0f}"),
        ("Budget", lead.budget is not None and f"{lead.budget:,.0f}"),
        ("Urgency", lead.get_urgency_display()),
        ("Score", score(lead)),
        ("Tier", lead.tier),
        ("Tags", ", ".join(lead.tags)),
        ("Behaviour", ", ".join(lead.behaviour_events)),
        ("Repeat enquiry", "Yes" if lead.is_repeat else ""),
        ("Previous owner", lead.previous_owner),
        *own,
        *came(lead),
    )


def present(*pairs: tuple[str, Any]) -> list[tuple[str, Any]]:
    return [(label, value) for label, value in pairs if value]
