"""Who may not be written to, whatever the lead."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from leadrouting.leads.models import Lead
from leadrouting.notifications.models import Dispatch, Enrolment, OptOut
from leadrouting.notifications.sending import UNWANTED, withdraw
from leadrouting.notifications.sequences.stopping import stop
from leadrouting.notifications.unwanted import opted_out
from leadrouting.teams.models import User


def addresses_of(lead: Lead) -> list[str]:
    return [one for one in (lead.email, lead.phone) if one]


def with_refusals(leads: QuerySet[Lead]) -> QuerySet[Lead]:
    """Each with `do_not_contact`: whether one of its addresses is on the list. Asked in the query that reads them."""
    out = OptOut.objects.filter(address__in=[OuterRef("email"), OuterRef("phone")])
    return leads.annotate(do_not_contact=Exists(out))


@transaction.atomic
def opt_out(addresses: Iterable[str], *, how: str, now: datetime, by: User | None = None) -> int:
    """Returns how many are new. What has not left yet does not, and nothing more follows by itself."""
    wanted = sorted({one for one in addresses if one})
    known = opted_out(wanted)
    rows = [OptOut(address=one, at=now, how=how[:200], by=by) for one in wanted if one not in known]
    OptOut.objects.bulk_create(rows, ignore_conflicts=True)
    unsent = Dispatch.objects.filter(address__in=wanted, message__recipient=None)
    withdraw(unsent, UNWANTED)
    stop(Enrolment.objects.filter(lead__email__in=wanted), UNWANTED, now)
    return len(rows)


def opt_in(addresses: Iterable[str]) -> int:
    return OptOut.objects.filter(address__in=list(addresses)).delete()[0]
