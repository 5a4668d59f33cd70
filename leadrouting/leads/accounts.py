"""Which account a lead belongs to: by its e-mail's domain or one above it, else by the company's name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from leadrouting.leads.enriching import SECOND, is_derived
from leadrouting.leads.enums import EmailKind
from leadrouting.leads.models import Account

FIND = """SELECT account.*, asked.company AS asked, asked.domain AS asked_domain,
        ARRAY(SELECT domain::text FROM leads_accountdomain WHERE account_id = account.id ORDER BY domain)
            AS found_domains
    FROM (
        SELECT account_id AS id, domain, NULL AS company FROM leads_accountdomain WHERE domain = ANY(%s)
        UNION ALL
        SELECT account.id, NULL, company FROM unnest(%s::text[]) company
        JOIN leads_account account ON leads_company_key(account.name) = leads_company_key(company)
        WHERE leads_company_key(company) <> ''
    ) asked JOIN leads_account account USING (id)
"""

Values = Mapping[str, Any]


class Accounts:
    """For one enquiry or many: asked of the database once, when the first of them needs it."""

    def __init__(self, rows: Iterable[Values]) -> None:
        self.by_domain: dict[str, Account] = {}
        self.by_name: dict[str, set[Account]] = {}
        asked = list(rows)
        domains = sorted({domain for row in asked for domain in domains_of(row)})
        names = sorted({name_of(row) for row in asked} - {""})
        if domains or names:
            same: dict[int, Account] = {}
            for row in Account.objects.raw(FIND, [domains, names]):
                account, found = same.setdefault(row.pk, row), vars(row)
                if found["asked"] is None:
                    self.by_domain[found["asked_domain"]] = account
                else:
                    self.by_name.setdefault(found["asked"], set()).add(account)

    def of(self, values: Values) -> Account | None:
        """The longest domain that is an account's, else the only account of this name."""
        for domain in domains_of(values):
            if (found := self.by_domain.get(domain)) is not None:
                return found
        named = self.by_name.get(name_of(values), set())
        return next(iter(named)) if len(named) == 1 else None


def account_of(values: Values) -> Account | None:
    """At most one query, none where there is nothing to go by."""
    return Accounts([values]).of(values)


def domains_of(values: Values) -> list[str]:
    """A business address's domain and those above it, the longest first: not co.uk, and no free provider's."""
    if values.get("email_kind") != EmailKind.BUSINESS:
        return []
    labels = str(values.get("email_domain", "")).split(".")
    least = 3 if len(labels) > 2 and labels[-2] in SECOND and len(labels[-1]) == 2 else 2
    return [".".join(labels[start:]) for start in range(len(labels) - least + 1)]


def name_of(values: Values) -> str:
    """The company as it was told; one that only follows from the domain says nothing new."""
    mark = values.get("original", {}).get("company")
    return "" if is_derived(mark) else str(values.get("company") or "")
