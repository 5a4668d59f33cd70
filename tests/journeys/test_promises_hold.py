"""Whatever people, time and the pulse do, in whatever order: the promises hold after every step."""

from __future__ import annotations

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
from leadrouting.assignments.models import Decision, Merge
from leadrouting.assignments.services import route, route_due
from leadrouting.leads.bulk import Enquiry, receive_many
from leadrouting.leads.models import Lead
from leadrouting.leads.services import receive_lead
from leadrouting.sla import pausing, recomputing
from leadrouting.sla.making import make
from leadrouting.sla.models import Policy, Target
from leadrouting.sla.services import act_on_due_clocks
from leadrouting.teams.availability import set_presence
from leadrouting.teams.models import Absence, PresenceChange, Rep, User
from tests import world

BROKEN = {
    "the owner is that of the one open assignment": """
        SELECT lead.id FROM leads_lead lead LEFT JOIN assignments_assignment held
            ON held.lead_id = lead.id AND upper(held.period) IS NULL
        GROUP BY lead.id HAVING count(held) > 1 OR max(held.rep_id) IS DISTINCT FROM lead.owner_id""",
    "every open lead has an owner or a queue, not both": """
        SELECT id FROM leads_lead WHERE status NOT IN ('won', 'lost', 'junk')
            AND (owner_id IS NULL) = (queue_id IS NULL)""",
    "no two spans of ownership overlap": """
        SELECT one.lead_id FROM assignments_assignment one JOIN assignments_assignment two
            ON one.lead_id = two.lead_id AND one.decision_id < two.decision_id AND one.period && two.period""",
    "open conversations are counted": """
        SELECT load.rep_id FROM assignments_load load WHERE load.open <> (SELECT count(*) FROM leads_lead
            WHERE owner_id = load.rep_id AND status NOT IN ('won', 'lost', 'junk'))""",
    "credits and rest sum to nought": """
        SELECT pool_id FROM assignments_rotation
            WHERE rest + (SELECT coalesce(sum(credit), 0) FROM unnest(credits) credit) <> 0""",
    "clocks run for open assignments of open leads alone": """
        SELECT clock.id FROM sla_clock clock JOIN assignments_assignment held ON held.decision_id = clock.assignment_id
            JOIN leads_lead lead ON lead.id = clock.lead_id
        WHERE (clock.ended_at IS NULL OR clock.wake_at IS NOT NULL)
            AND (upper(held.period) IS NOT NULL OR lead.status IN ('won', 'lost', 'junk'))""",
    "a step is taken once": "SELECT clock_id FROM sla_escalation GROUP BY clock_id, step HAVING count(*) > 1",
    "nothing is done by a clock that was silenced": """
        SELECT done.id FROM sla_escalation done JOIN sla_clock clock ON clock.id = done.clock_id
        WHERE clock.outcome IN ('met', 'cancelled') AND done.acted_at > clock.ended_at""",
    "a clock that no pause holds is woken": """
        SELECT clock.id FROM sla_clock clock WHERE ended_at IS NULL AND wake_at IS NULL AND NOT EXISTS (
            SELECT FROM sla_pause pause WHERE pause.lead_id = clock.lead_id AND pause.ends_at IS NULL)""",
    "no clock ends by itself before its deadline": """
        SELECT clock.id FROM sla_clock clock WHERE outcome = 'missed' AND ended_at < due_at""",
    "one answer is waited for once, and once more each time that the prospect writes": """
        SELECT clock.assignment_id FROM sla_clock clock WHERE kind <> 'follow_up'
        GROUP BY clock.assignment_id, clock.lead_id, clock.kind HAVING count(*) > 1 + (
            SELECT count(*) FROM leads_activity said WHERE said.lead_id = clock.lead_id
                AND said.kind IN ('enquiry', 'reply') AND clock.kind = 'respond')""",
    "each follow-up has an answer of its own": """
        SELECT clock.assignment_id FROM sla_clock clock WHERE kind = 'follow_up'
        GROUP BY clock.assignment_id, clock.lead_id, clock.rep_id HAVING count(*) > (
            SELECT count(*) FROM leads_activity said WHERE said.lead_id = clock.lead_id
                AND said.actor_id = clock.rep_id AND said.kind IN ('response', 'attempt'))""",
    "moves are bounded": """
        SELECT moved.lead_id FROM assignments_decision moved
        WHERE cause = 'breach' AND rep_id IS NOT NULL AND id > coalesce((
            SELECT max(decision_id) FROM assignments_assignment held
            WHERE held.lead_id = moved.lead_id AND held."end" = 'closed'), 0)
            AND NOT EXISTS (SELECT FROM assignments_decision chosen WHERE chosen.lead_id = moved.lead_id
                AND chosen.cause IN ('reassign', 'take') AND chosen.id > moved.id)
            AND NOT EXISTS (SELECT FROM leads_activity said WHERE said.lead_id = moved.lead_id
                AND said.kind = 'enquiry' AND said.at > moved.decided_at)
        GROUP BY lead_id HAVING count(*) > 2""",
    "what was merged is closed, and no longer anybody's second": """
        SELECT gone.id FROM leads_lead gone JOIN leads_lead kept ON kept.id = gone.merged_into_id
        WHERE gone.closed_at IS NULL OR kept.merged_into_id IS NOT NULL""",
}
LATE = "SELECT id FROM sla_clock WHERE wake_at <= %s OR (ended_at IS NULL AND wake_at IS NOT NULL AND due_at < %s)"
OVER = """
    SELECT load.rep_id FROM assignments_load load JOIN teams_rep rep ON rep.user_id = load.rep_id
    WHERE load.open > rep.max_open AND EXISTS (SELECT FROM assignments_decision
        WHERE id > %s AND rep_id = load.rep_id AND NOT passed_cap)
"""
anybody, anything = st.integers(0, 3), st.integers(0, 30)


