"""The eight figures against a week computed by hand."""

from datetime import timedelta

import pytest

from leadrouting.analytics.measures import eight_figures, grouped_figures
from leadrouting.leads.models import Campaign
from tests import world
from tests.analytics import past
from tests.analytics.past import MONDAY, NEXT, at

pytestmark = pytest.mark.django_db

WEEK = {"start": MONDAY, "end": NEXT, "now": NEXT}


@pytest.fixture
def week():
    """Team North: Ann, Bob and Cem, who has nothing; Dora left. Team South: Eve. Six leads, one from before.

    lead | created   | owners                                   | reply        | clock  | end
    L1   | Mon 10:00 | Ann 10:00:10                             | Ann 10:05:10 | met    | won 3,000
    L2   | Tue 10:00 | Ann 10:00:20 - 10:15:20, Bob 10:15:20    | Bob 10:18:20 | missed, met | open
    L3   | Wed 10:00 | Bob 10:01:00                             | none         | cancelled   | lost
    L4   | Thu 10:00 | Eve 10:00:30                             | Eve 10:20:30 | missed | won 1,500
    L5   | Fri 10:00 | nobody: waits in the queue of North's manager
    L6   | Sun 23:59:59 | Ann, on Monday 00:00:02 of the next week
    L0   | Sunday before, 12:00 | Bob 12:00:00                  | Mon 09:00    | missed, on Monday | open
    """
    north, south = world.team("North"), world.team("South")
    ann, bob, cem = (world.rep(name, team=north) for name in ("Ann", "Bob", "Cem"))
    world.rep("Dora", team=north, is_active=False)
    eve = world.rep("Eve", team=south)
    fair = Campaign.objects.create(key="fair", name="Fair")

    l1 = past.lead(at(0, 10), source="google", channel="web_form", campaign=fair)
    a1 = past.owned(l1, ann, at(0, 10, 0, 10), replied_at=at(0, 10, 5, 10))
    past.clock(a1, "met", at(0, 10, 5, 10))
    past.closed(l1, "won", at(3), 3000)

    l2 = past.lead(at(1, 10), source="google", channel="whatsapp")
    a2 = past.owned(l2, ann, at(1, 10, 0, 20), until=at(1, 10, 15, 20), end="breached", rule="Hot")
    past.clock(a2, "missed", at(1, 10, 15, 20))
    b2 = past.owned(l2, bob, at(1, 10, 15, 20), replied_at=at(1, 10, 18, 20), cause="breach")
    past.clock(b2, "met", at(1, 10, 18, 20))

    l3 = past.lead(at(2, 10), source="fair", channel="event", campaign=fair)
    past.clock(past.owned(l3, bob, at(2, 10, 1)), "cancelled", at(2, 10, 10))
    past.closed(l3, "lost", at(2, 10, 10))

    l4 = past.lead(at(3, 10), source="google", channel="web_form")
    past.clock(past.owned(l4, eve, at(3, 10, 0, 30), replied_at=at(3, 10, 20, 30)), "missed", at(3, 10, 20))
    past.closed(l4, "won", at(4), 1500)

    past.lead(at(4, 10), queue=world.queue("North waits", owner=north.manager))

    past.owned(past.lead(at(6, 23, 59, 59), source="google"), ann, NEXT + timedelta(seconds=2))

    l0 = past.lead(at(-1), source="google")
    past.clock(past.owned(l0, bob, at(-1), replied_at=at(0, 9)), "missed", at(0, 9))
    return {"north": north, "south": south, "ann": ann, "bob": bob, "cem": cem, "eve": eve}


def parts(figures):
    return {figure.key: (figure.numerator, figure.denominator) for figure in figures}


def test_the_eight_figures_by_hand(week):
    figures = eight_figures(**WEEK)

    assert parts(figures) == {
        # L1 10 s, L2 20 s, L3 60 s, L4 30 s, L6 3 s; L5 has no owner, L0 is of the week before
        "assignment_time": (123, 5),
        # L1 5 min by Ann, L2 3 min by Bob, counted from his own assignment, L4 20 min by Eve
        "first_response_time": (300 + 180 + 1200, 3),
        # met: L1, L2 with Bob; missed: L2 with Ann, L4, L0, which ended on Monday; L3 was cancelled
        "sla_compliance": (2, 5),
        # won: L1, L4; leads: L1 to L6
        "lead_conversion": (2, 6),
        # open at the week's end: Ann 0 (L6 comes 2 s later), Bob 2 (L2, L0), Cem 0, Eve 0; Dora is not active
        # mean 2/4 = 0.5; squares (0.5² + 1.5² + 0.5² + 0.5²) / 4 = 3 / 4; root 0.8660
        "workload_balance": (pytest.approx(0.75**0.5), 0.5),
        # all but L5
        "ownership_coverage": (5, 6),
        # 3,000 + 1,500 by Ann, Bob, Eve
        "revenue_per_rep": (4500, 3),
        # L2
        "reassignment_rate": (1, 6),
        # L1 310 s, L2 1100 s, L4 1230 s
        "first_response_from_creation": (310 + 1100 + 1230, 3),
    }
    assert [figure.shown for figure in figures] == [
        "25 s",  # 123 / 5 = 24.6
        "9 min 20 s",  # 1680 / 3 = 560 s
        "40.0 %",
        "33.3 %",
        "1.73",  # 0.8660 / 0.5
        "83.3 %",
        "1,500.00",
        "16.7 %",
        "14 min 40 s",  # 2640 / 3 = 880 s
    ]


