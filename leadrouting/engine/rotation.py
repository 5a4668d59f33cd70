"""Whose turn it is, by Tijdeman's rule for the chairman assignment problem.

R. Tijdeman, "The chairman assignment problem", Discrete Mathematics 32 (1980), 323-330. Everybody earns
their share of each lead as credit, and who takes a lead pays one lead. With n members the bound is
B = 1 - 1/(2n-2). Among those whose credit is at least 1/(2n-2) (who could pay without falling below -B)
the lead goes to the one whose credit would be the first to exceed B. So with fixed members and weights
every member's count stays within B, hence within less than one lead, of the exact share, at every prefix.

Weights are whole numbers. Shares in percent (of a ramp-up, of a quota) are multiplied in before, in the smallest
terms, so they cost no exactness; a weight of nought takes no turn and earns none. While weights stay, the bound
is B. Where they change (at a midnight, say) credits are carried over and nothing starts again: the bound then is
on the sum of what each lead's own weights gave, and as with people who come and go no constant one is proved;
the tests see it stay below two leads.

All arithmetic is in whole units, LEAD to a lead: nothing is ever rounded away, credits and rest sum to zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from leadrouting.engine.roster import LEAD, AbsencePolicy, Member, Roster, Rotation


def settle(rotation: Rotation, roster: Roster) -> None:
    """Fit the books to the roster: a leaver's credit goes to the rest, a joiner starts at zero."""
    credits = rotation.credits
    if credits.keys() == roster.rep_set:
        return
    rotation.rest += sum(credit for rep, credit in credits.items() if rep not in roster.rep_set)
    rotation.credits = {rep: credits.get(rep, 0) for rep in roster.reps}


def take_turn(
    rotation: Rotation, roster: Roster, eligible: Sequence[Member], absence: AbsencePolicy | None = None
) -> int:
    """Give one lead to one of `eligible` (members of the roster with a share, in its order, at least one); its rep.

    1. Settle leavers and joiners. 2. Share one lead and the rest out by weight among those who accrue:
    the eligible, and the others as `absence` (by default the roster's) says. 3. Choose. 4. The chosen pays.
    """
    settle(rotation, roster)
    credits = rotation.credits
    total = roster.total
    missing: Sequence[Member] = ()
    if len(eligible) < len(roster.members):
        missing = _accruing_absent(roster, eligible, absence or roster.absence)
        total = sum([member.weight for member in (*eligible, *missing)])
    unit, rest = divmod(LEAD + rotation.rest, total)
    for member in eligible:
        credits[member.rep] += member.weight * unit
    rep = _choose(credits, eligible, len(roster.members), total, rest)
    credits[rep] -= LEAD
    for member in missing:
        rest += _accrue(credits, member, unit, roster)
    rotation.rest = rest
    rotation.turns += 1
    return rep


def next_turns(
    rotation: Rotation, roster: Roster, n: int, eligible: Iterable[int] | None = None
) -> list[int]:
    """Who would take the next `n` leads if only `eligible` reps (by default all) could; changes nothing."""
    wanted = roster.rep_set if eligible is None else frozenset(eligible)
    members = [member for member in roster.members if member.rep in wanted and member.weight]
    if not members:
        return []
    draft = copy(rotation)
    return [take_turn(draft, roster, members) for _ in range(n)]


def give_back(rotation: Rotation, rep: int) -> None:
    """Undo the payment of a lead that did not count. The rest lends it: the next lead shares that much less out.

    Nothing moves for who has left the pool since: their credit is part of the rest already.
    """
    if rep in rotation.credits:
        rotation.credits[rep] += LEAD
        rotation.rest -= LEAD


def charge(rotation: Rotation, rep: int) -> None:
    """Undo `give_back`: the lead counts after all."""
    if rep in rotation.credits:
        rotation.credits[rep] -= LEAD
        rotation.rest += LEAD


def copy(rotation: Rotation) -> Rotation:
    """The same books on other paper."""
    return Rotation(rotation.turns, rotation.rest, dict(rotation.credits))


def _choose(credits: dict[int, int], eligible: Sequence[Member], size: int, total: int, rest: int) -> int:
    """Tijdeman's choice in a pool of `size` members; ties go to roster order.

    `total` is the weight that shared in this lead and `rest` what was indivisible, so that a member's exact
    credit is credit + weight * rest / total; it decides who is at the threshold. With fixed eligibility
    somebody always is. With members coming and going perhaps nobody: then everybody is in the running.
    """
    if len(eligible) == 1:
        return eligible[0].rep
    scale = 2 * size - 2
    bound, threshold = LEAD * (scale - 1), LEAD * total
    able = [m for m in eligible if scale * (credits[m.rep] * total + m.weight * rest) >= threshold]
    chosen, room, speed = -1, 0, 0
    for member in able or eligible:
        left, weight = bound - scale * credits[member.rep], member.weight
        if chosen < 0 or left * speed < room * weight:  # left / weight leads until it exceeds its bound
            chosen, room, speed = member.rep, left, weight
    return chosen


def _accruing_absent(roster: Roster, eligible: Sequence[Member], absence: AbsencePolicy) -> list[Member]:
    if absence == AbsencePolicy.FORFEIT:
        return []
    present = {member.rep for member in eligible}
    return [member for member in roster.members if member.rep not in present]


def _accrue(credits: dict[int, int], member: Member, unit: int, roster: Roster) -> int:
    """Credit a missed turn up to the limit; returns what is above it, for the rest."""
    before, gain = credits[member.rep], member.weight * unit
    after = before + gain
    if roster.absence == AbsencePolicy.CATCH_UP_LIMITED:
        after = min(after, max(before, roster.catch_up_limit * LEAD))
    credits[member.rep] = after
    return before + gain - after
