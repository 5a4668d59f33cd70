"""How a pool picks among its eligible members: a pick names the rep, and a reason for each of the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from leadrouting.engine.roster import AbsencePolicy, Load, Member, Roster, Rotation, Strategy, Why
from leadrouting.engine.rotation import take_turn

NO_LOAD = Load()


@dataclass(frozen=True, slots=True)
class Pick:
    """`reasons` covers everyone who was eligible and not picked, grouped by cause."""

    rep: int
    reasons: dict[str, tuple[int, ...]]


def round_robin(
    roster: Roster, eligible: Sequence[Member], rotation: Rotation, loads: Mapping[int, Load]
) -> Pick:
    """Whose turn it is, by weight; missed turns are as the roster's absence policy says."""
    rep = take_turn(rotation, roster, eligible)
    return Pick(rep, _others(Why.NOT_THEIR_TURN, eligible, rep))


def least_loaded(
    roster: Roster, eligible: Sequence[Member], rotation: Rotation, loads: Mapping[int, Load]
) -> Pick:
    """The fewest open conversations; weights do not count, except among those who tie.

    A tie is a turn of the rotation among those who tie, as if all others forfeited it. So the rotation's
    books are kept here too, stay as small as under round robin (who is alone in front earns a lead and
    pays it), and a pool that changes its strategy restarts nothing. The absence policy does not apply:
    who comes back with less open catches up by that alone. On half a share a conversation counts as two.
    """
    opens = [loads.get(member.rep, NO_LOAD).open * 100 / member.share for member in eligible]
    return _least(opens, Why.MORE_LOADED, roster, eligible, rotation)


def least_utilised(
    roster: Roster, eligible: Sequence[Member], rotation: Rotation, loads: Mapping[int, Load]
) -> Pick:
    """The smallest share of the cap on open conversations in use; ties as under `least_loaded`.

    Who has no cap is measured by the largest in the pool; where nobody has one, conversations are compared.
    On half a share the cap counts as half. A quotient of whole numbers is rounded to the nearest float, so equal shares are equal floats everywhere.
    """
    largest = max((member.max_open or 0 for member in roster.members), default=0) or 1
    shares = [
        (loads.get(member.rep, NO_LOAD).open * 100)
        / (member.share * (largest if member.max_open is None else max(1, member.max_open)))
        for member in eligible
    ]
    return _least(shares, Why.MORE_UTILISED, roster, eligible, rotation)


def _least(
    burdens: Sequence[float], why: Why, roster: Roster, eligible: Sequence[Member], rotation: Rotation
) -> Pick:
    """A turn among those with the smallest burden."""
    fewest = min(burdens)
    tied = [member for member, count in zip(eligible, burdens, strict=True) if count == fewest]
    rep = take_turn(rotation, roster, tied, AbsencePolicy.FORFEIT)
    reasons = _others(Why.NOT_THEIR_TURN, tied, rep)
    if len(tied) < len(eligible):
        more = tuple([m.rep for m, count in zip(eligible, burdens, strict=True) if count > fewest])
        reasons[why] = more
    return Pick(rep, reasons)


STRATEGIES: dict[Strategy, Callable[[Roster, Sequence[Member], Rotation, Mapping[int, Load]], Pick]] = {
    Strategy.ROUND_ROBIN: round_robin,
    Strategy.LEAST_LOADED: least_loaded,
    Strategy.LEAST_UTILISED: least_utilised,
    Strategy.CAPACITY: round_robin,
    Strategy.PERFORMANCE: round_robin,
}


def _others(why: Why, members: Sequence[Member], rep: int) -> dict[str, tuple[int, ...]]:
    return {why: tuple([m.rep for m in members if m.rep != rep])} if len(members) > 1 else {}
