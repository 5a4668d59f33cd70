"""Rows become accounts: new ones, and what is said of those that are here. Blank cells change nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction

from leadrouting.intake.complaints import said
from leadrouting.intake.importing.accounts.families import Family, names_of_parent
from leadrouting.intake.importing.accounts.finding import Accounts
from leadrouting.intake.importing.accounts.telling import Told, told_by
from leadrouting.intake.importing.errors import BadRow
from leadrouting.intake.importing.fates import IMPORTED, KNOWN, REJECTED, UPDATED, Fate, Options
from leadrouting.intake.importing.files import Row, Table
from leadrouting.intake.importing.mapping import Mapping
from leadrouting.intake.importing.spool import Spool
from leadrouting.leads.models import Account, AccountDomain

FIELDS = ["name", "external_id", "tier", "lifetime_value", "owner", "parent"]
Pair = tuple[Row, Told]


def spooled(
    table: Table, mapping: Mapping, options: Options, spool: Spool, on_rows: Callable[[int], None]
) -> None:
    """All rows of a file, parents before those below them; an account that comes twice counts once."""
    family = Family()
    for number, row in enumerate(table.rows, 1):
        try:
            if row.problem:
                raise BadRow(row.problem)
            family.add(row.line, told_by(table.values(row), mapping))
        except BadRow as bad:
            row = Row(row.line, row.cells, str(bad))
            family.skip(row.line)
        spool.keep(row, 0)
        if number % 1000 == 0:
            on_rows(number)
    depths, options.circles = family.order()
    options.expected = frozenset(family.named) if options.dry else frozenset()
    spool.sort(depths)


def worked(rows: Sequence[Row], columns: Sequence[str], mapping: Mapping, options: Options) -> list[Fate]:
    """What becomes of a batch. To be called in a transaction."""
    fates: list[Fate] = []
    good: list[Pair] = []
    for row in rows:
        try:
            if problem := row.problem or options.circles.get(row.line, ""):
                raise BadRow(problem)
            told = told_by(dict(zip(columns, row.cells, strict=False)), mapping)
            if told.owner:
                told = replace(told, values={**told.values, "owner_id": options.rep(told.owner)})
            good.append((row, told))
        except BadRow as bad:
            fates.append(Fate(row, REJECTED, problem=str(bad)))
    try:
        with transaction.atomic():
            return fates + saved(good, options)
    except (DataError, IntegrityError, ValueError):
        return fates + [fate for pair in good for fate in alone(pair, options)]


def alone(pair: Pair, options: Options) -> list[Fate]:
    """So that only the one at fault is rejected."""
    try:
        with transaction.atomic():
            return saved([pair], options)
    except (DataError, IntegrityError, ValueError):
        problem = "This row cannot be kept: look for odd characters, or try again if somebody else changed the account."
        return [Fate(pair[0], REJECTED, problem=problem)]


def saved(good: Sequence[Pair], options: Options) -> list[Fate]:
    batch = Batch(Accounts([told for _, told in good]), options)
    results = [(row, *batch.take(told)) for row, told in good]
    batch.save()
    return [
        Fate(row, state, account=account.pk if account else None, problem=why)
        for row, state, account, why in results
    ]


class Batch:
    """Accounts that are to be saved together."""

    def __init__(self, known: Accounts, options: Options) -> None:
        self.known, self.options = known, options
        self.new: list[Account] = []
        self.changed: dict[int, Account] = {}
        self.parents: list[tuple[Account, Account]] = []
        self.domains: list[tuple[Account, str]] = []

    def take(self, told: Told) -> tuple[str, Account | None, str]:
        """The row's state, its account, and what is wrong with it."""
        try:
            return self.taken(told)
        except BadRow as bad:
            return REJECTED, None, str(bad)
        except ValidationError as error:
            return REJECTED, None, said(error)

    def taken(self, told: Told) -> tuple[str, Account | None, str]:
        found = self.known.find(told)
        if found is None and not told.name:
            raise BadRow("There is no such account, and a new one needs a name.")
        account = found or Account(name=told.name)
        changes = self.changes(account, told)
        parent = self.parent(account, told)
        domains = self.own_domains(account, told)
        draft = copy(account)
        for name, value in changes.items():
            setattr(draft, name, value)
        draft.clean_fields(exclude=["parent", "owner"])
        for name in changes:
            setattr(account, name, getattr(draft, name))
        self.domains += [(account, one) for one in domains]
        self.known.of(account).update(domains)
        self.known.note(account)
        if parent is not None:
            self.parents.append((account, parent))
            self.known.put_below(account, parent)
        if found is None:
            self.new.append(account)
            return IMPORTED, account, ""
        if account.pk is not None and (changes or parent):
            self.changed[account.pk] = account
        return (UPDATED if changes or domains or parent else KNOWN), account, ""

    def changes(self, account: Account, told: Told) -> dict[str, Any]:
        wanted = {"name": told.name, "external_id": told.external_id, **told.values}
        return {name: value for name, value in wanted.items() if value not in ("", getattr(account, name))}

    def parent(self, account: Account, told: Told) -> Account | None:
        """The one to put above it; None when nothing is to be done. Raises BadRow."""
        if not (told.parent or told.parent_id):
            return None
        parent = self.known.parent_of(told)
        if parent is None:
            if is_expected(told, self.options):
                return None
            name = told.parent or told.parent_id
            raise BadRow(f"parent: there is no account “{name}”, and no good row of this file makes one.")
        if parent is account or self.known.lies_above(account, parent):
            raise BadRow(f"parent: “{parent}” lies below this account, or is it. Choose another one.")
        return parent if account.pk is None or parent.pk is None or account.parent_id != parent.pk else None

    def own_domains(self, account: Account, told: Told) -> list[str]:
        """Those that are new to it. Raises BadRow."""
        has = self.known.of(account)
        for one in told.domains:
            if (other := self.known.taken(one, account)) is not None:
                raise BadRow(f"domains: “{one}” is a domain of “{other}” already: take it away there first.")
        new = [one for one in told.domains if one not in has]
        if told.website and told.website not in (*has, *new) and not self.known.taken(told.website, account):
            new.append(told.website)
        return new

    def save(self) -> None:
        Account.objects.bulk_create(self.new, batch_size=500)
        for account, parent in self.parents:
            account.parent = parent
            self.changed[account.pk] = account
        Account.objects.bulk_update(self.changed.values(), FIELDS, batch_size=500)
        AccountDomain.objects.bulk_create(
            [AccountDomain(account=account, domain=domain) for account, domain in self.domains]
        )


def is_expected(told: Told, options: Options) -> bool:
    """Whether a row of the file makes the parent: a dry run does not find it here."""
    return options.dry and (
        options.expected is None or any(key in options.expected for key in names_of_parent(told))
    )
