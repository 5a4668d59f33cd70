"""What tests of repeats share: a lead that was lost, and its person who enquires again."""

from datetime import timedelta

from leadrouting.assignments import ownership
from leadrouting.assignments.explaining import sentences
from leadrouting.assignments.models import Decision
from leadrouting.assignments.replaying import differences
from leadrouting.assignments.services import route
from leadrouting.leads.models import Lead
from leadrouting.leads.services import receive_lead
from tests import world

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
LATER = world.NOON + 10 * DAY


def lost(*, owner, reason="Too expensive", email="jane@example.com", **values) -> Lead:
    lead = receive_lead(now=world.NOON, email=email, **values).lead
    route(lead.pk, now=world.NOON)
    ownership.close(lead_id=lead.pk, by=owner.user, outcome="lost", reason=reason, now=world.NOON)
    return lead


def lost_from_intake(**values) -> Lead:
    lead = receive_lead(now=world.NOON, email="jane@example.com", **values).lead
    ownership.close(lead_id=lead.pk, by=world.user(role="ops"), outcome="lost", now=world.NOON)
    return lead


def again(now=LATER, email="jane@example.com", **values):
    return receive_lead(now=now, email=email, **values)


def why(lead: Lead) -> str:
    newest = lead.decisions.first()
    return sentences([newest])[newest.pk]


def replays() -> None:
    assert list(differences(Decision.objects.all())) == []
