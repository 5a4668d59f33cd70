"""Who asks, for what, and where they came from: pairs of a label and a value, without blanks."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leadrouting.leads.attributes import definitions, told
from leadrouting.leads.models import Lead
from leadrouting.workspace.came import came


def origin(lead: Lead) -> list[tuple[str, Any]]:
    """Where the lead came from, without blanks."""
    return present(
        (_("Channel"), lead.get_channel_display()),
        (_("Source"), lead.source),
        (_("Campaign"), lead.campaign),
        (_("Medium"), lead.medium),
        (_("UTM source"), lead.utm_source),
        (_("UTM medium"), lead.utm_medium),
        (_("UTM campaign"), lead.utm_campaign),
        (_("UTM term"), lead.utm_term),
        (_("UTM content"), lead.utm_content),
        (_("Ad"), lead.ad),
        (_("Click"), ", ".join(f"{name} {value}" for name, value in lead.click_ids.items())),
        (_("Landing page"), lead.landing_page),
        (_("Referrer"), lead.referrer),
        (_("Recommended by"), lead.referred_by),
        (_("Consent"), consent(lead)),
    )


def consent(lead: Lead) -> str:
    if lead.consent is None:
        return ""
    return (
        _("Yes: “{words}”").format(words=lead.consent_text)
        if lead.consent and lead.consent_text
        else _("Yes")
        if lead.consent
        else _("No")
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
        (_("E-mail"), lead.email),
        (_("Phone"), lead.phone),
        (_("Company"), lead.company),
        (_("Job title"), lead.job_title),
        (_("Account"), lead.account and f"{lead.account} ({lead.account.tier or _('no tier')})"),
        (_("Place"), ", ".join(filter(None, [lead.postal_code, lead.city, lead.region or lead.country]))),
        (_("Language"), lead.language),
        (_("Time zone"), lead.time_zone),
        (_("Product"), lead.product),
        (_("Industry"), lead.industry),
        (_("Company size"), lead.company_size and employees(lead.company_size)),
        (_("Deal size"), lead.deal_size is not None and f"{lead.deal_size:,.0f}"),
        (_("Budget"), lead.budget is not None and f"{lead.budget:,.0f}"),
        (_("Urgency"), lead.get_urgency_display()),
        (_("Score"), score(lead)),
        (_("Tier"), lead.tier),
        (_("Tags"), ", ".join(lead.tags)),
        (_("Behaviour"), ", ".join(lead.behaviour_events)),
        (_("Repeat enquiry"), _("Yes") if lead.is_repeat else ""),
        (_("Previous owner"), lead.previous_owner),
        *own,
        *came(lead),
    )


def employees(number: int) -> str:
    return ngettext("{number:,} employees", "{number:,} employees", number).format(number=number)


def present(*pairs: tuple[str, Any]) -> list[tuple[str, Any]]:
    return [(label, value) for label, value in pairs if value]
