"""The accounts that rows speak of: those that are here, and those that the rows before have made."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from leadrouting.intake.importing.accounts.families import names_of_parent
from leadrouting.intake.importing.accounts.telling import Told, folded
from leadrouting.intake.importing.errors import BadRow
from leadrouting.leads.models import Account

SPOKEN_OF = """
    SELECT id FROM leads_account WHERE external_id = ANY(%s)
    UNION SELECT account_id FROM leads_accountdomain WHERE domain = ANY(%s)
    UNION SELECT account.id FROM unnest(%s::text[]) named
        JOIN leads_account account ON leads_company_key(account.name) = leads_company_key(named)
"""
ABOVE = """
    WITH RECURSIVE above AS (
        SELECT id, parent_id FROM leads_account WHERE id = ANY(%s)
        UNION SELECT account.id, account.parent_id FROM leads_account account JOIN above ON account.id = above.parent_id
    )
    SELECT id, parent_id FROM above
"""


class Accounts:
    """Four queries for any number of rows. The accounts are locked."""

    def __init__(self, told: Sequence[Told]) -> None:
        self.by_key: dict[str, list[Account]] = {}
        self.domains: dict[int, set[str]] = {}
        self._above: dict[int, int | None] = {}
        self._numbers: dict[int, int] = {}
        ids = [one for row in told for one in (row.external_id, row.parent_id, row.parent) if one]
        domains = [one for row in told for one in (*row.domains, row.website, row.parent.lower()) if one]
        names = [one for row in told for one in (row.name, row.parent) if one]
        with connection.cursor() as cursor:
            cursor.execute(SPOKEN_OF, [ids, domains, names])
            found = [pk for (pk,) in cursor.fetchall()]
            cursor.execute(ABOVE, [found])
            self._above = dict(cursor.fetchall())
        locked = Account.objects.select_for_update(no_key=True).filter(pk__in=found).order_by("pk")
        for account in locked.prefetch_related("domains"):
            self.domains[self.number(account)] = set(account.domain_names)
            self.note(account)

    def number(self, account: Account) -> int:
        """Its key, or one below nought for those that are not saved yet."""
        return account.pk or self._numbers.setdefault(id(account), -len(self._numbers) - 1)

    def note(self, account: Account) -> None:
        """Also again, when more is known of it."""
        keys = [f"name {folded(account.name)}", *(f"domain {one}" for one in self.of(account))]
        if account.external_id:
            keys.append(f"id {account.external_id}")
        for key in keys:
            known = self.by_key.setdefault(key, [])
            if account not in known and not any(one is account for one in known):
                known.append(account)

    def of(self, account: Account) -> set[str]:
        return self.domains.setdefault(self.number(account), set())

    def find(self, told: Told) -> Account | None:
        """By its id, else by a domain, else by its name, of those that have no other id. Raises BadRow."""
        if told.external_id and (found := self.by_key.get(f"id {told.external_id}")):
            return found[0]
        same = {id(one): one for key in told.domains for one in self.by_key.get(f"domain {key}", [])}
        for account in same.values():
            if told.external_id and account.external_id:
                raise BadRow(f"domains: another account, “{account}”, has one of these already.")
        if len(same) > 1:
            raise BadRow(f"domains: they are of several accounts: {', '.join(map(str, same.values()))}.")
        if same:
            return next(iter(same.values()))
        named = self.by_key.get(f"name {told.called}", []) if told.name else []
        if told.external_id:
            named = [one for one in named if not one.external_id]
        return only(named, told.name, "Write its id or a domain as well.")

    def taken(self, domain: str, account: Account) -> Account | None:
        """Who else has the domain."""
        return next((one for one in self.by_key.get(f"domain {domain}", []) if one is not account), None)

    def parent_of(self, told: Told) -> Account | None:
        """None when nobody here has the name. Raises BadRow."""
        for key in names_of_parent(told):
            if found := self.by_key.get(key):
                return only(found, told.parent or told.parent_id, "Write the parent’s id instead.")
        return None

    def lies_above(self, account: Account, other: Account) -> bool:
        here: int | None = self.number(other)
        while here is not None:
            if here == self.number(account):
                return True
            here = self._above.get(here)
        return False

    def put_below(self, account: Account, parent: Account) -> None:
        self._above[self.number(account)] = self.number(parent)


def only(found: Sequence[Account], name: str, help_text: str) -> Account | None:
    if len(found) > 1:
        raise BadRow(f"{len(found)} accounts are called “{name}”. {help_text}")
    return found[0] if found else None