class Office(RuleBasedStateMachine):
    """Four reps, two in a pool at a time of need; leads with three deadlines each."""

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
        world.live(world.pool(*self.reps[:3], gives_back="declined_junk"), world.pool(self.reps[3]))

    def lead(self, number: int) -> Lead | None:
        if not self.leads:
            return None
        return Lead.objects.select_related("owner__user", "queue").get(
            pk=self.leads[number % len(self.leads)]
        )

    @rule(priority=st.sampled_from(["normal", "urgent"]), country=st.sampled_from(["DE", "IN"]))
    def arrives(self, priority: str, country: str) -> None:
        lead = world.lead(created_at=self.now, priority=priority, country=country)
        self.leads.append(lead.pk)
        route(lead.pk, now=self.now, gives_way=True)

    @rule(
        number=anything,
        act=st.sampled_from(
            ["accept", "decline", "respond", "attempt", "pause", "resume", "won", "lost", "junk"]
        ),
    )
    def owner_acts(self, number: int, act: str) -> None:
        lead = self.lead(number)
        if lead is None or lead.owner is None:
            return
        said = {"lead_id": lead.pk, "by": lead.owner.user, "now": self.now}
        with suppress(Refused), transaction.atomic():
            match act:
                case "accept":
                    ownership.accept(**said)
                case "decline":
                    ownership.decline(**said, reason="No time")
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

    @rule(number=anything, to=anybody)
    def is_reassigned(self, number: int, to: int) -> None:
        if (lead := self.lead(number)) is not None:
            rep = Rep.objects.select_related("user", "team").get(pk=self.reps[to].pk)
            with suppress(Refused), transaction.atomic():
                ownership.reassign(lead_id=lead.pk, to=rep, by=self.ops, reason="Knows them", now=self.now)

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
    some = settings(
        max_examples=25,
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    run_state_machine_as_test(Office, settings=some)
