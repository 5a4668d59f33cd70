"""How much a rep carries, in a few words for wherever a rep is named."""

from __future__ import annotations

from django.utils.translation import gettext as _

from leadrouting.teams.models import Rep


def room(rep: Rep | None) -> str:
    """`4 of 20 open`, or `4 open` where there is no limit; empty for nobody. Wants `load` read along."""
    if not rep:
        return ""
    load = getattr(rep, "load", None)
    carried = load.open if load else 0
    if rep.max_open:
        return _("{number} of {most} open").format(number=carried, most=rep.max_open)
    return _("{number} open").format(number=carried)
