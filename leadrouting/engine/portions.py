"""A rep's share of a pool, and why it is not full, in words."""

from __future__ import annotations

from collections.abc import Sequence

from leadrouting.engine.roster import Part, share_of
from leadrouting.engine.words import join

NAMED = {0: "no share", 25: "quarter share", 50: "half share", 100: "full share"}


def portion(percent: int) -> str:
    return NAMED.get(percent, f"{percent} % share")


def why(part: Part) -> str:
    """`week 2 of the ramp-up`."""
    match part.kind:
        case "ramp":
            return f"week {part.level} of the ramp-up" if part.level else "the first day is still to come"
        case "quota":
            return f"{part.level} % of the quota or more reached"
        case "win_rate":
            return f"wins {part.level / 10:.1f} % of deals, with luck allowed for"
    return part.kind


def in_words(parts: Sequence[Part]) -> str:
    """`half share, week 2 of the ramp-up`; with several causes each has its own percentage. Empty for a full one."""
    if not parts:
        return ""
    if len(parts) == 1:
        return f"{portion(share_of(parts))}, {why(parts[0])}"
    return f"{portion(share_of(parts))}: {join([f'{why(part)} ({part.percent} %)' for part in parts])}"
