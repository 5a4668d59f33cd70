"""Why it was somebody's turn, in words that reps understand. Says nothing that the books do not bear out."""

from __future__ import annotations

from decimal import Decimal

from leadrouting.engine.portions import in_words
from leadrouting.engine.roster import LEAD, AbsencePolicy, Roster, Rotation, Strategy, Why
from leadrouting.engine.rotation import take_turn
from leadrouting.engine.sentences import Names, join
from leadrouting.engine.verdict import Table, Tried, Verdict
from leadrouting.engine.words import SHOWN

AMONG = {
    Strategy.LEAST_LOADED: " among those with the fewest open conversations",
    Strategy.LEAST_UTILISED: " among those with the smallest share of their limit in use",
}


def whose_turn(won: Tried, roster: Roster, names: Names) -> str:
    """`Lena Brandt was owed 0.75 of a lead, the most.`, and the share where it was not full.
    Empty where there was nobody else to choose."""
    said = turn_of(won, roster, names)
    share = shares(roster).get(won.picked or 0)
    return f"{said} {names.rep(won.picked or 0)}: {share}." if said and share else said


def shares(roster: Roster) -> dict[int, str]:
    """By rep whose share of the pool was not full, how large it was and why."""
    return {member.rep: in_words(member.parts) for member in roster.members if member.parts}


def share_lines(verdict: Verdict, table: Table, names: Names) -> list[str]:
    """A line for each who takes turns in a pool that was asked, and has no full share there."""
    pools = {tried.id for tried in verdict.tried if tried.roster is not None}
    found = {rep: said for pool in sorted(pools) for rep, said in shares(table.rosters[pool]).items()}
    lines = [f"{names.rep(rep)}: {said}." for rep, said in found.items()]
    return lines if len(lines) <= SHOWN else [*lines[:SHOWN], f"And {len(lines) - SHOWN} others."]


def turn_of(won: Tried, roster: Roster, names: Names) -> str:
    others = won.reasons.get(Why.NOT_THEIR_TURN, ())
    if not others or won.picked is None:
        return ""
    owed = owed_before_choice(won, roster)
    if owed is None:
        return ""
    picked, name = owed[won.picked], names.rep(won.picked)
    among = AMONG.get(won.strategy or Strategy.ROUND_ROBIN, "")
    if all(owed[other] < picked for other in others):
        return f"{name} was owed {leads(picked)}, the most{among}."
    weights = {member.rep: member.weight for member in roster.members}
    equals = [other for other in others if owed[other] == picked and weights[other] == weights[won.picked]]
    if equals and max(owed.values()) == picked and all(owed[rep] < picked for rep in {*others} - {*equals}):
        shared = join([names.rep(other) for other in equals])
        return f"{name} was owed {leads(picked)}, as much as {shared}{among}, and stands first in the pool."
    if is_the_soonest(won.picked, owed, weights, len(roster.members)):
        return (
            f"{name} was owed {leads(picked)}: with a weight of {weights[won.picked]} that would have grown "
            f"to more than a whole lead the soonest{among}."
        )
    return f"It was the turn of {name}, who was owed {leads(picked)}{among}."


def is_the_soonest(rep: int, owed: dict[int, int], weights: dict[int, int], size: int) -> bool:
    """Whether nobody else's credit would have gone beyond its bound sooner; see `engine.rotation`."""
    scale = 2 * size - 2
    left = {one: (LEAD * (scale - 1) - scale * credit) / weights[one] for one, credit in owed.items()}
    return all(left[rep] < left[other] for other in left if other != rep)


def owed_before_choice(won: Tried, roster: Roster) -> dict[int, int] | None:
    """By rep who could take the lead, what each was owed with this lead shared out; None if the books say other."""
    running = {won.picked, *won.reasons.get(Why.NOT_THEIR_TURN, ())}
    if not running <= roster.rep_set or len(won.credits) != len(roster.reps):
        return None
    books = Rotation(0, won.rest, dict(zip(roster.reps, won.credits, strict=True)))
    eligible = [member for member in roster.members if member.rep in running]
    by_load = won.strategy is not None and won.strategy.by_load
    absence = AbsencePolicy.FORFEIT if by_load else None
    if take_turn(books, roster, eligible, absence) != won.picked:
        return None
    books.credits[won.picked] += LEAD
    return {rep: books.credits[rep] for rep in running if rep is not None}


def leads(credit: int) -> str:
    """Credit in units of 1/LEAD, as leads with up to two decimals."""
    amount = (Decimal(credit) / LEAD).quantize(Decimal("0.01")).normalize()
    if amount == 1:
        return "one lead"
    return f"{amount:f} of a lead" if abs(amount) < 1 else f"{amount:f} leads"
