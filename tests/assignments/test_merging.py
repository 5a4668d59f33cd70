"""Two leads of one person become one, and are parted again as they were."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadrouting.analytics.measures import eight_figures
from leadrouting.assignments import ownership
from leadrouting.assignments.errors import NotYours, Refused
from leadrouting.assignments.merging import merge, rows, undo
from leadrouting.assignments.merging.choosing import FIELDS
from leadrouting.assignments.models import Decision, Load, Merge
from leadrouting.assignments.replaying import differences
from leadrouting.assignments.services import route
from leadrouting.leads import suspects
from leadrouting.leads.models import Activity, Lead, Suspect
from leadrouting.leads.services import receive_lead
from leadrouting.sla.making import make
from leadrouting.sla.models import Clock, Target
from leadrouting.sla.pausing import pause
from leadrouting.teams.models import Rep, Team
from tests import world

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
NOON = world.NOON
MOVING = {"updated_at", "queue_steps", "_state"}


@pytest.fixture
def ops():
    return world.user(role="ops")


def owned_by(rep, **values) -> Lead:
    lead = receive_lead(now=NOON, **values).lead
    route(lead.pk, now=NOON)
    lead.refresh_from_db()
    if lead.owner != rep:
        ownership.reassign(lead_id=lead.pk, to=rep, by=world.user(role="ops"), reason="Test", now=NOON)
    lead.refresh_from_db()
    return lead


@pytest.fixture
def pair():
    ann, ben = world.rep("Ann"), world.rep("Ben")
    world.live(ann)
    one = owned_by(ann, name="Max Muster", email="max@acme.example", company="Acme", message="Hello")
    two = owned_by(
        ben, name="M. Muster", email="max@home.example", city="Ulm", message="Me again", source="google"
    )
    return ann, ben, one, two


def look(lead: Lead) -> dict:
    lead = Lead.objects.get(pk=lead.pk)
    return {name: value for name, value in vars(lead).items() if name not in MOVING}


def timeline(lead: Lead) -> list:
    return list(lead.activities.values_list("pk", "kind", "at", "text", "details"))


def test_one_click_merges(pair, ops):
    ann, ben, one, two = pair
    make("Fast", {"respond": HOUR}, hours=Target.Hours.ALWAYS)
    ownership.respond(lead_id=two.pk, by=ben.user, now=NOON, text="Hi")
    suspects.find([two.pk], NOON)
    before = eight_figures(start=NOON - HOUR, end=NOON + HOUR, now=NOON + HOUR)
    made = merge(kept_id=one.pk, other_id=two.pk, take=["city", "email"], by=ops, now=NOON + HOUR)
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.city, one.email, one.email_domain, one.name) == (
        "Ulm",
        "max@home.example",
        "home.example",
        "Max Muster",
    )
    assert (one.status, one.owner) == ("assigned", ann)
    assert (two.status, two.merged_into, two.lost_reason, two.owner) == (
        "junk",
        one,
        f"Merged into #{one.pk}",
        ben,
    )
    assert Load.objects.get(rep=ben).open == 0
    assert [(one.kind, one.text) for one in one.activities.all()] == [
        ("merged", f"#{two.pk} M. Muster was merged into this lead.\n\nMe again"),
        ("response", "Hi"),
    ]
    assert one.activities.first().details == {"from": {"channel": "api", "source": "google"}}
    assert not two.activities.exists()
    after = eight_figures(start=NOON - HOUR, end=NOON + HOUR, now=NOON + HOUR)
    counted = (
        {figure.key: figure.denominator for figure in before},
        {figure.key: figure.denominator for figure in after},
    )
    assert [one["lead_conversion"] for one in counted] == [2, 1]
    for email in ("max@acme.example", "max@home.example"):
        assert receive_lead(now=NOON + HOUR, email=email).lead == one
    assert str(made) == f"#{two.pk} into #{one.pk}"
    assert list(differences(Decision.objects.all())) == []


def test_undone_it_is_as_it_was(pair, ops):
    ann, ben, one, two = pair
    three = owned_by(ann, name="Third", email="third@acme.example")
    merge(kept_id=two.pk, other_id=three.pk, by=ops, now=NOON)
    before = [(look(lead), timeline(lead)) for lead in (one, two, three)]
    loads = list(Load.objects.order_by("rep").values())
    made = merge(
        kept_id=one.pk,
        other_id=two.pk,
        take=["city", "email", "source"],
        owner_of_other=True,
        by=ops,
        now=NOON + HOUR,
    )
    one.refresh_from_db()
    three.refresh_from_db()
    assert (one.owner, three.merged_into) == (ben, one)
    assert undo(merge_id=made.pk, by=ops, now=NOON + 2 * HOUR) == []
    assert [(look(lead), timeline(lead)) for lead in (one, two, three)] == before
    assert [row["open"] for row in Load.objects.order_by("rep").values()] == [row["open"] for row in loads]
    with pytest.raises(Refused, match="undone already"):
        undo(merge_id=made.pk, by=ops, now=NOON + 2 * HOUR)
    again = merge(kept_id=one.pk, other_id=two.pk, by=ops, now=NOON + 3 * HOUR)
    assert again != made
    assert list(differences(Decision.objects.all())) == []


def test_its_clocks_stood_still_meanwhile(pair, ops):
    _, ben, one, _ = pair
    make("Fast", {"respond": HOUR}, hours=Target.Hours.ALWAYS)
    two = owned_by(ben, email="clock@example.com")
    paused = owned_by(ben, email="paused@example.com")
    pause(lead_id=paused.pk, by=ben.user, reason="Holidays", now=NOON)
    first = merge(kept_id=one.pk, other_id=two.pk, by=ops, now=NOON + HOUR / 2)
    second = merge(kept_id=one.pk, other_id=paused.pk, by=ops, now=NOON + HOUR / 2)
    assert not Clock.objects.filter(lead__in=[two, paused], ended_at=None).exists()
    undo(merge_id=second.pk, by=ops, now=NOON + 24 * HOUR)
    undo(merge_id=first.pk, by=ops, now=NOON + 24 * HOUR)
    assert Clock.objects.get(lead=two, ended_at=None).due_at.replace(microsecond=0) == NOON + 24.5 * HOUR
    assert Clock.objects.get(lead=paused, ended_at=None).wake_at is None
    assert paused.pauses.get().ends_at is None


def test_what_waited_waits_again(ops):
    world.live(world.queue("Desk"))
    one, two = (receive_lead(now=NOON, email=f"{name}@example.com").lead for name in "ab")
    route(two.pk, now=NOON)
    before = look(one), look(two)
    made = merge(kept_id=one.pk, other_id=two.pk, by=ops, now=NOON + HOUR)
    assert undo(merge_id=made.pk, by=ops, now=NOON + HOUR) == []
    assert (look(one), look(two)) == before


def test_the_owner_has_left_meanwhile(pair, ops, django_capture_on_commit_callbacks):
    ann, ben, one, two = pair
    made = merge(kept_id=one.pk, other_id=two.pk, owner_of_other=True, by=ops, now=NOON + HOUR)
    Rep.objects.filter(pk=ben.pk).update(is_active=False)
    with django_capture_on_commit_callbacks(execute=True):
        notes = undo(merge_id=made.pk, by=ops, now=NOON + 2 * HOUR)
    assert notes == [f"Ben has left: the rules find another owner for #{two.pk}."]
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.owner, two.owner, two.status) == (ann, ann, "assigned")
    assert list(Load.objects.filter(rep__in=[ann, ben]).order_by("rep").values_list("open", flat=True)) == [
        2,
        0,
    ]


def test_what_was_corrected_since_stays(pair, ops):
    *_, one, two = pair
    made = merge(kept_id=one.pk, other_id=two.pk, take=["city", "name"], by=ops, now=NOON + HOUR)
    Lead.objects.filter(pk=one.pk).update(city="Bonn")
    assert undo(merge_id=made.pk, by=ops, now=NOON + HOUR) == ["Changed since, and left as it is: city."]
    one.refresh_from_db()
    assert (one.city, one.name) == ("Bonn", "Max Muster")


class TestRefused:
    def test_by_what_they_are(self, pair, ops):
        ann, _, one, two = pair
        with pytest.raises(Refused, match="one and the same"):
            merge(kept_id=one.pk, other_id=one.pk, by=ops, now=NOON)
        with pytest.raises(Refused, match="does not exist"):
            merge(kept_id=one.pk, other_id=0, by=ops, now=NOON)
        with pytest.raises(Refused, match="no field"):
            merge(kept_id=one.pk, other_id=two.pk, take=["owner"], by=ops, now=NOON)
        ownership.close(lead_id=one.pk, by=ann.user, outcome="won", revenue=1, now=NOON)
        with pytest.raises(Refused, match="Keep the open one"):
            merge(kept_id=one.pk, other_id=two.pk, by=ops, now=NOON)
        with pytest.raises(Refused, match="is won and must stay"):
            merge(kept_id=two.pk, other_id=one.pk, by=ops, now=NOON)
        assert not Merge.objects.exists()

    def test_in_order(self, pair, ops):
        ann, _, one, two = pair
        three, four = (owned_by(ann, email=f"{name}@example.com") for name in "ab")
        first = merge(kept_id=one.pk, other_id=two.pk, by=ops, now=NOON)
        with pytest.raises(Refused, match="merged into"):
            merge(kept_id=three.pk, other_id=two.pk, by=ops, now=NOON)
        second = merge(kept_id=one.pk, other_id=three.pk, by=ops, now=NOON)
        with pytest.raises(Refused, match="Undo that first"):
            undo(merge_id=first.pk, by=ops, now=NOON)
        third = merge(kept_id=four.pk, other_id=one.pk, by=ops, now=NOON)
        with pytest.raises(Refused, match="itself been merged"):
            undo(merge_id=second.pk, by=ops, now=NOON)
        for made in (third, second, first):
            undo(merge_id=made.pk, by=ops, now=NOON)
        assert not Lead.objects.exclude(merged_into=None).exists()

    def test_by_who_asks(self, pair):
        ann, ben, one, two = pair
        for who in (ann.user, ann.team.manager):
            with pytest.raises(NotYours):
                merge(kept_id=one.pk, other_id=two.pk, by=who, now=NOON)
        Team.objects.filter(pk=ben.team_id).update(manager=ann.team.manager)
        assert merge(kept_id=one.pk, other_id=two.pk, by=ann.team.manager, now=NOON)


def test_a_lost_one_keeps_its_outcome(pair, ops):
    _, ben, one, two = pair
    ownership.close(lead_id=two.pk, by=ben.user, outcome="lost", reason="Price", now=NOON)
    before = look(two), timeline(two)
    made = merge(kept_id=one.pk, other_id=two.pk, by=ops, now=NOON)
    two.refresh_from_db()
    assert (two.status, two.lost_reason, two.merged_into) == ("lost", "Price", one)
    undo(merge_id=made.pk, by=ops, now=NOON)
    assert (look(two), timeline(two)) == before


def test_the_pair_is_settled_and_open_again(ops):
    leads = [world.lead(name="Max Muster", company="Acme") for _ in range(2)]
    suspects.find_all(NOON)
    made = merge(kept_id=leads[1].pk, other_id=leads[0].pk, by=ops, now=NOON)
    assert Suspect.objects.get().state == "merged"
    undo(merge_id=made.pk, by=ops, now=NOON)
    assert Suspect.objects.get().state == "open"


def test_what_is_proposed(pair):
    *_, one, two = pair
    shown = {row.name: row for row in rows(one, two, {})}
    assert shown["city"].from_other
    assert not shown["name"].from_other
    assert not shown["channel"].differs
    assert "phone" not in shown


values = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["Max", "Moritz"]),
        "city": st.sampled_from(["Ulm", "Bonn"]),
        "company_size": st.integers(1, 9),
        "deal_size": st.decimals(0, 9, places=2),
        "tags": st.lists(st.sampled_from("abc"), max_size=2),
        "click_ids": st.sampled_from([{}, {"gclid": "x"}]),
        "consent": st.sampled_from([None, True, False]),
        "phone": st.sampled_from(["", "+4930123456"]),
        "priority": st.sampled_from(["low", "high"]),
    },
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    one=values,
    two=values,
    take=st.sets(st.sampled_from([*FIELDS, "attributes.x"])),
    owner=st.booleans(),
    order=st.booleans(),
)
def test_merging_and_undoing_changes_nothing(db, one, two, take, owner, order):
    with transaction.atomic():
        ann, ben, ops = world.rep(), world.rep(), world.user(role="ops")
        world.live(ann)
        first = owned_by(ann, email="a@example.com")
        second = owned_by(ben, email="b@example.com")
        Lead.objects.filter(pk=first.pk).update(**one, attributes={"x": 1})
        Lead.objects.filter(pk=second.pk).update(**two, attributes={"x": [2], "y": "z"})
        Activity.objects.create(lead=second, kind="note", at=NOON, text="Noted")
        before = [(look(lead), timeline(lead)) for lead in (first, second)]
        kept, other = (first, second) if order else (second, first)
        made = merge(
            kept_id=kept.pk, other_id=other.pk, take=take, owner_of_other=owner, by=ops, now=NOON + HOUR
        )
        assert undo(merge_id=made.pk, by=ops, now=NOON + HOUR) == []
        assert [(look(lead), timeline(lead)) for lead in (first, second)] == before
        transaction.set_rollback(True)
