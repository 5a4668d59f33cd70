"""A rep's share of a pool, and why it is not full, in words."""

from __future__ import annotations

from collections.abc import Sequence

from leadrouting.engine.roster import Part, share_of
from leadrouting.engine.words import join

NAMED = {0: "no share", 25: "quarter share", 50: "half share", 100: "full share"}


def portion(percent: int) -> str:
    return NAMED.get(percent, f"{percent} % share")


def size(parts: Sequence[Part]) -> str:
    """Of the weight, where win rates have a say: it may be more than a whole one."""
    percent = share_of(parts)
    by_wins = percent and any(part.kind == "win_rate" for part in parts)
    return f"{percent} % of the weight" if by_wins else portion(percent)


def why(part: Part) -> str:
    """`week 2 of the ramp-up`."""
    match part.kind:
        case "ramp":
            return f"week {part.level} of the ramp-up" if part.level else "the first day is still to come"
        case "quota":
            return f"{part.level} % of the quota reached"
        case "win_rate":
            return f"wins {part.level / 10:.1f} % of deals, with luck allowed for"
    return part.kind


def in_words(parts: Sequence[Part]) -> str:
    """`half share, week 2 of the ramp-up`; with several causes each has its own percentage. Empty for a full one."""
    if not parts:
        return ""
    share = size(parts)
    if len(parts) == 1:
        return f"{share}, {why(parts[0])}"
    return f"{share}: {join([f'{why(part)} ({part.percent} %)' for part in parts])}"
