"""How much a rep carries, in a few words for wherever a rep is named."""

from __future__ import annotations

from leadrouting.teams.models import Rep


def room(rep: Rep | None) -> str:
    """`4 of 20 open`, or `4 open` where there is no limit; empty for nobody. Wants `load` read along."""
    if not rep:
        return ""
    load = getattr(rep, "load", None)
    carried = load.open if load else 0
    return f"{carried} of {rep.max_open} open" if rep.max_open else f"{carried} open"
