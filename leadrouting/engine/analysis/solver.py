"""Satisfiability over variables with few values: unit propagation and backtracking, counted in steps.

The procedure of Davis, Putnam, Logemann and Loveland (1962), with domains as bit masks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from leadrouting.engine.analysis.formula import Clause, Literal

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
        self.keep = 0  # steps kept back for later questions
        self._budget = budget
        self._floor = 0

    def ask(self, share: int = SHARE) -> None:
        """A new question begins, which gets one part in `share` of the budget, as far as that is left."""
        self._floor = max(self.left - max(self._budget // share, 1), self.keep)

    def solve(self, clauses: Sequence[Clause], start: Domains | None = None) -> Domains | None:
        """Domains whose every choice of values satisfies all clauses; None when no values do.

        1. Propagate. 2. Branch: try a literal, remember to try without it. 3. Nothing left to try: there are none.
        May raise `SpentError`.
        """
        pending = [(list(start or self.full), list(clauses))]
        while pending:
            domains, open_ = pending.pop()
            waiting = self.propagate(domains, open_)
            if waiting is None:
                continue
            if not waiting:
                return domains
            variable, values = _branch(domains, waiting)
            without = list(domains)
            without[variable] &= ~values
            domains[variable] &= values
            pending += [(without, waiting), (domains, waiting)]
        return None

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


def _branch(domains: Domains, waiting: list[Clause]) -> Literal:
    """What to try next: of the clause with the fewest ways left, the literal that leaves most."""
    narrow = min(waiting, key=lambda clause: sum(1 for var, values in clause if domains[var] & values))
    return max(narrow, key=lambda literal: _share(domains[literal[0]], literal[1]))


def _share(domain: int, values: int) -> float:
    """The part of the domain that a literal leaves."""
    return (domain & values).bit_count() / domain.bit_count()
