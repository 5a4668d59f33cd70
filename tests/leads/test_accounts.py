"""Which account a lead belongs to, and whose it is then."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from leadrouting.assignments.rehearsal import rehearse
from leadrouting.assignments.services import route
from leadrouting.assignments.supposing import supposed, supposed_lead
from leadrouting.engine.model import StepKind
from leadrouting.leads.admin.accounts import AccountForm
from leadrouting.leads.bulk import Enquiry, receive_many
from leadrouting.leads.domains import clean_domain
from leadrouting.leads.models import Account, Lead
from leadrouting.leads.normalise import InvalidValue
from leadrouting.leads.services import receive_lead
from leadrouting.teams.models import Territory, User
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def accounts() -> dict[str, Account]:
    made = {
        "acme": world.account("Acme", "acme.example", "acme-group.example"),
        "mail": world.account("Mail", "mail.acme.example"),
        "globex": world.account("Globex GmbH"),
        "twin": world.account("Twin", "twin.example"),
    }
    Account.objects.create(name="Twin Ltd")
    return made


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ({"email": "a@acme.example"}, "acme"),
        ({"email": "a@sales.acme.example"}, "acme"),
        ({"email": "a@acme-group.example"}, "acme"),
        ({"email": "a@eu.acme-group.example"}, "acme"),
        ({"email": "a@mail.acme.example"}, "mail"),
        ({"email": "a@deep.mail.acme.example"}, "mail"),
        ({"email": "a@gmail.com", "company": "GLOBEX"}, "globex"),
        ({"name": "A", "company": "globex, Inc."}, "globex"),
        ({"email": "a@globex.example"}, None),  # derived from the domain, so no proof
        ({"name": "A", "company": "Glóbex Pvt Ltd"}, "globex"),
        ({"name": "A", "company": "Globex Private Limited"}, "globex"),
        ({"name": "A", "company": "GLOBEX S.A."}, "globex"),
        ({"name": "A", "company": "Globex A/S"}, "globex"),
        ({"name": "A", "company": "Globex Sp. z o.o."}, "globex"),
        ({"name": "A", "company": "Globex Sdn. Bhd."}, "globex"),
        ({"name": "A", "company": "Globex Pte. Ltd."}, "globex"),
        ({"name": "A", "company": "Globex Solutions"}, None),
        ({"name": "A", "company": "GmbH"}, None),
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


def test_the_database_refuses_a_longer_circle_whoever_makes_it(accounts):
    acme, mail, globex = (accounts[name] for name in ("acme", "mail", "globex"))
    Account.objects.filter(pk=mail.pk).update(parent=acme)
    Account.objects.filter(pk=globex.pk).update(parent=mail)
    with pytest.raises(IntegrityError, match="above itself"), transaction.atomic():
        Account.objects.filter(pk=acme.pk).update(parent=globex)
    Account.objects.filter(pk=globex.pk).update(parent=acme)


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("Acme.Example", "acme.example"),
        ("https://www.acme.example/about?x=1", "acme.example"),
        ("jane@acme.example.", "acme.example"),
        ("mailto:jane@acme.example", "acme.example"),
        ("xn--mnchen-3ya.example:8080", "münchen.example"),
        ("MÜNCHEN.example", "münchen.example"),
    ],
)
def test_a_domain_in_one_form(text, domain):
    assert clean_domain(text) == domain
    assert clean_domain(domain) == domain


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("gmail.com", "anybody has addresses"),
        ("acme", "is not a domain"),
        ("@", "is not a domain"),
        ("co.uk", "no company's"),
        ("a b.example", "is not a domain"),
        ("x" * 200 + ".example", "is not a domain"),
    ],
)
def test_what_is_no_companys_domain_is_refused_in_words(text, said):
    with pytest.raises(InvalidValue, match=said):
        clean_domain(text)


@given(st.text(max_size=80))
@settings(max_examples=200, deadline=None)
def test_any_text_is_a_domain_or_refused(text):
    try:
        domain = clean_domain(text)
    except InvalidValue:
        return
    assert clean_domain(domain) == domain


def test_both_spellings_of_an_international_domain_match(accounts):
    world.account("München", "münchen.example")
    for domain in ("münchen.example", "xn--mnchen-3ya.example"):
        assert receive_lead(now=world.NOON, email=f"a@{domain}").lead.account.name == "München"


def told(account: Account, **changes: object) -> dict[str, object]:
    return {"name": account.name, "lifetime_value": 0, "domains": ", ".join(account.domain_names)} | changes


def test_domains_are_edited_on_the_accounts_page(client, accounts):
    client.force_login(world.user("Olga", role=User.Role.OPS))
    acme = accounts["acme"]
    page = reverse("admin:leads_account_change", args=[acme.pk])
    assert "acme-group.example, acme.example" in client.get(page).content.decode()
    answer = client.post(page, told(acme, domains="ACME.example; https://acme.de/x\nmail.acme.example"))
    assert "mail.acme.example” is a domain of “Mail” already" in answer.content.decode()
    assert client.post(page, told(acme, domains="ACME.example; https://acme.de/x")).status_code == 302
    assert Account.objects.get(pk=acme.pk).domain_names == ["acme.de", "acme.example"]
    assert client.post(page, told(acme, domains="acme.de gmail.com")).status_code == 200
    found = client.get(reverse("admin:leads_account_changelist"), {"q": "acme.de"})
    assert [one.pk for one in found.context["cl"].result_list] == [acme.pk]


def test_a_territory_knows_an_account_by_any_of_its_domains(accounts):
    Territory.objects.create(code="key", name="Key", accounts=["acme-group.example"])
    lead = receive_lead(now=world.NOON, email="a@acme.example").lead
    assert supposed_lead(lead, now=world.NOON).facts["territory"] == ["key"]
    world.live(world.rep())
    route(lead.pk, now=world.NOON)
    assert lead.decisions.get().facts["territory"] == ["key"]
