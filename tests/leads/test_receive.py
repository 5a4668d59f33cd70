"""The end of every entrance: what is typed comes in one form, or comes back with a message per field."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connections

from leadrouting.leads.models import Campaign, Lead
from leadrouting.leads.services import receive_lead
from tests import world

pytestmark = pytest.mark.django_db


def receive(**values) -> Lead:
    return receive_lead(now=world.NOON, **values).lead


def errors(**values) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as refused:
        receive(**values)
    assert not Lead.objects.exists()
    return refused.value.message_dict


def test_normalised():
    lead = receive(name="  Jane \n Doe ", email=" Jane.Doe@Example.COM ", phone="030 123456", country="de")
    assert (lead.name, lead.email, lead.phone, lead.country) == (
        "Jane Doe",
        "jane.doe@example.com",
        "+4930123456",
        "DE",
    )
    assert (lead.email_domain, lead.email_kind) == ("example.com", "business")


def test_the_country_follows_from_the_phone():
    assert receive(phone="+91 98765 43210").country == "IN"


@pytest.mark.parametrize(
    ("values", "field", "says"),
    [
        ({"email": "jane@"}, "email", "not an e-mail address"),
        ({"phone": "12"}, "phone", "country code"),
        ({"name": "Jane", "colour": "red"}, "colour", "There is no field"),
        ({"name": "Jane", "campaign": "spring"}, "campaign", "no campaign"),
        ({"name": "Jane", "priority": "very"}, "priority", "not a valid choice"),
        ({"name": "Jane", "company_size": "many"}, "company_size", "integer"),
        ({"country": "DE"}, "__all__", "at least one of"),
        ({"name": "Jane", "region": "Middle Earth and beyond"}, "region", "is no region that we know"),
        ({"name": "Jane", "country": "XX"}, "country", "“XX” is not a country code: use the two letters"),
    ],
)
def test_bad_input_is_told_by_field_and_nothing_is_saved(values, field, says):
    assert says in " ".join(errors(**values)[field])


def test_all_errors_at_once():
    assert set(errors(email="x@", phone="1", nonsense=1)) == {"email", "phone", "nonsense"}


def test_a_campaign_fills_what_is_not_said():
    Campaign.objects.create(key="spring", name="Spring", source="google", medium="cpc", product="crm")
    lead = receive(name="Jane", campaign="spring", medium="email")
    assert (lead.source, lead.medium, lead.product) == ("google", "email", "crm")


def test_the_account_is_found_by_the_domain():
    account = world.account("Acme", "acme.example")
    assert receive(email="a@acme.example").account == account


def test_a_repeat_enquiry_joins_its_open_lead():
    first = receive(email="jane@example.com", message="Hello")
    again = receive_lead(now=world.NOON, email="JANE@example.com", company="Acme", message="Hello again")
    assert not again.created
    assert again.lead == first
    assert again.lead.company == "Acme"
    assert again.lead.activities.get().text == "Hello again"


def test_a_repeat_enquiry_after_closing_is_a_new_lead_that_knows_the_old_owner():
    ann = world.rep("Ann")
    world.live(ann)
    first = receive(email="jane@example.com")
    from leadrouting.assignments import ownership
    from leadrouting.assignments.services import route

    route(first.pk, now=world.NOON)
    ownership.close(lead_id=first.pk, by=ann.user, outcome="junk", now=world.NOON)
    again = receive_lead(now=world.NOON, email="jane@example.com")
    assert again.created
    assert again.lead.is_repeat
    assert again.lead.previous_owner == ann


@pytest.mark.django_db(transaction=True)
def test_the_same_person_twice_in_the_same_moment_is_one_lead():
    def enquire(number: int) -> bool:
        try:
            return receive_lead(now=world.NOON, email="jane@example.com", message=f"Enquiry {number}").created
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        created = list(threads.map(enquire, range(8)))

    assert sorted(created) == [False] * 7 + [True]
    assert Lead.objects.get().activities.filter(kind="enquiry").count() == 7


def test_an_unknown_campaign_loses_no_lead_where_nobody_reads_errors(db):
    lead = receive(name="Jane Doe", campaign="spring-27", lenient=True)
    assert lead.campaign is None
    assert lead.original["campaign"]["came"] == "spring-27"
    assert "no campaign" in lead.original["campaign"]["problem"]
    with pytest.raises(ValidationError):
        receive(name="Jane Doe", campaign="spring-27")


@pytest.mark.parametrize("said", ["spring-26", "SPRING-26", " Spring Fair ", "spring fair"])
def test_a_campaign_is_known_by_key_and_by_name(db, said):
    campaign = Campaign.objects.create(name="Spring Fair", key="spring-26")
    assert receive(name="Jane Doe", campaign=said).campaign == campaign


def test_a_name_of_two_campaigns_names_neither(db):
    for key in ("spring-26", "spring-27"):
        Campaign.objects.create(name="Spring Fair", key=key)
    assert receive(name="Jane", campaign="spring fair", lenient=True).campaign is None
