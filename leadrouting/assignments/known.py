"""What made-up leads are completed from: campaigns, accounts, earlier leads, people, facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from leadrouting.engine.facts import Catalogue
from leadrouting.leads import normalise
from leadrouting.leads.accounts import Accounts, account_of
from leadrouting.leads.attributes import Definitions, definitions
from leadrouting.leads.identity import earlier_lead
from leadrouting.leads.models import Account, Campaign, Lead
from leadrouting.leads.services import campaign_with_key
from leadrouting.rules.catalogue import catalogue
from leadrouting.teams.snapshot import People, people_now


class Known:
    """For one lead: asked of the database when it is needed."""

    @cached_property
    def who(self) -> People:
        return people_now()

    @cached_property
    def facts(self) -> Catalogue:
        return catalogue()

    @cached_property
    def attributes(self) -> Definitions:
        return definitions()

    def campaign(self, key: str) -> Campaign | None:
        return campaign_with_key(key)

    def account(self, values: Mapping[str, Any]) -> Account | None:
        return account_of(values)

    def earlier(self, values: Mapping[str, Any]) -> Lead | None:
        return earlier_lead(dict(values))


class KnownTogether(Known):
    """For many leads: each kind is read once, with one query, when the first of them needs it."""

    def __init__(self, given: Iterable[Mapping[str, Any]]) -> None:
        self.given = list(given)

    def texts(self, name: str) -> set[str]:
        return {str(one[name]).strip() for one in self.given if one.get(name)}

    @cached_property
    def campaigns(self) -> dict[str, Campaign]:
        return {one.key: one for one in Campaign.objects.filter(key__in=self.texts("campaign"))}

    @cached_property
    def accounts(self) -> Accounts:
        return Accounts(map(likely, self.given))

    @cached_property
    def by_email(self) -> dict[str, list[Lead]]:
        """Newest first."""
        found: dict[str, list[Lead]] = {}
        emails = {email.lower() for email in self.texts("email")}
        for lead in Lead.objects.filter(email__in=emails).order_by("-created_at", "-id"):
            found.setdefault(lead.email, []).append(lead)
        return found

    def campaign(self, key: str) -> Campaign | None:
        return self.campaigns.get(key)

    def account(self, values: Mapping[str, Any]) -> Account | None:
        return self.accounts.of(values)

    def earlier(self, values: Mapping[str, Any]) -> Lead | None:
        """A phone number or an external id is looked up by itself: test leads hardly have one."""
        if values.get("phone") or values.get("external_id"):
            return super().earlier(values)
        same = self.by_email.get(values["email"], []) if values.get("email") else []
        return next((lead for lead in same if lead.is_open), same[0] if same else None)


def likely(given: Mapping[str, Any]) -> dict[str, Any]:
    """What of a made-up lead may lead to an account, before it is cleaned."""
    domain = normalise.email_domain(str(given.get("email") or "").strip().lower())
    kind = normalise.email_kind(domain)
    company = normalise.clean_text(str(given.get("company") or ""))
    return {"email_domain": domain, "email_kind": kind, "company": company}
