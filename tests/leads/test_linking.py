"""Leads that came before their account are linked to it when it is made or gets a domain."""

from __future__ import annotations

import pytest
from django.urls import reverse

from leadrouting.assignments.models import Proposal
from leadrouting.assignments.services import route
from leadrouting.engine.model import StepKind
from leadrouting.leads import linking
from leadrouting.leads.models import Account, Lead
from leadrouting.leads.services import receive_lead
from leadrouting.leads.tasks import link_leads
from leadrouting.rules.models import RuleSet
from leadrouting.rules.services import publish
from leadrouting.teams.models import User
from tests import world

pytestmark = pytest.mark.django_db


def came(**values: object) -> Lead:
    return receive_lead(now=world.NOON, **values).lead


def test_by_domain_and_by_name_the_open_ones_and_no_others():
    domain, above, name = (
        came(email="a@acme.example"),
        came(email="a@eu.acme.example"),
        came(company="ACME, Inc."),
    )
    others = came(email="a@other.example"), came(email="acme.example@gmail.com")
    closed = came(email="b@acme.example")
    Lead.objects.filter(pk=closed.pk).update(status="junk", closed_at=world.NOON)
    account = world.account("Acme", "acme.example")
    assert linking.link([account.pk], world.NOON) == 3
    assert linking.link([account.pk], world.NOON) == 0
    assert set(account.leads.all()) == {domain, above, name}
    assert "acme.example" in domain.activities.get().text
    assert "by the company’s name" in name.activities.get().text
    assert not any(lead.activities.exists() for lead in (*others, closed))


def test_a_longer_domain_of_another_account_counts_and_two_of_a_name_do_not():
    deep, twin = came(email="a@mail.acme.example"), came(company="Twin")
    world.account("Mail", "mail.acme.example")
    acme, one, _ = world.account("Acme", "acme.example"), world.account("Twin"), world.account("Twin Ltd")
    linking.link([acme.pk, one.pk], world.NOON)
    assert Lead.objects.get(pk=deep.pk).account.name == "Mail"
    assert Lead.objects.get(pk=twin.pk).account is None


def test_many_in_a_few_queries_and_very_many_by_a_worker(django_assert_max_num_queries, monkeypatch):
    Lead.objects.bulk_create(
        Lead(name=f"L{n}", email_domain="acme.example", email_kind="business") for n in range(40)
    )
    account = world.account("Acme", "acme.example")
    monkeypatch.setattr(linking, "AT_ONCE", 39)
    assert linking.link_soon([account.pk], world.NOON) is None
    assert not account.leads.exists()
    with django_assert_max_num_queries(16):
        assert link_leads([account.pk]) == 40


@pytest.mark.parametrize("on_update", [RuleSet.OnUpdate.BEFORE_ACCEPTANCE, RuleSet.OnUpdate.PROPOSE])
def test_owners_change_only_as_the_rules_say(client, django_capture_on_commit_callbacks, on_update):
    lena, ben = world.reps(2)
    rules = world.rule_set()
    rules.on_update = on_update
    rules.save()
    world.rule(rules, StepKind.ACCOUNT_OWNER, when=[("has_account", "is", True)])
    world.rule(rules, ben)
    publish(rule_set=rules, by=None, now=world.NOON)
    lead = came(email="a@acme.example")
    route(lead.pk, now=world.NOON)
    client.force_login(world.user("Olga", role=User.Role.OPS))
    told = {"name": "Acme", "domains": "acme.example", "owner": lena.pk, "lifetime_value": 0}
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("admin:leads_account_add"), told, follow=True)
    assert "1 earlier lead without an account now belongs to it" in answer.content.decode()
    lead.refresh_from_db()
    assert lead.account == Account.objects.get()
    assert lead.activities.filter(kind="note").count() == 1
    proposes = on_update == RuleSet.OnUpdate.PROPOSE
    assert lead.owner == (ben if proposes else lena)
    assert Proposal.objects.filter(state="open").exists() is proposes
