"""Whatever people, time and the pulse do, in whatever order: the promises hold after every step."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from leadrouting.assignments import leaving, ownership, replays, taking
from leadrouting.assignments.errors import NotYours, Refused
from leadrouting.assignments.merging import merge, undo
from leadrouting.assignments.models import Decision, Merge, Stir
from leadrouting.assignments.services import route, route_due
from leadrouting.leads.bulk import Enquiry, receive_many
from leadrouting.leads.models import Lead
from leadrouting.leads.services import receive_lead
from leadrouting.rules.services import publish
from leadrouting.sla import pausing, recomputing
from leadrouting.sla.making import make
from leadrouting.sla.models import Policy, Target
from leadrouting.sla.services import act_on_due_clocks
from leadrouting.teams.availability import set_presence
from leadrouting.teams.models import Absence, OfficeHours, PresenceChange, Rep, RepSkill, User
from tests import world
from tests.journeys.promises import BROKEN, LATE, OVER, UNSKILLED

anybody, anything = st.integers(0, 3), st.integers(0, 30)


class Office(RuleBasedStateMachine):
    """Four reps, two in a pool at a time of need; leads with three deadlines each. German leads ask for a skill, and
    the last rep works in an office that closes."""

    @initialize()
    def opens(self) -> None:
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.now, self.leads, self.seen = world.NOON, [], 0
        self.ops = world.user(role=User.Role.OPS)
        self.reps = world.reps(4, max_open=3)
        Rep.objects.filter(pk=self.reps[0].pk).update(backup=self.reps[3])
        make(
            "All",
            {
                "accept": timedelta(minutes=10),
                "respond": timedelta(minutes=30),
                "follow_up": timedelta(hours=4),
            },
            hours="always",
            reminders=[50],
            ladders={"accept": ["next"], "respond": ["notify", "backup", ("raise", timedelta(minutes=15))]},
        )
        queue = world.queue("Triage")
        queue.teams.set([rep.team for rep in self.reps])
        self.skill = world.skill("German")
        RepSkill.objects.create(rep=self.reps[0], skill=self.skill, level=3)
        self.office = OfficeHours.objects.create(name="Nine to five", time_zone="UTC")
        self.opens_and_closes(False)
        Rep.objects.filter(pk=self.reps[3].pk).update(office_hours=self.office)
        pools = world.pool(*self.reps[:3], gives_back="declined_junk"), world.pool(self.reps[3])
        rules = world.rule_set()
        world.rule(rules, *pools, when=[("country", "is", "DE")], skills=[(self.skill, 2)])
        world.rule(rules, *pools)
        publish(rule_set=rules, by=None, now=self.now)
        for country in ("DE", "IN", "IN"):
            self.arrives("normal", country, drained=False)

    def lead(self, number: int) -> Lead | None:
        if not self.leads:
            return None
        return Lead.objects.select_related("owner__user", "queue").get(
            pk=self.leads[number % len(self.leads)]
        )

    def owned(self, number: int) -> Lead | None:
        """Of the open leads that have an owner."""
        held = Lead.objects.open().filter(pk__in=self.leads).order_by("pk").values_list("pk", flat=True)
        return self.lead(self.leads.index(held[number % len(held)])) if held else None

    @rule(
        priority=st.sampled_from(["normal", "urgent"]),
        country=st.sampled_from(["DE", "IN"]),
        drained=st.booleans(),
    )
    def arrives(self, priority: str, country: str, drained: bool) -> None:
        """Either the signal finds it first, or the drain."""
        lead = world.lead(created_at=self.now, priority=priority, country=country)
        self.leads.append(lead.pk)
        if drained:
            Stir.objects.create()
            route_due(self.now)
        route(lead.pk, now=self.now, gives_way=True)

    @rule(
        number=anything,
        act=st.sampled_from(["accept", "respond", "attempt", "pause", "resume", "won", "lost", "junk"]),
    )
    def owner_acts(self, number: int, act: str) -> None:
        lead = self.owned(number)
        if lead is None:
            return
        said = {"lead_id": lead.pk, "by": lead.owner.user, "now": self.now}
        with suppress(Refused), transaction.atomic():
            match act:
                case "accept":
                    ownership.accept(**said)
                case "respond":
                    ownership.respond(**said)
                case "attempt":
                    ownership.respond(**said, kind="attempt")
                case "pause":
                    pausing.pause(**said, reason="Waits")
                case "resume":
                    pausing.resume(**said)
                case "won":
                    ownership.close(**said, outcome="won", revenue=1)
                case "lost" | "junk":
                    ownership.close(**said, outcome=act)

    @rule(
        number=anything,
        reason=st.sampled_from(["", "No time"]),
        note=st.sampled_from(["", "Call after four"]),
    )
    def declines(self, number: int, reason: str, note: str) -> None:
        """Only with a reason; with a note to the next owner, if there is one."""
        lead = self.owned(number)
        if lead is None:
            return
        said = {"by": lead.owner.user, "now": self.now, "handover": note}
        with suppress(Refused), transaction.atomic():
            ownership.decline(lead_id=lead.pk, reason=reason, **said)

    @rule(within=st.sampled_from([10, 30, 90]), attempts=st.booleans())
    def policy_changes(self, within: int, attempts: bool) -> None:
        Target.objects.filter(kind="respond").update(within=timedelta(minutes=within))
        Policy.objects.update(attempts_count=attempts)

    @rule()
    def clocks_follow_the_policy(self) -> None:
        recomputing.apply(by=self.ops, seen=recomputing.sight(recomputing.preview()), now=self.now)

    @rule(number=anything, reply=st.booleans(), many=st.booleans())
    def prospect_writes(self, number: int, reply: bool, many: bool) -> None:
        """An open lead is joined, a lost one reopened; who won or is junk comes as a new lead."""
        if self.leads:
            self.prospect_writes_to(self.lead(number).pk, reply, many)

    def prospect_writes_to(self, lead: int, reply: bool, many: bool) -> None:
        email = Lead.objects.get(pk=lead).email
        if many:
            (got,) = receive_many([Enquiry({"email": email}, self.now)])
        else:
            got = receive_lead(now=self.now, email=email, reply=reply)
        if got.created:
            self.leads.append(got.lead.pk)
            route(got.lead.pk, now=self.now)

    @rule(number=anything, many=st.booleans())
    def is_lost_and_comes_back(self, number: int, many: bool) -> None:
        if (lead := self.lead(number)) is not None:
            with suppress(Refused):
                ownership.close(lead_id=lead.pk, by=self.ops, outcome="lost", now=self.now)
            self.prospect_writes_to(lead.pk, reply=False, many=many)

    @rule(kept=anything, other=anything, owner=st.booleans())
    def are_merged(self, kept: int, other: int, owner: bool) -> None:
        if self.leads:
            pair = {"kept_id": self.lead(kept).pk, "other_id": self.lead(other).pk}
            with suppress(Refused):
                merge(**pair, take=["email"], owner_of_other=owner, by=self.ops, now=self.now)

    @rule()
    def merge_is_undone(self) -> None:
        if (made := Merge.objects.filter(undone_at=None).first()) is not None:
            with suppress(Refused):
                undo(merge_id=made.pk, by=self.ops, now=self.now)

    @rule(number=anything, to=anybody, note=st.sampled_from(["", "Call after four"]))
    def is_reassigned(self, number: int, to: int, note: str) -> None:
        if (lead := self.owned(number) or self.lead(number)) is not None:
            rep = Rep.objects.select_related("user", "team").get(pk=self.reps[to].pk)
            said = {"by": self.ops, "reason": "Knows them", "handover": note}
            with suppress(Refused), transaction.atomic():
                ownership.reassign(lead_id=lead.pk, to=rep, now=self.now, **said)

    @rule(who=anybody, level=st.integers(0, 5))
    def learns_or_forgets(self, who: int, level: int) -> None:
        """Level 0: no more."""
        known = RepSkill.objects.filter(rep=self.reps[who], skill=self.skill)
        if not level:
            known.delete()
        elif not known.update(level=level):
            RepSkill.objects.create(rep=self.reps[who], skill=self.skill, level=level)

    @rule(always=st.booleans())
    def opens_and_closes(self, always: bool) -> None:
        """Nine to five on weekdays, or around the clock."""
        self.office.windows.all().delete()
        for weekday in range(7 if always else 5):
            opens, closes = ("00:00", "23:59") if always else ("09:00", "17:00")
            self.office.windows.create(weekday=weekday, opens=opens, closes=closes)

    @rule(closed=st.booleans())
    def has_a_holiday(self, closed: bool) -> None:
        self.office.holidays.filter(day=self.now.date()).delete()
        if closed:
            self.office.holidays.create(day=self.now.date(), name="Closed")

    @rule(count=st.sampled_from(["always", "owner"]))
    def deadlines_count_in(self, count: str) -> None:
        Target.objects.update(hours=count)

    @rule(who=anybody)
    def takes_next(self, who: int) -> None:
        by = User.objects.get(pk=self.reps[who].pk)
        for queue in taking.open_to(by):
            with suppress(Refused, NotYours), transaction.atomic():
                taking.take_next(queue_id=queue.pk, by=by, now=self.now)

    @rule(who=anybody, presence=st.sampled_from(Rep.Presence.values))
    def presence(self, who: int, presence: str) -> None:
        set_presence(
            rep_id=self.reps[who].pk, presence=presence, cause=PresenceChange.Cause.SELF, now=self.now
        )

    @rule(who=anybody, days=st.integers(0, 2))
    def is_absent(self, who: int, days: int) -> None:
        rep, today = self.reps[who], self.now.date()
        if Absence.objects.filter(rep=rep).exists():
            Absence.objects.filter(rep=rep).delete()
        else:
            Absence.objects.create(rep=rep, first_day=today, last_day=today + timedelta(days=days))

    @rule(who=anybody)
    def leaves_or_returns(self, who: int) -> None:
        rep = Rep.objects.select_related("user", "team").get(pk=self.reps[who].pk)
        if rep.is_active:
            with suppress(Refused):
                leaving.leave(rep=rep, by=self.ops, how="rules", now=self.now)
        else:
            leaving.come_back(rep=rep, by=self.ops)

    @rule(who=anybody, cap=st.sampled_from([1, 3, None]))
    def cap(self, who: int, cap: int | None) -> None:
        Rep.objects.filter(pk=self.reps[who].pk).update(max_open=cap)

    @rule(span=st.sampled_from([30, 600, 2700, 18_000, 172_800]), twice=st.booleans())
    def time_passes(self, span: int, twice: bool) -> None:
        self.now += timedelta(seconds=span)
        for _ in range(2 if twice else 1):
            for _ in range(50):
                if not act_on_due_clocks(self.now):
                    break
            route_due(self.now)
        assert asked(LATE, self.now, self.now) == [], "The pulse has left something undone."

    @invariant()
    def promises(self) -> None:
        if not hasattr(self, "now"):
            return
        for promise, statement in BROKEN.items():
            assert asked(statement) == [], promise
        assert asked(OVER, self.seen) == [], "a cap is kept unless somebody passes it by hand"
        assert asked(UNSKILLED, self.seen) == [], "a German lead goes to who speaks it"
        self.seen = Decision.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

    def teardown(self) -> None:
        if hasattr(self, "atomic"):
            run = replays.recompute(world.NOON - timedelta(days=1), until=self.now)
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)
            assert (run.different, run.kept) == (0, []), "decisions follow from what was stored"


def asked(statement: str, *values: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


@pytest.mark.django_db
def test_the_promises_hold_whatever_happens(request: pytest.FixtureRequest) -> None:
    """The same 25 stories each time. `PROMISES=250 pytest ...` tells as many others, and how to tell a bad one again."""
    some = settings(
        max_examples=int(os.environ.get("PROMISES", 25)),
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        derandomize="PROMISES" not in os.environ,
        print_blob=True,
    )
    run_state_machine_as_test(Office, settings=some)
