"""Equal enquiries in the same moment, one by one and many at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from leadrouting.assignments.merging import merge
from leadrouting.assignments.models import Load
from leadrouting.leads.bulk import Enquiry, receive_many
from leadrouting.leads.models import Activity, Lead
from leadrouting.leads.services import receive_lead
from tests import world
from tests.leads.repeating import LATER, again, lost

pytestmark = pytest.mark.django_db


@pytest.mark.django_db(transaction=True)
def test_one_by_one_and_many_at_once_at_the_same_instant_make_one_lead():
    ann = world.rep()
    world.live(ann)

    def enquire(number: int) -> int:
        values = {"email": "jane@example.com", "phone": "+49301234567"}
        other = {"email": f"o{number}@example.com"}
        try:
            if number % 2:
                return receive_lead(now=world.NOON, **values).created
            rows = [values, other, {"phone": "+49301234567"}]
            answers = receive_many([Enquiry(row, world.NOON) for row in rows[:: (-1) ** (number // 2)]])
            return sum(one.created for one in answers) - 1
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as threads:
        created = list(threads.map(enquire, range(20)))

    assert sum(created) == 1
    assert Lead.objects.filter(email="jane@example.com").count() == 1
    assert Activity.objects.filter(kind="enquiry").count() == 10 + 2 * 10 - 1


@pytest.mark.django_db(transaction=True)
def test_reopened_once_at_the_same_instant():
    ann = world.rep()
    world.live(ann)
    lead = lost(owner=ann)

    def enquire(number: int) -> bool:
        try:
            if number % 2:
                return again().reopened
            (got,) = receive_many([Enquiry({"email": "jane@example.com"}, LATER)])
            return got.reopened
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as threads:
        reopened = list(threads.map(enquire, range(20)))
    assert sum(reopened) == 1
    lead.refresh_from_db()
    assert lead.owner == ann
    assert Load.objects.get(rep=ann).open == 1


@pytest.mark.django_db(transaction=True)
def test_whoever_enquires_while_leads_are_merged_is_heard_by_the_kept_one():
    ann, ops = world.rep(), world.user(role="ops")
    world.live(ann)
    kept, other = (receive_lead(now=world.NOON, email=f"{name}@example.com").lead for name in "ab")

    def enquire(number: int) -> int:
        try:
            if number == 3:
                return merge(kept_id=kept.pk, other_id=other.pk, by=ops, now=world.NOON) and 0
            if number % 2:
                return receive_lead(now=world.NOON, email="b@example.com").created
            (got,) = receive_many([Enquiry({"email": "b@example.com"}, world.NOON)])
            return got.created
        finally:
            connections.close_all()

    with ThreadPoolExecutor(12) as threads:
        created = list(threads.map(enquire, range(24)))
    assert sum(created) == 0
    assert kept.activities.filter(kind="enquiry").count() == 23
    assert not other.activities.exists()
