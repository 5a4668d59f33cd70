"""Countries, languages, regions and zones in conditions: codes, as leads hold them, whatever people write."""

from __future__ import annotations

from zoneinfo import available_timezones

import pytest
from django.core.exceptions import ValidationError

from leadrouting.common.places import COUNTRIES, country_code
from leadrouting.engine.conditions import ConditionError, check_condition
from leadrouting.engine.describe import describe_condition
from leadrouting.engine.model import Condition
from leadrouting.leads.models import Source
from leadrouting.leads.normalise import clean_country
from leadrouting.leads.services import cleaned
from leadrouting.rules import live
from leadrouting.rules.admin.part_forms import ConditionForm
from leadrouting.rules.catalogue import catalogue, catalogue_with
from leadrouting.rules.documents import draft_of
from leadrouting.rules.files.services import exported_yaml, import_yaml
from leadrouting.rules.files.tree import WrongFile
from leadrouting.rules.models import RuleSet, Version
from leadrouting.rules.services import CannotPublish, publish, roll_back
from tests import world

KNOWN = catalogue_with([])


@pytest.mark.parametrize(
    ("fact", "written", "said"),
    [
        ("country", "india", "“india” is not the code of a country: write IN (India)."),
        ("country", "Deutschland", "“Deutschland” is not the code of a country: write DE (Germany)."),
        ("country", "UK", "“UK” is not the code of a country: write GB (United Kingdom)."),
        ("country", "Indiaa", "Did you mean IN (India)?"),
        ("country", "XX", "Choose one from the list."),
        ("language", "Spanish", "“Spanish” is not the code of a language: write es (Spanish)."),
        ("language", "spansh", "Did you mean es (Spanish)"),
        ("language", "es-MX", "“es-MX” is not the code of a language: write es (Spanish)."),
        ("language", "spa", "write es (Spanish)."),
        ("language", "xx", "is not the code of a language that we know"),
        ("region", "Bavaria", "“Bavaria” is not the code of a region: write DE-BY (Bavaria)."),
        ("region", "Bavarria", "Did you mean DE-BY (Bavaria)"),
        ("region", "CA", "is not the code of a region that we know"),
        ("region", "XX-99", "is not the code of a region that we know"),
        ("time_zone", "GMT+1", "is not a time zone that we know"),
        ("time_zone", "Berlin", "“Berlin” is not a time zone: write Europe/Berlin."),
        ("time_zone", "Asia/Kolkatta", "Did you mean Asia/Kolkata"),
    ],
)
@pytest.mark.parametrize("operator", ["is", "is_not", "is_any_of", "is_none_of"])
def test_names_are_refused_with_the_code_to_write(fact: str, written: str, said: str, operator: str) -> None:
    operand = (written,) if operator.endswith("_of") else written
    with pytest.raises(ConditionError) as refused:
        check_condition(Condition(fact, operator, operand), KNOWN)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("fact", "written"),
    [("country", "in"), ("language", "ES"), ("region", "de-by"), ("region", "FR-75"), ("time_zone", "asia/kolkata"), ("time_zone", "UTC")],
)  # fmt: skip
def test_codes_count_however_they_are_written(fact: str, written: str) -> None:
    check_condition(Condition(fact, "is", written), KNOWN)


def test_everything_that_leads_can_hold_can_be_asked_for() -> None:
    for code in COUNTRIES:
        assert clean_country(code) == code
        check_condition(Condition("country", "is", code), KNOWN)
    for zone in available_timezones():
        check_condition(Condition("time_zone", "is", zone), KNOWN)


def test_every_country_is_found_by_the_name_that_sentences_give_it() -> None:
    codes = KNOWN["country"].codes
    assert codes is not None
    for code, name in codes.names.items():
        assert name and country_code(name) == code


def test_sentences_say_names() -> None:
    condition = Condition("country", "is_any_of", ("IN", "GB"))
    assert describe_condition(condition, KNOWN) == "country is any of India or United Kingdom"
    assert describe_condition(Condition("language", "is", "es"), KNOWN) == "language is Spanish"
    assert describe_condition(Condition("country", "is", "XX"), KNOWN) == "country is XX"


