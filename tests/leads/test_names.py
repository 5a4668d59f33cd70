"""Names of people, as they write themselves."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadrouting.leads.bulk import Enquiry, receive_many
from leadrouting.leads.names import clean_name
from leadrouting.leads.services import receive_lead
from tests import world


@pytest.mark.parametrize(
    ("came", "name"),
    [
        ("  JANE   DOE ", "Jane Doe"),
        ("jane doe", "Jane Doe"),
        ("Jane\u200b Do\u00ade", "Jane Doe"),
        ("RONALD MCDONALD", "Ronald McDonald"),
        ("shaquille o'neill", "Shaquille O'Neill"),
        ("BEVERLY D’ANGELO", "Beverly D’Angelo"),
        ("LUDWIG VAN BEETHOVEN", "Ludwig van Beethoven"),
        ("jan van der berg", "Jan van der Berg"),
        ("maria de la cruz", "Maria de la Cruz"),
        ("JEAN-LUC PICARD", "Jean-Luc Picard"),
        ("HENRY FORD III", "Henry Ford III"),
        ("ÉMILE ZOLA", "Émile Zola"),
        ("Doe, Jane", "Jane Doe"),
        ("VAN DER BERG, JAN", "Jan van der Berg"),
        ("Jane Doe, PhD", "Jane Doe, PhD"),
        ("King, Jr.", "King, Jr."),
        ("Acme, Inc.", "Acme, Inc."),
        ("Jane, John, Jim", "Jane, John, Jim"),
        ("Dr. Jane Doe", "Dr. Jane Doe"),
        ("DR. JANE DOE", "Dr. Jane Doe"),
        ("Angus MacDonald", "Angus MacDonald"),
        ("bell hooks Jr", "bell hooks Jr"),
        ("JD", "JD"),
        ("李小龙", "李小龙"),
        ("محمد علي", "محمد علي"),
        ("अमिताभ बच्चन", "अमिताभ बच्चन"),
        ("jane@acme.example", "jane@acme.example"),
        ("LEAD 12", "LEAD 12"),
        ("", ""),
    ],
)
def test_as_they_write_themselves(came, name):
    assert clean_name(came) == name


@given(st.text(max_size=40))
@settings(max_examples=300, deadline=None)
def test_a_clean_name_stays_as_it_is(text):
    once = clean_name(text)
    assert " ".join(once.split()) == once


@pytest.mark.django_db
def test_what_came_is_kept_and_companies_keep_their_case():
    said = {"name": "DOE, JANE", "company": "  ACME   GMBH "}
    lead = receive_lead(now=world.NOON, **said).lead
    assert (lead.name, lead.original["name"], lead.company) == ("Jane Doe", "DOE, JANE", "ACME GMBH")
    assert receive_lead(now=world.NOON, name="JIM DOE").lead.original["name"] == "JIM DOE"
    (many,) = receive_many([Enquiry({"name": "john o'neill"}, world.NOON)])
    assert (many.lead.name, many.lead.original["name"]) == ("John O'Neill", "john o'neill")
