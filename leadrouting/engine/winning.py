"""Win rates that luck does not carry away, and the weights that follow from them.

A rep's rate is the mean of a beta-binomial posterior: as if the rep had, beside the own deals, closed `prior`
deals at the pool's own rate. So a rate from few deals lies close to the pool's, and one from many close to the
rep's: three of three is good news, sixty of a hundred is better. The idea is that of empirical Bayes: B. Efron
and C. Morris, "Data analysis using Stein's estimator and its generalizations", Journal of the American
Statistical Association 70 (1975), 311-319; G. Casella, "An introduction to empirical Bayes data analysis", The
American Statistician 39 (1985), 83-87. The strength of the prior is set by people, not estimated: it must be
possible to say what it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Record:
    """Deals won, and deals won or lost."""

    won: int = 0
    closed: int = 0

    @property
    def rate(self) -> Fraction | None:
        return Fraction(self.won, self.closed) if self.closed else None


def shrunk(own: Record, pool: Record, prior: int) -> Fraction | None:
    """The own rate drawn towards the pool's as by `prior` deals (at least one); None while the pool has none."""
    mean = pool.rate
    return None if mean is None else (own.won + prior * mean) / (own.closed + prior)


def factor(own: Record, pool: Record, prior: int, floor: int, ceiling: int) -> int:
    """What the weight is multiplied by, in whole percent: the shrunk rate against the pool's, within the limits
    (`floor` <= 100 <= `ceiling`). 100 while the pool has won nothing."""
    rate = shrunk(own, pool, prior)
    if not rate or not pool.rate:
        return 100
    return min(ceiling, max(floor, round(100 * rate / pool.rate)))