def test_a_team_has_its_own_leads_replies_clocks_and_queue(week):
    assert parts(eight_figures(**WEEK, team_ids=[week["north"].pk])) == {
        "assignment_time": (10 + 20 + 60 + 3, 4),
        "first_response_time": (300 + 180, 2),
        "sla_compliance": (2, 4),
        "lead_conversion": (1, 5),  # L1, L2, L3, L5 in the manager's queue, L6
        # Ann 0, Bob 2, Cem 0: mean 2/3; (4/9 + 16/9 + 4/9) / 3 = 8/9
        "workload_balance": (pytest.approx((8 / 9) ** 0.5), pytest.approx(2 / 3)),
        "ownership_coverage": (4, 5),
        "revenue_per_rep": (3000, 2),
        "reassignment_rate": (1, 5),
        "first_response_from_creation": (310 + 1100, 2),
    }


def test_nothing_to_divide_by_is_a_dash(week):
    empty = {"start": at(-90), "end": at(-80), "now": at(-80)}
    assert {figure.shown for figure in eight_figures(**empty)} == {"–"}
    assert {figure.shown for figure in eight_figures(**WEEK, team_ids=[])} == {"–"}
    # Nobody works on anything in the South: of its one rep the mean is zero.
    south = {figure.key: figure for figure in eight_figures(**WEEK, team_ids=[week["south"].pk])}
    assert south["workload_balance"].shown == "–"
    assert south["reassignment_rate"].shown == "0.0 %"


def of(groups, key):
    return {name: parts(figures)[key] for name, figures in groups.items()}


def test_by_rep(week):
    groups = grouped_figures(**WEEK, group_by="rep")
    assert list(groups) == ["Ann", "Bob", "Cem", "Eve", "Nobody"]
    # Ann owns L1 and L6, Bob L2 and L3, Eve L4; L5 is nobody's
    assert of(groups, "lead_conversion") == {
        "Ann": (1, 2), "Bob": (0, 2), "Cem": (0, 0), "Eve": (1, 1), "Nobody": (0, 1),
    }  # fmt: skip
    assert of(groups, "sla_compliance")["Ann"] == (1, 2)
    assert of(groups, "sla_compliance")["Bob"] == (1, 2)
    assert of(groups, "first_response_time")["Bob"] == (180, 1)
    assert of(groups, "workload_balance")["Bob"] == (0, 2)


def test_by_team(week):
    groups = grouped_figures(**WEEK, group_by="team")
    assert of(groups, "lead_conversion") == {"North": (1, 4), "South": (1, 1), "No team": (0, 1)}
    assert of(groups, "workload_balance")["North"] == (
        pytest.approx((8 / 9) ** 0.5),
        pytest.approx(2 / 3),
    )


def test_by_where_leads_come_from(week):
    sources = grouped_figures(**WEEK, group_by="source")
    # google: L1, L2, L4, L6; fair: L3; none: L5
    assert of(sources, "lead_conversion") == {"fair": (0, 1), "google": (2, 4), "No source": (0, 1)}
    # Bob's two open ones are of google; four active reps
    assert of(sources, "workload_balance")["google"] == (pytest.approx(0.75**0.5), 0.5)
    assert of(sources, "revenue_per_rep")["google"] == (4500, 3)
    channels = grouped_figures(**WEEK, group_by="channel")
    assert of(channels, "sla_compliance")["WhatsApp"] == (1, 2)
    campaigns = grouped_figures(**WEEK, group_by="campaign")
    assert of(campaigns, "lead_conversion") == {"Fair": (1, 2), "No campaign": (1, 4)}


def test_by_rule_a_lead_counts_with_the_rule_of_its_first_owner(week):
    groups = grouped_figures(**WEEK, group_by="rule")
    assert of(groups, "lead_conversion") == {"All": (2, 4), "Hot": (0, 1), "No rule": (0, 1)}
    assert of(groups, "sla_compliance")["Hot"] == (1, 2)


def test_by_week(week):
    groups = grouped_figures(start=at(-7), end=at(14), now=NEXT, group_by="week")
    # L0 is of the week before; its clock ended in this one; L6 was assigned in the next one
    assert of(groups, "lead_conversion") == {"2026-02-23": (0, 1), "2026-03-02": (2, 6), "2026-03-09": (0, 0)}
    assert of(groups, "sla_compliance")["2026-03-02"] == (2, 5)
    assert of(groups, "revenue_per_rep")["2026-03-09"] == (0, 1)


def test_reps_of_one_name_stay_apart(week):
    other = world.rep("Ann", team=week["south"])
    groups = grouped_figures(**WEEK, group_by="rep")
    assert f"Ann ({other.user.username})" in groups and "Ann" not in groups


def test_an_unknown_group_is_refused(week):
    with pytest.raises(ValueError, match="colour"):
        grouped_figures(**WEEK, group_by="colour")


def test_the_number_of_queries_is_constant(week, django_assert_num_queries):
    for _ in range(5):
        past.owned(past.lead(at(2)), world.rep(), at(2, 13))
    with django_assert_num_queries(3):
        eight_figures(**WEEK)
    for group_by in ("source", "channel", "rule", "week"):
        with django_assert_num_queries(3):
            grouped_figures(**WEEK, group_by=group_by)
    for group_by in ("rep", "team", "campaign"):
        with django_assert_num_queries(4):
            grouped_figures(**WEEK, group_by=group_by)
