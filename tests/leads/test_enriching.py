"""What follows from what is known, what is kept as it came, and what cannot be used."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from leadrouting.leads.bulk import Enquiry, receive_many
from leadrouting.leads.cleaning import FIELDS, cleaned
from leadrouting.leads.enriching import company_of, language_of, urgency_of, zone_of
from leadrouting.leads.models import Campaign, Lead
from leadrouting.leads.normalise import clean_email
from leadrouting.leads.services import receive_lead
from tests import world


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Bonjour, je voudrais un devis pour 20 licences", "fr"),
        ("Wir suchen ein CRM für 20 Leute", "de"),
        ("Please send me a quote for 20 seats", "en"),
        ("Necesito información sobre los precios", "es"),
        ("Gostaria de receber um orçamento, por favor", "pt"),
        ("नमस्ते मुझे जानकारी चाहिए", "hi"),
        ("请给我打电话,谢谢", "zh"),
        ("Добрый день, нужна цена", "ru"),
        ("ok", ""),
        ("John Smith", ""),
        ("CRM", ""),
        ("john@acme.example https://acme.example/a/b/c", ""),
        ("", ""),
    ],
)
def test_the_language_of_a_text_where_there_is_no_doubt(text, code):
    assert language_of(text) == code


@pytest.mark.parametrize(
    ("phone", "zone"),
    [
        ("+4930123456", "Europe/Berlin"),
        ("+911126162345", "Asia/Calcutta"),
        ("+12125550123", "America/New_York"),
        ("+18005550123", ""),
        ("", ""),
    ],
)
def test_the_zone_of_a_number_where_there_is_but_one(phone, zone):
    assert zone_of(phone) == zone


@pytest.mark.parametrize(
    ("domain", "company"),
    [
        ("acme.example", "Acme"),
        ("mail.acme-corp.co.uk", "Acme Corp"),
        ("acme.com.br", "Acme"),
        ("xn--mnchen-3ya.de", ""),
        ("localhost", ""),
        ("", ""),
    ],
)
def test_the_company_of_a_domain(domain, company):
    assert company_of(domain) == company


@pytest.mark.parametrize(
    ("text", "channel", "urgency"),
    [
        ("We need this ASAP!", "web_form", ("now", "“asap”")),
        ("Bitte dringend anrufen", "email", ("now", "“dringend”")),
        ("Hello", "whatsapp", ("soon", "channel")),
        ("Hello", "web_form", None),
        ("urgentlyish", "web_form", None),
    ],
)
def test_urgency_by_words_and_channel(text, channel, urgency):
    assert urgency_of(text, channel) == urgency


@pytest.mark.parametrize(
    "text",
    ["Jane <Jane@x.de>", "<jane@x.de>", "mailto:jane@x.de", "MAILTO:jane@x.de", "jane@x.de.", " jane@x.de "],
)
def test_an_address_as_mail_programs_write_it(text):
    assert clean_email(text) == "jane@x.de"


@pytest.mark.django_db
def test_what_is_given_wins_and_what_follows_is_marked():
    lead = receive_lead(
        now=world.NOON,
        email="Max@Acme.example",
        phone="030 123456",
        country="Germany",
        message="Wir suchen dringend ein CRM für zwanzig Leute",
    ).lead
    assert (lead.language, lead.time_zone, lead.company, lead.urgency) == (
        "de",
        "Europe/Berlin",
        "Acme",
        "now",
    )
    assert lead.original == {
        "phone": "030 123456",
        "country": "Germany",
        "language": {"from": "text"},
        "time_zone": {"from": "phone"},
        "company": {"from": "e-mail"},
        "urgency": {"from": "“dringend”"},
    }
    told = receive_lead(
        now=world.NOON, email="ben@b.example", company="B Ltd", language="en", urgency="later"
    ).lead
    assert (told.company, told.language, told.urgency, told.original) == ("B Ltd", "en", "later", {})


@pytest.mark.django_db
def test_what_is_told_later_replaces_what_was_only_derived():
    receive_lead(now=world.NOON, email="max@acme.example")
    lead = receive_lead(now=world.NOON, email="max@acme.example", company="Acme Holding").lead
    assert (lead.company, lead.original) == ("Acme Holding", {})
    again = receive_lead(now=world.NOON, email="max@acme.example", company="Other").lead
    assert again.company == "Acme Holding"


@pytest.mark.django_db
def test_numbers_are_read_as_those_of_the_campaigns_country():
    Campaign.objects.create(key="in", name="India", default_country="IN")
    lead = receive_lead(now=world.NOON, name="A", phone="011 2616 2345", campaign="in").lead
    assert (lead.phone, lead.country) == ("+911126162345", "IN")


BAD = {
    "name": "Max",
    "email": "max at acme",
    "phone": "call me",
    "country": "Atlantis",
    "company_size": "about fifty",
    "channel": "pigeon",
    "landing_page": "https://acme.example/" + "x" * 600,
    "attributes": {"no_such": 1},
    "click_ids": "gclid=1",
}


@pytest.mark.django_db
def test_a_lenient_entrance_loses_nothing():
    with pytest.raises(ValidationError):
        receive_lead(now=world.NOON, **BAD)
    lead = receive_lead(now=world.NOON, lenient=True, **BAD).lead
    lead.refresh_from_db()
    assert (lead.name, lead.email, lead.phone, lead.country, lead.company_size) == ("Max", "", "", "", None)
    assert lead.channel == "api" and len(lead.landing_page) == 500 and lead.click_ids == {}
    assert (
        lead.original["email"]["came"] == "max at acme"
        and "not an e-mail" in lead.original["email"]["problem"]
    )
    assert set(lead.original) >= {
        "phone",
        "country",
        "company_size",
        "channel",
        "landing_page",
        "attributes.no_such",
    }


@pytest.mark.django_db
def test_many_as_one_by_one():
    rows = [BAD, {"email": "max@acme.example", "message": "Wir suchen dringend ein CRM für zwanzig Leute"}]
    many = receive_many([Enquiry(dict(row), world.NOON) for row in rows], lenient=True)
    fields = [name for name in FIELDS if name not in ("campaign",)] + ["original"]
    told = [{name: getattr(one.lead, name) for name in fields} for one in many]
    Lead.objects.all().delete()
    alone = [receive_lead(now=world.NOON, lenient=True, **row).lead for row in rows]
    assert told == [{name: getattr(lead, name) for name in fields} for lead in alone]


TEXTS = st.text(max_size=60)


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "name",
                "email",
                "phone",
                "company",
                "message",
                "country",
                "region",
                "language",
                "time_zone",
                "city",
                "urgency",
            ]
        ),
        TEXTS,
    )
)
@settings(max_examples=300, deadline=None)
def test_any_text_is_cleaned_or_refused_in_words(values: dict[str, Any]):
    for lenient in (True, False):
        try:
            clean = cleaned(dict(values), lambda key: None, dict, lenient=lenient, derives=True)
        except ValidationError:
            continue
        assert not any("\0" in str(value) for value in clean.values())
        again = {name: value for name, value in clean.items() if name in FIELDS and value is not None}
        twice = cleaned(again, lambda key: None, dict, lenient=lenient)
        assert {name: twice[name] for name in again} == again
