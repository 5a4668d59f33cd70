"""`manage.py demo` twice: the second time changes nothing. And a report's suggestion, replayed."""

import re
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from config.demo import LOGINS, SERVICE
from leadrouting.analytics.models import RebalanceReport
from leadrouting.assignments.models import Decision
from leadrouting.engine.prepared import prepare_rule
from leadrouting.intake.furnishing import furnish
from leadrouting.intake.models import Form
from leadrouting.intake.packs import load_pack
from leadrouting.leads.models import Lead
from leadrouting.notifications.models import Sequence
from leadrouting.notifications.prospects.words import problems
from leadrouting.notifications.sequences.beginning import asked
from leadrouting.rules.asking import asking
from leadrouting.rules.catalogue import catalogue
from leadrouting.rules.models import ScoreRule, Version
from leadrouting.teams.models import Membership, Quota, Rep, User
from tests import world

UNTIL = datetime(2026, 3, 4, 15, tzinfo=UTC)


def said(command: str, *args: str, **options) -> str:
    out = StringIO()
    call_command(command, *args, stdout=out, **options)
    return out.getvalue()


@pytest.mark.django_db
def test_the_demo_is_set_up_once_and_kept(client):
    first = said("demo", leads=30, days=4)
    counts = Lead.objects.count(), Decision.objects.count(), Version.objects.count(), Rep.objects.count()
    lena = User.objects.get(username="lena.brandt")
    lena.set_password("a better one")
    lena.save()

    second = said("demo", leads=30, days=4)

    assert counts[0] > 20
    assert Rep.objects.get(user__username="jonas.weber").started_on  # somebody new, and somebody with a quota
    assert Quota.objects.get().rep.user.username == "tomasz.wojcik"
    assert counts == (
        Lead.objects.count(),
        Decision.objects.count(),
        Version.objects.count(),
        Rep.objects.count(),
    )
    assert second in first
    assert said("demo", logins=True) == second
    lena.refresh_from_db()
    assert lena.check_password("a better one")
    for login in LOGINS:
        assert login.username in second
        assert login.username == "lena.brandt" or client.login(
            username=login.username, password=login.password
        )
    token = re.search(r"API token +(\w{40})", second)
    assert token and User.objects.get(username=SERVICE).auth_token.key == token[1]


@pytest.mark.django_db
def test_the_demo_opens_no_known_password_where_others_work():
    world.rep("Somebody Else")

    assert "not the demo's" in said("demo")
    assert not User.objects.filter(username="lena.brandt").exists()


@pytest.mark.django_db
def test_the_demo_is_not_for_production(settings):
    settings.SECURE_HTTPS = True

    assert "in production" in said("demo")
    assert not Rep.objects.exists()


@pytest.mark.django_db
def test_a_suggestion_replayed_on_the_same_leads_reaches_the_index_that_it_predicted():
    load_pack("software", now=UNTIL, since=UNTIL - timedelta(days=60))
    said("simulate", leads=140, days=15, until=UNTIL.isoformat())
    weights = list(Membership.objects.order_by("id").values_list("weight", flat=True))

    told = said("simulate", replay="latest")

    pairs = re.findall(r"predicted ([\d.]+), reached ([\d.]+)", told)
    assert pairs
    assert all(float(reached) == pytest.approx(float(predicted), abs=0.04) for predicted, reached in pairs)
    for before, after in zip(pairs[::2], pairs[1::2], strict=True):
        assert float(after[1]) < float(before[1])
    assert list(Membership.objects.order_by("id").values_list("weight", flat=True)) == weights


@pytest.mark.django_db
def test_a_report_that_is_not_there_is_said():
    assert not RebalanceReport.objects.exists()
    with pytest.raises(CommandError, match="no such report"):
        said("simulate", replay="7")


@pytest.mark.django_db
def test_without_rules_there_is_nothing_to_simulate():
    with pytest.raises(CommandError, match="No rule set is live"):
        said("simulate", leads=3, days=1)


@pytest.mark.django_db
def test_routing_by_hand_says_why():
    lead = world.lead()
    ann = world.rep("Ann Archer")
    world.live(world.pool(ann, name="Sales"), name="All to sales")

    told = said("route", str(lead.pk))

    assert "1 routed: 1 have an owner" in told
    assert f"{lead.pk}: " in told and "Ann Archer" in told
    assert "Nothing to route" in said("route", all=True)
    with pytest.raises(CommandError, match="Name leads"):
        said("route")


@pytest.mark.django_db
def test_the_demo_is_furnished_with_what_its_forms_would_accept():
    load_pack("software", now=UNTIL)
    for _ in range(2):
        furnish()
    assert Form.objects.get().fields.count() == 5
    known = catalogue()
    for one in Sequence.objects.prefetch_related("conditions"):
        prepare_rule(asked(one), known)
        assert all(not problems(step.body) for step in one.steps.filter(does="email"))
    for rule in ScoreRule.objects.prefetch_related("conditions"):
        prepare_rule(asking(rule.pk, rule.name, rule.conditions.all(), rule.logic), known)
    assert Sequence.objects.count() == 2 and ScoreRule.objects.count() == 3
