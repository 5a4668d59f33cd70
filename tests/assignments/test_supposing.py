"""A dry run considers what routing would: owners, who had the lead, how long it waits, its campaign."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError

from leadrouting.assignments.models import Decision
from leadrouting.assignments.orders import Cause, Order
from leadrouting.assignments.rehearsal import rehearse
from leadrouting.assignments.replaying import differences
from leadrouting.assignments.routing import route_many
from leadrouting.assignments.supposing import supposed, supposed_lead
from leadrouting.engine.model import OWNERS
from leadrouting.leads.models import Campaign, Lead
from leadrouting.rules.documents import draft_of
from leadrouting.rules.live import ready
from leadrouting.teams.models import INTAKE, RepSkill
from leadrouting.teams.presence import seen
from tests import world

pytestmark = pytest.mark.django_db
NOON = world.NOON
ACCOUNT, PREVIOUS, TERRITORY = OWNERS


def arrive(**values) -> Lead:
    values = {"name": "Jane", "queue_id": INTAKE, "created_at": NOON, **values}
    (lead,) = Lead.objects.bulk_create([Lead(**values)])
    return lead


def tried(given: dict, **options):
    return rehearse(supposed(given, now=NOON), now=NOON, **options)


@pytest.mark.parametrize(
    ("kind", "fact"), [(ACCOUNT, "account_owner_known"), (PREVIOUS, "previous_owner_known")]
)
def test_owners_can_be_made_up(kind, fact):
    lena, ann = world.rep("Lena"), world.rep("Ann")
    world.live(kind, ann, when=[(fact, "is", "yes")])
    assert tried({kind.value: lena.pk}).verdict.rep == lena.pk
    assert tried({}).rule_name == ""
    with pytest.raises(ValidationError, match="There is no rep with the number “999999”"):
        supposed({kind.value: 999999}, now=NOON)


def test_a_made_up_lead_with_an_account_owner_has_an_account():
    seen = supposed({"account_owner": str(world.rep().pk)}, now=NOON).facts
    assert seen["has_account"] is True and seen["account_owner_known"] is True


def test_a_stored_lead_goes_to_nobody_who_had_it_and_has_waited_as_long_as_it_has():
    ann, ben = world.reps(2)
    away = world.rep(presence="away")
    world.live((world.pool(ann, ben, away), {"wait": 10}), world.queue("Night desk"))
    lead = arrive()
    route_many([Order(lead.pk)], NOON)
    lead.refresh_from_db()
    assert lead.owner == ann
    assert rehearse(supposed_lead(lead, now=NOON), now=NOON).verdict.rep == ben.pk
    moment = NOON + timedelta(minutes=1)
    route_many([Order(lead.pk, Cause.BREACH)], moment)
    route_many([Order(lead.pk, Cause.BREACH)], moment + timedelta(minutes=1))
    lead.refresh_from_db()
    assert lead.owner is None and supposed_lead(lead, now=moment).since == moment + timedelta(minutes=1)
    assert rehearse(supposed_lead(lead, now=NOON), now=moment + timedelta(minutes=5)).verdict.held
    over = rehearse(supposed_lead(lead, now=NOON), now=moment + timedelta(minutes=11))
    assert not over.verdict.held and "within 10 minutes" in over.sentence


def test_a_campaign_that_is_not_routed_is_told_and_no_rule_is_asked():
    world.live(world.rep())
    fair = Campaign.objects.create(key="fair", name="Spring fair", is_routed=False)
    for asked in (supposed({"campaign": "fair"}, now=NOON), supposed_lead(arrive(campaign=fair), now=NOON)):
        run = rehearse(asked, now=NOON)
        assert run.unrouted and run.verdict.queue == INTAKE and "“Spring fair”" in run.sentence


def test_skills_and_presence_count_and_a_draft_can_be_asked(django_assert_num_queries):
    cache.clear()
    ann, ben = world.reps(2)
    danish = world.skill("Danish")
    RepSkill.objects.create(rep=ben, skill=danish, level=3)
    rules = world.rule_set()
    rule = world.rule(rules, (world.pool(ann, ben), {"only_present": True}), skills=[(danish, 3)])
    live = ready(draft_of(rules))
    assert tried({}, live=live).verdict.rep is None
    seen(ben.pk, NOON)
    asked = supposed({}, now=NOON)
    with django_assert_num_queries(5):  # stamp, turns, who is present, pools, queues
        assert rehearse(asked, now=NOON, live=live).verdict.rep == ben.pk
    rule.targets.update(only_present=False)
    live = ready(draft_of(rules))
    with django_assert_num_queries(4):
        assert rehearse(asked, now=NOON, live=live).verdict.rep == ben.pk


def test_a_spent_breach_as_the_first_engine_stored_it_is_no_difference():
    world.live(world.pool(*world.reps(2)))
    lead = arrive()
    route_many([Order(lead.pk)], NOON)
    route_many([Order(lead.pk, Cause.BREACH, to_catch_all=True)], NOON + timedelta(hours=1))
    spent = Decision.objects.get(cause=Cause.BREACH)
    assert spent.rule_id is not None and list(differences([spent])) == []
    spent.rule_id = None
    assert list(differences([spent])) == []
