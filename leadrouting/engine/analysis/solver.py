"""Satisfiability over variables with few values: unit propagation and backtracking, counted in steps.

The procedure of Davis, Putnam, Logemann and Loveland (1962), with domains as bit masks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from leadrouting.engine.analysis.formula import Clause

Domains = list[int]  # by variable, the mask of the values that are left


class SpentError(Exception):
    """The budget was spent before the question was decided."""


class Solver:
    """Decides questions within a budget of steps; a step is one look at one clause.

    No question gets more than a fair share of the whole budget, so that one hard rule does not leave the
    others undecided.
    """

    SHARE = 20

    def __init__(self, full: Domains, budget: int) -> None:
        self.full = full
        self.left = budget
        self._most = max(budget // self.SHARE, 1)
        self._floor = 0

    def ask(self) -> None:
        """A new question begins. Raises `SpentError` when nothing is left."""
        self._floor = max(self.left - self._most, 0)

    def solve(self, clauses: Sequence[Clause], start: Domains | None = None) -> Domains | None:
        """Domains whose every choice of values satisfies all clauses; None when no values do. May raise SpentError."""
        return self._search(list(start or self.full), list(clauses))

    def propagate(self, domains: Domains, clauses: Iterable[Clause]) -> list[Clause] | None:
        """Narrow the domains by what follows at once. The clauses that are open still; None when none can hold."""
        pending = list(clauses)
        narrowed = True
        while narrowed:
            narrowed = False
            self.left -= len(pending) + 1
            if self.left <= self._floor:
                raise SpentError
            waiting = []
            for clause in pending:
                open_ = 0
                for variable, values in clause:
                    domain = domains[variable]
                    met = domain & values
                    if met == domain:
                        break
                    if met:
                        open_ += 1
                        unit, unit_domain = variable, met
                else:
                    if not open_:
                        return None
                    if open_ == 1:
                        domains[unit] = unit_domain
                        narrowed = True
                    else:
                        waiting.append(clause)
            pending = waiting
        return pending

    def _search(self, domains: Domains, clauses: list[Clause]) -> Domains | None:
        """1. Propagate. 2. Take the clause with the fewest ways left. 3. Try its loosest, then without it."""
        waiting = self.propagate(domains, clauses)
        if not waiting:
            return domains if waiting is not None else None
        narrow = min(waiting, key=lambda clause: sum(1 for var, values in clause if domains[var] & values))
        variable, values = max(narrow, key=lambda literal: _share(domains[literal[0]], literal[1]))
        without = list(domains)
        domains[variable] &= values
        found = self._search(domains, waiting)
        if found is not None:
            return found
        without[variable] &= ~values
        return self._search(without, waiting)


def _share(domain: int, values: int) -> float:
    """The part of the domain that a literal leaves."""
    return (domain & values).bit_count() / domain.bit_count()
