"""Open leads that came before their account, or its domain, was known are linked to it afterwards.

Whose they are stays as it is: `assignments` hears of it and asks the rules, as after any change of a lead.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import F, Func, Q, TextField
from django_q.tasks import async_task

from leadrouting.leads.accounts import Accounts, domains_of
from leadrouting.leads.models import Account, AccountDomain, Activity, Lead
from leadrouting.leads.querysets import LeadQuerySet
from leadrouting.leads.scoring import SCORED, score
from leadrouting.leads.signals import linked

PORTION = 500
AT_ONCE = 500
"""Leads that are linked while somebody waits; more are left to a worker."""
NARROW = 50
"""With more accounts than this all open leads without one are looked at."""
TASK = "leadrouting.leads.tasks.link_leads"
TIMEOUT = 580
"""Seconds, below the cluster's retry."""


def key_of(name: str) -> Func:
    """As `leads.accounts` compares names of companies."""
    return Func(F(name), function="leads_company_key", output_field=TextField())


def candidates(accounts: Collection[int]) -> LeadQuerySet:
    """Open leads without an account that may belong to one of these."""
    leads = Lead.objects.filter(account=None, closed_at=None, merged_into=None)
    if len(accounts) > NARROW:
        return leads
    domains = AccountDomain.objects.filter(account__in=accounts).values_list("domain", flat=True)
    same = Q()
    for domain in domains:
        same |= Q(email_domain=domain) | Q(email_domain__endswith=f".{domain}")
    names = Account.objects.filter(pk__in=accounts).annotate(key=key_of("name")).values("key")
    named = leads.exclude(company="").annotate(key=key_of("company")).filter(key__in=names)
    return leads.filter(same | Q(pk__in=named.values("pk")))


def link(accounts: Collection[int], now: datetime) -> int:
    """Of the leads that are there already, in portions of a transaction each. Returns how many were linked."""
    found, last = 0, 0
    while portion := list(
        candidates(accounts).filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:PORTION]
    ):
        found += link_these(portion, now)
        last = portion[-1]
    return found


def link_soon(accounts: Collection[int], now: datetime) -> int | None:
    """At once where they are few, and how many; else None, and a worker does it when the transaction commits."""
    if candidates(accounts)[: AT_ONCE + 1].count() <= AT_ONCE:
        return link(accounts, now)
    known = sorted(accounts)
    transaction.on_commit(lambda: async_task(TASK, known, timeout=TIMEOUT), robust=True)
    return None


@transaction.atomic
def link_these(leads: Collection[int], now: datetime) -> int:
    """Five queries, whatever their number."""
    locked = Lead.objects.select_for_update(no_key=True, of=("self",)).select_related("campaign")
    rows = list(locked.filter(pk__in=leads, account=None, closed_at=None).order_by("pk"))
    accounts = Accounts(map(vars, rows))
    changed: list[Lead] = []
    entries: list[Activity] = []
    for lead in rows:
        if (account := accounts.of(vars(lead))) is not None:
            lead.account, lead.updated_at = account, now
            changed.append(lead)
            entries.append(Activity(lead=lead, kind=Activity.Kind.NOTE, at=now, text=said(lead, account)))
    if changed:
        score(changed)
        Lead.objects.bulk_update(changed, ["account", "updated_at", *SCORED])
        Activity.objects.bulk_create(entries)
        linked.send(Lead, leads=[lead.pk for lead in changed])
    return len(changed)


def said(lead: Lead, account: Account) -> str:
    domain = next((one for one in domains_of(vars(lead)) if one in account.domain_names), "")
    why = f"by its e-mail domain {domain}" if domain else "by the company’s name"
    return f"Belongs to the account “{account}”, which was not known when it came: {why}."
