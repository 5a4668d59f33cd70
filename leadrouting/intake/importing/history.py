"""What became of leads of the past: whose they were, and how they ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from leadrouting.engine.values import fold
from leadrouting.intake.importing.errors import BadRow
from leadrouting.intake.importing.numbers import amount
from leadrouting.intake.synonyms import CLOSED, OUTCOME, OWNER, REASON, REVENUE
from leadrouting.leads.enums import Status
from leadrouting.teams.models import Rep

WORDS = {
    Status.WON: "won; closed won; converted; closed converted; gewonnen; gagne; ganado; ganada; ganho; vinto; customer",
    Status.LOST: "lost; closed lost; closed not converted; unqualified; verloren; perdu; perdido; perdida; perso; "
    "disqualified; bad timing",
    Status.JUNK: "junk; spam; invalid; test",
    "": "open; new; open not contacted; working; working contacted; in progress; contacted; connected; attempted; "
    "nurturing; offen; neu; ouvert; nouveau; abierto; nuevo; aberto; novo; aperto; nuovo; lead; qualified; "
    "marketing qualified lead; sales qualified lead; opportunity; accepted; assigned; queued; received; meeting; "
    "open deal; attempted to contact; subscriber",
}
MEANT = {word.strip(): outcome for outcome, words in WORDS.items() for word in words.split(";")}


@dataclass(frozen=True, slots=True)
class Given:
    """`owner`: a rep's user name, e-mail or name, as written. `closed_at` in UTC."""

    owner: str
    outcome: str
    closed_at: datetime | None
    revenue: Decimal | None
    reason: str


def given(told: Mapping[str, str], read: Callable[[str, str], datetime], now: datetime) -> Given | None:
    """None when the row says nothing of the kind. Raises BadRow."""
    if not any(told.values()):
        return None
    said = told.get(OUTCOME, "")
    outcome = MEANT.get(" ".join(fold(said).replace("-", " ").split())) if said else ""
    if outcome is None:
        raise BadRow(f"{OUTCOME}: “{said[:60]}” is none: write won, lost, junk or open.")
    closed_at = read(told[CLOSED], CLOSED) if told.get(CLOSED) else None
    if closed_at is not None and closed_at > now:
        raise BadRow(f"{CLOSED} lies in the future.")
    try:
        revenue = amount(told[REVENUE]) if told.get(REVENUE) else None
    except ValueError:
        raise BadRow(f"{REVENUE}: “{told[REVENUE][:60]}” is no amount. Write it like 1250.00.") from None
    if revenue is not None and not 0 <= revenue < 10**12:
        raise BadRow(f"{REVENUE}: write an amount from 0 to 999,999,999,999.")
    if outcome == Status.WON and revenue is None:
        revenue = Decimal(0)
    return Given(told.get(OWNER, ""), outcome, closed_at, revenue, told.get(REASON, ""))


class Owners:
    """Active reps by user name, e-mail and name. One query."""

    def __init__(self) -> None:
        self._found: dict[str, set[int]] = {}
        rows = Rep.objects.filter(is_active=True).values_list(
            "pk", "user__username", "user__email", "user__name"
        )
        for pk, *names in rows:
            for name in filter(None, names):
                self._found.setdefault(fold(name), set()).add(pk)

    def named(self, name: str) -> int:
        """Raises BadRow."""
        found = self._found.get(fold(name), set())
        if len(found) == 1:
            return next(iter(found))
        if found:
            raise BadRow(f"{len(found)} reps are called “{name}”: write the user name or e-mail address.")
        raise BadRow(f"owner: there is no active rep “{name}”. Write the name, user name or e-mail address.")
