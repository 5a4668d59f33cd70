"""Domains of accounts, as people write them, in the one form in which addresses of leads have theirs."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from email_validator import EmailNotValidError, validate_email

from leadrouting.leads.enriching import SECOND
from leadrouting.leads.enums import EmailKind
from leadrouting.leads.models import Account, AccountDomain
from leadrouting.leads.normalise import InvalidValue, email_kind

LONGEST = 190
BETWEEN = re.compile(r"[\s,;]+")


def clean_domain(text: str) -> str:
    """`https://www.Acme.com/about`, `jane@acme.com` and `acme.com.` are acme.com. Raises InvalidValue."""
    bare = re.sub(r"^\s*(mailto:|[a-z][a-z0-9+.-]*://)?/*", "", text.lower())
    bare = re.split(r"[/?#\\]", bare, maxsplit=1)[0].rpartition("@")[2]
    bare = re.sub(r":\d*$", "", bare).strip(" .<>*\"'“”").removeprefix("www.")
    try:
        domain = validate_email(f"a@{bare}", check_deliverability=False).domain.lower()
    except EmailNotValidError:
        domain = ""
    if "." not in domain or len(domain) > LONGEST:
        raise InvalidValue(
            f"“{text.strip()[:80]}” is not a domain. Write only what follows the @, e.g. example.com."
        )
    if (kind := email_kind(domain)) != EmailKind.BUSINESS:
        whose = (
            "throw-away addresses"
            if kind == EmailKind.DISPOSABLE
            else "a provider where anybody has addresses"
        )
        raise InvalidValue(f"“{domain}” is the domain of {whose}: its leads cannot all be this account's.")
    labels = domain.split(".")
    if len(labels) == 2 and labels[0] in SECOND and len(labels[1]) == 2:
        raise InvalidValue(f"“{domain}” is no company's: write the part before it, too, e.g. acme.{domain}.")
    return domain


def clean_domains(text: str) -> list[str]:
    """Several, divided by commas, semicolons or spaces; each once. Raises InvalidValue with the first that is wrong."""
    return list(dict.fromkeys(clean_domain(one) for one in BETWEEN.split(text) if one))


def taken(domains: Collection[str], account: int | None) -> list[str]:
    """Of these domains those that another account has, in words. One query."""
    found = (
        AccountDomain.objects.filter(domain__in=domains).exclude(account=account).select_related("account")
    )
    return [
        f"“{one.domain}” is a domain of “{one.account}” already: take it away there first." for one in found
    ]


def set_domains(account: Account, domains: Iterable[str]) -> list[str]:
    """Clean ones; the account has these and no others afterwards. Returns those that are new. In a transaction."""
    wanted, known = set(domains), set(account.domain_names)
    account.domains.filter(domain__in=known - wanted).delete()
    new = sorted(wanted - known)
    AccountDomain.objects.bulk_create([AccountDomain(account=account, domain=domain) for domain in new])
    return new
