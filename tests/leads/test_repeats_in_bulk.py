"""Many enquiries at once come to the same as one by one."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadrouting.assignments import ownership
from leadrouting.assignments.services import route
from leadrouting.leads.bulk import Enquiry, receive_many
from leadrouting.leads.models import Activity, Campaign, Lead
from leadrouting.leads.services import receive_lead
from tests import world

pytestmark = pytest.mark.django_db

SHOWN = (
    "name email phone external_id city is_repeat previous_owner status owner queue lost_reason tags".split()
)
people = st.fixed_dictionaries(
    {},
    optional={
        "email": st.sampled_from(["a@example.com", "b@example.com", "c@example.com"]),
        "phone": st.sampled_from(["+49301234567", "+49307654321"]),
        "external_id": st.sampled_from(["x1", "x2"]),
        "campaign": st.sampled_from(["usual", "open", "new", "unknown"]),
        "city": st.sampled_from(["Ulm", "Bonn"]),
        "company_size": st.sampled_from([3, "many"]),
        "tags": st.sampled_from([[], ["vip"]]),
    },
)


def enquiry(values: dict, day: int) -> Enquiry:
    return Enquiry({"name": "Somebody", **values}, world.NOON + timedelta(days=day))


days = st.integers(1, 60) | st.integers(80, 100)
rows = st.lists(st.builds(enquiry, people, days), max_size=8).map(
    lambda all: sorted(all, key=lambda one: one.at)
)
outcomes = st.lists(st.tuples(people, st.sampled_from(["open", "lost", "won", "junk"])), max_size=4)


class Undo(Exception):
    pass


def one_by_one(enquiries):
    answers = []
    for one in enquiries:
        try:
            answers.append(receive_lead(now=one.at, **one.values))
        except ValidationError as error:
            answers.append(error)
    return answers


def result(past, enquiries, receive, ann):
    """What the leads and their timelines are afterwards, told without keys."""
    try:
        with transaction.atomic():
            for values, outcome in past:
                try:
                    lead = receive_lead(now=world.NOON, **{"name": "Past", **values}).lead
                except ValidationError:
                    continue
                route(lead.pk, now=world.NOON)
                lead.refresh_from_db()
                if outcome != "open" and lead.is_open:
                    revenue = 1 if outcome == "won" else None
                    ownership.close(
                        lead_id=lead.pk, by=ann.user, outcome=outcome, now=world.NOON, revenue=revenue
                    )
            answers = receive(enquiries)
            leads = list(Lead.objects.order_by("pk"))
            numbers = {lead.pk: number for number, lead in enumerate(leads)}
            said = [
                one.message_dict
                if isinstance(one, ValidationError)
                else (one.created, one.reopened, numbers[one.lead.pk])
                for one in answers
            ]
            shown = [{name: str(getattr(lead, name)) for name in SHOWN} for lead in leads]
            entries = [
                (numbers[one.lead_id], one.kind, one.at, one.text, one.details)
                for one in Activity.objects.order_by("lead_id", "at", "kind", "text", "details")
            ]
            raise Undo
    except Undo:
        return said, shown, entries


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(past=outcomes, enquiries=rows)
def test_the_same_as_one_by_one(db, past, enquiries):
    with transaction.atomic():
        ann = world.rep("Ann")
        world.live(ann)
        for key, repeats in (("usual", "join"), ("open", "join_open"), ("new", "new")):
            Campaign.objects.create(key=key, name=key, repeats=repeats)
        together = result(past, enquiries, receive_many, ann)
        apart = result(past, enquiries, one_by_one, ann)
        transaction.set_rollback(True)
    assert together == apart