def test_a_lead_that_names_its_language_holds_the_code() -> None:
    assert cleaned({"name": "Ana", "language": "Spanish"})["language"] == "es"
    for written in ("es-MX", "es_ES", "spa", "Español", "SPANISH"):
        assert cleaned({"name": "Ana", "language": written})["language"] == "es"
    assert cleaned({"name": "Ana", "language": "Portuguese"})["language"] == "pt"
    assert cleaned({"name": "Ana", "language": "tlh"})["language"] == "tlh"
    with pytest.raises(ValidationError, match="no language that we know"):
        cleaned({"name": "Ana", "language": "Elvish of Mirkwood"})


def test_a_lead_that_names_a_city_holds_its_zone() -> None:
    for written, zone in (
        ("Berlin", "Europe/Berlin"),
        ("asia/kolkata", "Asia/Kolkata"),
        ("Nowhere", "Nowhere"),
    ):
        assert cleaned({"name": "Ana", "time_zone": written})["time_zone"] == zone


@pytest.fixture
def rules(db: None) -> RuleSet:
    rules = world.rule_set()
    world.rule(rules, world.pool(*world.reps(1)), when=[("country", "is", "india")], name="India")
    return rules


def test_a_draft_from_before_is_not_published_and_says_what_to_write(rules: RuleSet) -> None:
    with pytest.raises(CannotPublish) as refused:
        publish(rule_set=rules, by=None, now=world.NOON)
    assert refused.value.problems == [
        "Rule “India”, condition 1: “india” is not the code of a country: write IN (India)."
    ]


def test_a_version_from_before_goes_on_routing_and_can_be_rolled_back_to(rules: RuleSet) -> None:
    old = Version.objects.create(
        rule_set=rules, number=1, document=draft_of(rules), published_at=world.NOON, is_live=True
    )
    assert live.load(old.pk).at(world.NOON).match({"country": "IN"}) is None
    rules.rules.get().conditions.update(value="IN")
    publish(rule_set=rules, by=None, now=world.NOON)
    assert roll_back(version=old, by=None, now=world.NOON).document == old.document


class TestSources:
    """Leads hold a source's key: a rule that asks for another of its names would wait for ever."""

    SAID = "“AdWords” is not the key of a source: write google."

    @pytest.fixture
    def google(self, db: None) -> Source:
        return Source.objects.create(key="google", name="Google Ads", synonyms=["AdWords"])

    @pytest.mark.parametrize("written", ["AdWords", "Google Ads", "goo gle"])
    def test_another_name_is_refused_with_the_key_to_write(self, google: Source, written: str) -> None:
        for operator, operand in (("is", written), ("is_none_of", ("meta", written))):
            with pytest.raises(ConditionError, match="write google"):
                check_condition(Condition("source", operator, operand), catalogue())

    @pytest.mark.parametrize("written", ["google", "GOOGLE", "Trade fair"])
    def test_keys_and_sources_that_nobody_has_named_may_be_asked_for(
        self, google: Source, written: str
    ) -> None:
        check_condition(Condition("source", "is", written), catalogue())

    def test_it_is_not_published(self, google: Source) -> None:
        rules = world.rule_set()
        world.rule(rules, world.pool(*world.reps(1)), when=[("source", "is", "AdWords")], name="Search")
        with pytest.raises(CannotPublish) as refused:
            publish(rule_set=rules, by=None, now=world.NOON)
        assert refused.value.problems == [f"Rule “Search”, condition 1: {self.SAID}"]

    def test_the_form_refuses_it(self, google: Source) -> None:
        form_of = type("Form", (ConditionForm,), {"known": catalogue(), "codes": {}})
        form = form_of({"fact": "source", "operator": "is", "value": "AdWords", "position": 0})
        assert form.errors["value"] == [self.SAID]

    def test_a_file_and_the_api_refuse_it(self, google: Source) -> None:
        rules = world.rule_set()
        world.rule(rules, world.pool(*world.reps(1)), when=[("source", "is", "google")], name="Search")
        text = exported_yaml(rules).replace("google", "AdWords")
        with pytest.raises(WrongFile) as refused:
            import_yaml(text, by=None, now=world.NOON)
        assert [problem.reason for problem in refused.value.problems] == [self.SAID]
