"""Which territory a lead belongs to, and who owns it at an instant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import md5
from threading import Lock
from typing import NamedTuple

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from leadrouting.common.memory import uncollected
from leadrouting.engine.territories.compile import Compiled
from leadrouting.engine.territories.nodes import Node, Spot, chain, spot
from leadrouting.engine.territories.postal import Area
from leadrouting.engine.values import fold
from leadrouting.teams.models import Territory

COLUMNS = "id code parent_id countries regions postal_areas industries size_from size_to accounts".split()
SUM = f"md5(ROW({', '.join(f'teams_territory.{name}' for name in COLUMNS)})::text)"
DIGEST = f"SELECT md5(coalesce(string_agg({SUM}, '' ORDER BY id), '')) FROM teams_territory"  # noqa: S608
PEOPLE = (
    "code",
    "name",
    "owner",
    "pool",
    "backup",
    "terms__rep",
    "terms__pool",
    "terms__valid_from",
    "terms__valid_until",
)


@dataclass(frozen=True, slots=True)
class Term:
    """A rep or a pool owns a territory from `start` until `end` (UTC; None: for good)."""

    start: datetime
    end: datetime | None
    rep: int | None
    pool: int | None = None

    def holds(self, now: datetime) -> bool:
        return self.start <= now and (self.end is None or now < self.end)


class Holder(NamedTuple):
    """The owner of the territory `code`: a rep or a pool."""

    code: str
    rep: int | None
    pool: int | None = None


@dataclass(frozen=True, slots=True)
class Tree:
    """The compiled tree, and the codes from the root down to every node, also to those that hold nothing."""

    compiled: Compiled
    paths: Mapping[str, tuple[str, ...]]
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Atlas:
    """The tree with its people, by the codes of territories."""

    tree: Tree
    owners: Mapping[str, Holder]
    backups: Mapping[str, int]
    terms: Mapping[str, Sequence[Term]]
    names: Mapping[str, str]

    @property
    def paths(self) -> Mapping[str, tuple[str, ...]]:
        return self.tree.paths

    def match(self, at: Spot) -> tuple[str, ...]:
        """The codes from the root to the most specific territory that holds the lead; empty when none does."""
        return self.tree.compiled.match(at)

    def path(self, country: str, region: str) -> tuple[str, ...]:
        """The same for a lead of which only these are known."""
        return self.match(spot(country, region))

    def holder_of(self, code: str, now: datetime) -> Holder | None:
        """Who owns just this territory: somebody for a time, else the standing owner."""
        for term in self.terms.get(code, ()):
            if term.holds(now):
                return Holder(code, term.rep, term.pool)
        return self.owners.get(code)

    def holder(self, path: Sequence[str], now: datetime) -> Holder | None:
        """The owner of the deepest territory on this path that has one."""
        found = (self.holder_of(code, now) for code in reversed(path))
        return next((holder for holder in found if holder is not None), None)


def atlas() -> Atlas:
    """Two queries, three when the tree itself has changed since this process read it."""
    owners: dict[str, Holder] = {}
    backups: dict[str, int] = {}
    terms: dict[str, list[Term]] = {}
    names: dict[str, str] = {}
    rows = Territory.objects.order_by().values_list(*PEOPLE)
    for code, name, owner, pool, backup, term_rep, term_pool, start, end in rows:
        names[code] = name
        if owner or pool:
            owners[code] = Holder(code, owner, pool)
        if backup:
            backups[code] = backup
        if term_rep or term_pool:
            terms.setdefault(code, []).append(Term(start, end, term_rep, term_pool))
    return Atlas(
        tree=tree(),
        owners=owners,
        backups=backups,
        terms=terms,
        names=names,
    )


_latest: tuple[str, Tree] | None = None
_reading = Lock()


def tree() -> Tree:
    """Compiled once for a digest of its rows: people come and go far more often than places do.

    One thread at a time: those whose leads come meanwhile wait for the tree that is being compiled.
    """
    global _latest
    with _reading:
        with connection.cursor() as cursor:
            cursor.execute(DIGEST)
            (digest,) = cursor.fetchone()
        if _latest is None or _latest[0] != digest:
            with uncollected():
                _latest = read_tree()
        return _latest[1]


def read_tree() -> tuple[str, Tree]:
    """The tree with the digest of just the rows that it is made from. One query."""
    rows = list(territories().annotate(sum=RawSQL(SUM, ())))  # noqa: S611  names of columns only
    digest = md5("".join([row.sum for row in rows]).encode(), usedforsecurity=False).hexdigest()
    return digest, replace(made_from(nodes_of(rows)), digest=digest)


def made_from(nodes: Sequence[Node]) -> Tree:
    by_code = {node.code: node for node in nodes}
    paths = {node.code: tuple([one.code for one in chain(node, by_code)]) for node in nodes}
    return Tree(Compiled(nodes), paths)


def nodes() -> list[Node]:
    """All territories as the engine takes them. One query."""
    return nodes_of(territories())


def territories() -> QuerySet[Territory]:
    return Territory.objects.select_related("parent").order_by("id")


def nodes_of(rows: Iterable[Territory]) -> list[Node]:
    return [node_of(row) for row in rows]


def node_of(row: Territory) -> Node:
    return Node(
        code=row.code,
        parent=row.parent.code if row.parent is not None else None,
        countries=frozenset(country.upper() for country in row.countries),
        regions=frozenset(region.upper() for region in row.regions),
        areas=frozenset(area_of(stored) for stored in row.postal_areas),
        industries=frozenset(fold(industry) for industry in row.industries),
        size_from=row.size_from,
        size_to=row.size_to,
        accounts=frozenset(account.lower() for account in row.accounts),
    )


def area_of(stored: str) -> Area:
    parts = stored.split(":")
    return Area(parts[0], parts[1], parts[-1])


def stored(area: Area) -> str:
    """The other way round."""
    return ":".join([area.country, *dict.fromkeys([area.low, area.high])])
