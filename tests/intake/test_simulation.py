"""The simulator: a heap of events and chance from a seed; history lived through the real services."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from django.db import transaction
from django.db.models import Count

from leadrouting.analytics.models import RebalanceReport
from leadrouting.assignments.models import Assignment, Decision, Load
from leadrouting.intake.packs import load_pack, read_pack
from leadrouting.intake.simulation.agenda import Agenda
from leadrouting.intake.simulation.history import make_history
from leadrouting.intake.simulation.live import Rate, Traffic
from leadrouting.intake.simulation.manners import Manner, answer, deal
from leadrouting.intake.simulation.market import Market
from leadrouting.intake.simulation.own import still_defined
from leadrouting.leads.attributes import definitions
from leadrouting.leads.enums import WORKED
from leadrouting.leads.models import Attribute, Lead
from leadrouting.leads.services import receive_lead
from leadrouting.notifications.models import Message
from leadrouting.sla.models import Clock

UNTIL = datetime(2026, 3, 4, 15, tzinfo=UTC)
PACK = read_pack("software")


def test_the_agenda_gives_out_events_in_order_of_time_then_of_pushing():
    agenda = Agenda(UNTIL)
    for hours, name in [(2, "b"), (1, "a"), (2, "c"), (-1, "never")]:
        agenda.push(UNTIL - timedelta(hours=hours), name)

    assert [agenda.due(UNTIL).event for _ in range(3)] == ["b", "c", "a"]
    assert agenda.due(UNTIL) is None


def test_an_event_is_due_when_its_time_has_come():
    agenda = Agenda()
    agenda.push(UNTIL, "a")

    assert agenda.due(UNTIL - timedelta(seconds=1)) is None
    assert agenda.due(UNTIL).event == "a"


def test_the_same_seed_gives_the_same_stream():
    first, second = (Market(PACK, 7).stream(200, 30, UNTIL) for _ in range(2))

    assert first == second
    assert first != Market(PACK, 8).stream(200, 30, UNTIL)
    assert [one.at for one in first] == sorted(one.at for one in first)
    assert all(UNTIL - timedelta(days=30) <= one.at < UNTIL for one in first)


@pytest.mark.django_db
def test_prospects_say_custom_attributes_and_nothing_that_ops_removed():
    Attribute.objects.create(key="seats", label="seats", type="number")
    for one in Market(PACK, 7).stream(60, 10, UNTIL):
        values = still_defined(one.values, definitions())
        receive_lead(now=one.at, name=values["name"], attributes=values["attributes"])
    held = [lead.attributes for lead in Lead.objects.exclude(attributes={})]
    assert held and all(set(one) == {"seats"} and 3 <= one["seats"] <= 400 for one in held)


def test_leads_come_on_working_days_rather_than_at_weekends():
    days = [one.at.weekday() for one in Market(PACK, 7).stream(1000, 28, UNTIL)]

    assert sum(day < 5 for day in days) > 8 * sum(day >= 5 for day in days) / 2


def test_a_slow_rep_misses_more_deadlines_and_a_good_one_wins_more():
    def late(pace: float) -> int:
        return sum((answer(Random(n), Manner(pace=pace)).share or 9) > 1 for n in range(500))

    def won(chance: float) -> int:
        manner = Manner(win=chance)
        return sum(deal(Random(n), manner, 1, 5000, 0.3).outcome == "won" for n in range(500))

    assert late(0.2) < late(0.4) < late(0.8)
    assert won(0.1) < won(0.2) < won(0.4)


def lived(leads: int, days: int) -> list[tuple]:
    make_history(PACK, leads=leads, days=days, seed=7, until=UNTIL)
    rows = Assignment.objects.order_by(
        "lead__email", "started_at", "lead__created_at", "clocks__started_at", "clocks__kind"
    )
    return list(
        rows.values_list(
            "lead__name", "rep__user__username", "started_at", "ended_at", "end", "responded_at", "lead__status",
            "lead__revenue", "clocks__kind", "clocks__outcome", "decision__rule_name",
        )
    )  # fmt: skip


@pytest.mark.django_db
def test_the_same_seed_gives_the_same_history():
    load_pack("software", now=UNTIL, since=UNTIL - timedelta(days=60))
    with transaction.atomic():
        first = lived(30, 3)
        transaction.set_rollback(True)

    assert first == lived(30, 3)
    assert len(first) > 25


@pytest.mark.django_db
def test_history_is_as_the_services_would_have_written_it():
    load_pack("software", now=UNTIL, since=UNTIL - timedelta(days=60))

    make_history(PACK, leads=90, days=12, seed=7, until=UNTIL)

    assert Decision.objects.filter(cause="breach").exists()
    assert {"won", "lost"} <= set(Lead.objects.values_list("status", flat=True))
    assert not Clock.objects.filter(ended_at=None, due_at__lt=UNTIL - timedelta(seconds=1)).exists()
    assert not Lead.objects.filter(created_at__gte=UNTIL).exists()
    assert not Assignment.objects.filter(started_at__gte=UNTIL).exists()
    assert not Message.objects.filter(spread_at=None).exists()
    assert RebalanceReport.objects.values("week").distinct().count() == 2
    opens = dict(Lead.objects.filter(status__in=WORKED).values_list("owner").annotate(n=Count("id")))
    assert dict(Load.objects.filter(open__gt=0).values_list("rep", "open")) == opens


@pytest.mark.django_db
def test_live_traffic_is_received_routed_and_answered(django_capture_on_commit_callbacks):
    load_pack("software", now=UNTIL)
    said: list[str] = []
    traffic = Traffic(PACK, seed="7", rate=Rate.parse("30/min"), say=said.append)

    traffic.start(UNTIL)
    for second in range(0, 150, 2):
        with django_capture_on_commit_callbacks(execute=True):
            traffic.step(UNTIL + timedelta(seconds=second))

    assert traffic.arrived > 40
    assert Lead.objects.count() > 40
    assert not Lead.objects.filter(owner=None, route_at__lt=UNTIL).exists()


def test_a_rate_is_a_number_of_leads_in_a_time():
    assert Rate.parse("20/min").pause == timedelta(seconds=3)
    for text in ("20", "0/min", "20/year"):
        with pytest.raises(ValueError, match="is no rate"):
            Rate.parse(text)
