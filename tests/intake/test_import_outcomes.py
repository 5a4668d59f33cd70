"""What became of leads that are here, for many at once: set-based, and nobody hears of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from leadrouting.assignments.closing import Ended, close_past
from leadrouting.assignments.errors import NotYours
from leadrouting.assignments.models import Assignment, Load
from leadrouting.assignments.services import route
from leadrouting.intake.importing.fates import Options
from leadrouting.intake.importing.files import open_table
from leadrouting.intake.importing.guessing import by_headings
from leadrouting.intake.importing.running import spooled
from leadrouting.intake.importing.spool import Spool
from leadrouting.intake.importing.works import run_import
from leadrouting.leads.models import Activity, Lead
from leadrouting.notifications.models import Event, Hook, Message
from leadrouting.sla.making import make
from leadrouting.sla.models import Clock
from leadrouting.teams.models import User
from tests import world

pytestmark = pytest.mark.django_db
THEN = datetime(2024, 1, 5, 9, tzinfo=UTC)
HEADER = "id,Owner,Outcome,Closed at,Revenue,Lost reason\n"


@pytest.fixture
def ops():
    return world.user("Olga", role=User.Role.OPS)


@pytest.fixture
def pool():
    pool = world.pool(*world.reps(2), name="Takers", gives_back="declined_junk")
    world.live(pool, name="All")
    return pool


def imported(text: str, by: User, **how):
    raw = BytesIO(text.encode())
    table = open_table(raw, "file.csv")
    mapping = by_headings(table.columns, **how)
    options = Options(timezone.now(), historical=True, by=by)
    with Spool() as spool:
        spooled(table, mapping, options, spool, lambda _: None)
        return run_import(spool, table.columns, mapping, options, lambda _: None)


def here(number: int) -> list[Lead]:
    """Leads of long ago, each a day after the one before, routed without a word."""
    leads = [
        Lead(name=f"L{n}", external_id=f"k{n}", created_at=THEN + timedelta(days=n)) for n in range(number)
    ]
    return Lead.objects.bulk_create(leads)


def rows(number: int, rita: str) -> str:
    said = ("won,2024-12-01,10.50,", "lost,2024-12-01,,Too dear", "junk,2024-12-01,,")
    return HEADER + "".join(f"k{n},{rita},{said[n % 3]}\n" for n in range(number))


def test_nothing_is_news_that_ended_long_ago(ops, pool):
    rita = world.rep("Rita")
    here(9)
    for wanted in ("imported", "known"):
        counts = imported(rows(9, "Rita"), ops, outcomes=True).counts
        assert {name: n for name, n in counts.items() if n} == {wanted: 9}
    assert [one.objects.count() for one in (Event, Message, Hook, Clock)] == [0, 0, 0, 0]
    won = Lead.objects.get(external_id="k0")
    assert (won.status, won.owner, won.revenue, won.closed_at.year) == ("won", rita, 10.5, 2024)
    assert Lead.objects.get(external_id="k1").lost_reason == "Too dear"
    assert Load.objects.get(pk=rita.pk).open == 0
    assert [one.started_at for one in Assignment.objects.filter(ended_at=None).order_by("lead_id")] == [
        THEN + timedelta(days=n) for n in range(9)
    ]
    assert Activity.objects.filter(kind="outcome", actor=ops, at__year=2024).count() == 9


def test_the_queries_do_not_grow_with_the_rows(ops, pool):
    world.rep("Rita")
    here(90)
    asked = []
    for few in (9, 90):
        with CaptureQueriesContext(connection) as captured:
            imported(rows(few, "Rita"), ops, outcomes=True)
        asked.append(len(captured))
    assert asked[1] <= asked[0]


def test_clocks_and_capacity_of_leads_of_today_end_with_them(ops, pool):
    make("Ten minutes", {"respond": timedelta(minutes=10)}, hours="always")
    lead = world.lead(external_id="k0")
    route(lead.pk, now=timezone.now())
    lead.refresh_from_db()
    assert Clock.objects.filter(lead=lead, ended_at=None).exists() and Load.objects.get(pk=lead.owner_id).open
    before = Event.objects.count()
    assert imported("id,Outcome\nk0,junk\n", ops, outcomes=True).counts["imported"] == 1
    assert not Clock.objects.filter(lead=lead, ended_at=None).exists()
    assert Load.objects.get(pk=lead.owner_id).open == 0
    assert Event.objects.count() == before


def test_history_that_joins_an_open_lead_is_no_news_either(ops, pool):
    lead = world.lead(email="ann@firm.example", name="")
    route(lead.pk, now=timezone.now())
    before = (Event.objects.count(), Message.objects.count())
    text = "id,Name,Email,Created,Message\nold:1,Ann,ann@firm.example,2024-01-05,Once\n"
    assert imported(text, ops, historical=True).counts["joined"] == 1
    lead.refresh_from_db()
    assert lead.name == "Ann" and lead.activities.filter(kind="enquiry").exists()
    assert (Event.objects.count(), Message.objects.count()) == before


def test_what_cannot_be_closed_is_told_and_stops_nobody(ops, pool):
    won, gone = here(2)
    problems = close_past(
        [Ended(won.pk, "won", THEN, 5), Ended(gone.pk, "lost", THEN), Ended(999, "lost", THEN)],
        by=ops,
        now=timezone.now(),
    )
    assert problems == {
        won.pk: "Nobody owns this lead yet. Assign it before it is won.",
        999: "This lead does not exist.",
    }
    with pytest.raises(NotYours):
        close_past([Ended(won.pk, "lost", THEN)], by=world.user("Rita"), now=timezone.now())
