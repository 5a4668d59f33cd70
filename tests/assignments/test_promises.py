"""What the database refuses, whoever asks."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from leadrouting.assignments.models import Assignment, Decision, Load, Roster, Rotation
from leadrouting.leads.models import Lead
from leadrouting.rules.models import Version
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def owned() -> Lead:
    world.live(world.pool(world.rep("Ann"), world.rep("Ben")))
    lead = world.lead()
    lead.refresh_from_db()
    assert lead.owner is not None
    return lead


def decision_for(lead: Lead, rep: object) -> Decision:
    return Decision.objects.create(
        lead=lead, cause="reassign", decided_at=timezone.now(), rep=rep, facts={}, tried=[], engine_version=1
    )


def test_a_second_open_assignment_is_refused(owned):
    other = world.rep()
    with pytest.raises(IntegrityError, match=r"assignment_one_(open_owner|owner_ever)"):
        Assignment.objects.create(
            decision=decision_for(owned, other),
            lead=owned,
            rep=other,
            period=TimestamptzRange(timezone.now() + timedelta(days=1), None),
        )


def test_overlapping_history_is_refused(owned):
    start = owned.assignments.get().started_at
    with pytest.raises(IntegrityError, match="assignment_one_owner_ever"):
        Assignment.objects.create(
            decision=decision_for(owned, owned.owner),
            lead=owned,
            rep=owned.owner,
            period=TimestamptzRange(start, start + timedelta(seconds=1)),
            end="reassigned",
        )


def test_an_empty_period_is_refused(owned):
    with pytest.raises(IntegrityError, match="assignment_period_not_empty"):
        Assignment.objects.create(
            decision=decision_for(owned, owned.owner),
            lead=owned,
            rep=owned.owner,
            period=TimestamptzRange(empty=True),
        )


def test_the_owner_is_that_of_the_open_assignment(owned):
    other = world.rep()
    with pytest.raises(IntegrityError, match="not that of its open assignment"), transaction.atomic():
        Lead.objects.filter(pk=owned.pk).update(owner=other)
    with pytest.raises(IntegrityError, match="not that of its open assignment"), transaction.atomic():
        Assignment.objects.filter(lead=owned).update(rep=other)


def test_a_lead_is_owned_or_queued(owned):
    with pytest.raises(IntegrityError, match="lead_owned_or_queued"):
        Lead.objects.filter(pk=owned.pk).update(queue=world.intake())


def test_status_fits_the_owner(owned):
    with pytest.raises(IntegrityError, match="lead_status_fits_owner"):
        Lead.objects.filter(pk=owned.pk).update(status="queued")


def test_a_load_never_goes_below_zero(owned):
    with pytest.raises(IntegrityError, match="load_not_negative"):
        Load.objects.filter(rep=owned.owner).update(open=-1)


@pytest.mark.parametrize("model", [Roster, Decision])
def test_records_cannot_be_changed(owned, model):
    change = {"rep_ids": [1]} if model is Roster else {"facts": {"tier": "vip"}}
    with pytest.raises(IntegrityError, match="cannot be changed"):
        model.objects.update(**change)


def test_a_published_version_cannot_be_changed_or_deleted(owned):
    with pytest.raises(IntegrityError, match="publish a new one"):
        Version.objects.update(document={})
    with pytest.raises(IntegrityError, match="cannot be deleted"):
        Version.objects.all()._raw_delete(using="default")


def test_only_one_version_is_live(owned):
    live = Version.objects.get(is_live=True)
    with pytest.raises(IntegrityError, match="version_one_live"):
        Version.objects.create(
            rule_set=live.rule_set, number=9, document={}, published_at=timezone.now(), is_live=True
        )


def test_every_rep_and_pool_has_books_also_from_raw_sql():
    rep = world.rep()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO teams_pool (name, strategy, absence, catch_up_limit) VALUES ('Raw', 'round_robin', 'forfeit', 0)"
        )
    assert Load.objects.filter(rep=rep).exists()
    assert Rotation.objects.filter(pool__name="Raw").exists()
