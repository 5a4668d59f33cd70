"""Which account a lead belongs to, and whose it is then."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from leadrouting.assignments.rehearsal import rehearse
from leadrouting.assignments.services import route
from leadrouting.assignments.supposing import supposed, supposed_lead
from leadrouting.engine.model import StepKind
from leadrouting.leads.admin.origins import AccountForm
from leadrouting.leads.bulk import Enquiry, receive_many
from leadrouting.leads.models import Account, Lead
from leadrouting.leads.services import receive_lead
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def accounts() -> dict[str, Account]:
    names = {"acme": "acme.example", "mail": "mail.acme.example", "globex": "", "twin": "twin.example"}
    made = {
        key: Account.objects.create(name=key.capitalize(), domain=domain) for key, domain in names.items()
    }
    made["globex"].name = "Globex GmbH"
    made["globex"].save()
    Account.objects.create(name="Twin Ltd")
    return made


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ({"email": "a@acme.example"}, "acme"),
        ({"email": "a@sales.acme.example"}, "acme"),
        ({"email": "a@mail.acme.example"}, "mail"),
        ({"email": "a@deep.mail.acme.example"}, "mail"),
        ({"email": "a@gmail.com", "company": "GLOBEX"}, "globex"),
        ({"name": "A", "company": "globex, Inc."}, "globex"),
        ({"email": "a@globex.example"}, None),  # derived from the domain, so no proof
        ({"name": "A", "company": "Twin"}, None),  # two of them
        ({"email": "a@gmail.com"}, None),
        ({"email": "a@acme.co.uk"}, None),
        ({"name": "A"}, None),
    ],
)
def test_by_domain_else_by_the_only_name(accounts, said, key):
    expected = accounts[key] if key else None
    assert receive_lead(now=world.NOON, **said).lead.account == expected
    assert supposed(said, now=world.NOON).facts.get("has_account", False) is (expected is not None)
    Lead.objects.all().delete()
    (many,) = receive_many([Enquiry(said, world.NOON)])
    assert many.lead.account == expected


def test_many_are_matched_with_one_query(accounts, django_assert_max_num_queries):
    rows = [Enquiry({"email": f"a@x{n}.acme.example", "company": f"C{n}"}, world.NOON) for n in range(40)]
    with django_assert_max_num_queries(14):
        answers = receive_many(rows)
    assert {one.lead.account for one in answers} == {accounts["acme"]}


def test_the_nearest_owner_above_counts(accounts):
    top, middle = world.reps(2)
    grand = Account.objects.create(name="Holding", owner=top)
    parent = Account.objects.create(name="Region", parent=grand)
    Account.objects.filter(pk=accounts["acme"].pk).update(parent=parent)
    world.live(StepKind.ACCOUNT_OWNER)
    for owner in (top, middle):
        lead = receive_lead(now=world.NOON, email=f"a{owner.pk}@acme.example").lead
        assert rehearse(supposed_lead(lead, now=world.NOON), now=world.NOON).verdict.rep == owner.pk
        route(lead.pk, now=world.NOON)
        assert Lead.objects.get(pk=lead.pk).owner == owner
        parent.owner = middle
        parent.save()


def test_nothing_lies_above_itself(accounts):
    acme, mail = accounts["acme"], accounts["mail"]
    Account.objects.filter(pk=mail.pk).update(parent=acme)
    form = AccountForm({"name": "Acme", "parent": mail.pk, "lifetime_value": 0}, instance=acme)
    form.fields["parent"].queryset = Account.objects.all()
    assert "lies below this account" in str(form.errors["parent"])
    with pytest.raises(IntegrityError):
        Account.objects.filter(pk=acme.pk).update(parent=acme)
