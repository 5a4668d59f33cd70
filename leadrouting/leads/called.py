"""What a lead's fields are called where people read of them."""

from django.utils.translation import gettext_lazy as _

CALLED = {
    "name": _("name"),
    "email": _("email"),
    "phone": _("phone"),
    "company": _("company"),
    "job_title": _("job title"),
    "channel": _("channel"),
    "source": _("source"),
    "campaign": _("campaign"),
    "medium": _("medium"),
    "landing_page": _("landing page"),
    "referrer": _("referrer"),
    "ad": _("ad"),
    "click_ids": _("click ids"),
    "referred_by": _("referred by"),
    "external_id": _("external id"),
    "consent": _("consent"),
    "consent_text": _("consent text"),
    "consent_at": _("consent at"),
    "country": _("country"),
    "region": _("region"),
    "city": _("city"),
    "postal_code": _("postal code"),
    "language": _("language"),
    "time_zone": _("time zone"),
    "product": _("product"),
    "industry": _("industry"),
    "company_size": _("company size"),
    "deal_size": _("deal size"),
    "budget": _("budget"),
    "urgency": _("urgency"),
    "priority": _("priority"),
    "score": _("score"),
    "tier": _("tier"),
    "tags": _("tags"),
    "behaviour_events": _("behaviour events"),
}


def called(name: str) -> str:
    """Attributes, and fields that are not named here, go by their key."""
    return str(CALLED.get(name, name.removeprefix("attributes.").replace("_", " ")))
