"""Countries and regions by names, codes and usual spellings; what is not certain stays as it was written."""

import pytest

from leadrouting.common.places import country_code, region_code
from leadrouting.leads.services import receive_lead
from tests import world


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("de", "DE"),
        ("Deutschland", "DE"),
        ("Allemagne", "DE"),
        ("DEU", "DE"),
        ("U.K.", "GB"),
        ("UK", "GB"),
        ("Great Britain", "GB"),
        ("u.s.a.", "US"),
        ("The Netherlands", "NL"),
        ("Holland", "NL"),
        ("Österreich", "AT"),
        ("Turkey", "TR"),
        ("Czech Republic", "CZ"),
        ("Atlantis", ""),
        ("XX", ""),
        ("", ""),
    ],
)
def test_countries(text: str, code: str) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize(
    ("text", "country", "code"),
    [
        ("DE-BY", "", "DE-BY"),
        ("de-by", "DE", "DE-BY"),
        ("by", "DE", "DE-BY"),
        ("Bayern", "DE", "DE-BY"),
        ("Bavaria", "", "DE-BY"),
        ("baden-wurttemberg", "DE", "DE-BW"),
        ("California", "", "US-CA"),
        ("CA", "US", "US-CA"),
        ("CA", "", ""),
        ("Vienna", "AT", "AT-9"),
        ("Île-de-France", "FR", "FR-IDF"),
        ("Bayern", "FR", ""),
        ("Middle Earth", "DE", ""),
    ],
)
def test_regions(text: str, country: str, code: str) -> None:
    assert region_code(text, country) == code


@pytest.mark.django_db
def test_a_lead_is_kept_with_codes_where_they_are_certain() -> None:
    lead = receive_lead(now=world.NOON, name="Jane", country="Deutschland", region="Bavaria").lead
    assert (lead.country, lead.region) == ("DE", "DE-BY")
    lead = receive_lead(now=world.NOON, name="Ann", country="DE", region="Somewhere").lead
    assert (lead.country, lead.region) == ("DE", "Somewhere")


@pytest.mark.django_db
def test_names_that_are_longer_than_codes_come_in_too() -> None:
    lead = receive_lead(now=world.NOON, name="Jane", country="Germany", region="North Rhine-Westphalia").lead
    assert lead.region == "DE-NW"
