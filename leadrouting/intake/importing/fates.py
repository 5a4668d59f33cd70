"""What becomes of rows: every row has exactly one fate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from leadrouting.intake.importing.files import Row
from leadrouting.intake.importing.history import Owners
from leadrouting.teams.models import User

IMPORTED, JOINED, UPDATED, KNOWN, REJECTED = "imported joined updated known rejected".split()


@dataclass(slots=True)
class Options:
    """`historical`: routed as of the day when each came, without clocks and messages. `by`: who enters owners and
    outcomes. Of accounts: `circles` says by line who lies above themselves in the file; `expected` are the names of
    those that the file makes, for a dry run, which keeps none (None: nobody has looked yet)."""

    now: datetime
    historical: bool = False
    routes: bool = True
    by: User | None = None
    owners: Owners | None = None
    dry: bool = False
    circles: dict[int, str] = field(default_factory=dict)
    expected: frozenset[str] | None = frozenset()

    def rep(self, name: str) -> int:
        """The active rep of this name. Raises BadRow."""
        self.owners = self.owners or Owners()
        return self.owners.named(name)


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a row, and the lead or account that it is about."""

    row: Row
    state: str
    lead: int | None = None
    problem: str = ""
    account: int | None = None


@dataclass(slots=True)
class Result:
    """Of a whole import: the numbers of its rows by their fate, the leads that are new, and the accounts that are new or
    changed."""

    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys((IMPORTED, JOINED, UPDATED, KNOWN, REJECTED), 0)
    )
    leads: list[int] = field(default_factory=list)
    accounts: list[int] = field(default_factory=list)
    problems: list[Fate] = field(default_factory=list)

    def add(self, fates: Sequence[Fate]) -> None:
        for fate in fates:
            self.counts[fate.state] += 1
            if fate.state == IMPORTED and fate.lead is not None:
                self.leads.append(fate.lead)
            if fate.state in (IMPORTED, UPDATED) and fate.account is not None:
                self.accounts.append(fate.account)
            if fate.problem:
                self.problems.append(fate)

    @property
    def read(self) -> int:
        return sum(self.counts.values())
