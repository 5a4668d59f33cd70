"""Packs load as a whole, once, and their golden cases go where the pack says."""

from datetime import UTC, datetime

import pytest

from leadrouting.intake.packs import PackError, go_live, load_pack, pack_names, read_pack
from leadrouting.intake.packs.golden import failures
from leadrouting.intake.packs.loading import weekdays
from leadrouting.intake.packs.rules import condition, step
from leadrouting.rules.models import Rule, Version
from leadrouting.teams.models import Absence, Pool, Rep, RepSkill, Team, Territory

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)


@pytest.mark.django_db
@pytest.mark.parametrize("name", pack_names())
def test_the_golden_cases_go_where_the_pack_says(name):
    load_pack(name, now=NOW)

    assert list(failures(read_pack(name))) == []


@pytest.mark.django_db
def test_the_software_pack_is_the_company_of_the_demo():
    load_pack("software", now=NOW)

    assert Team.objects.count() == 4
    assert Rep.objects.count() == 20
    assert Team.objects.values("office_hours__time_zone").distinct().count() == 4
    assert 22 <= Rule.objects.count() <= 30
    assert not Rule.objects.filter(note="").exists()
    assert Absence.objects.filter(first_day=datetime(2026, 5, 23, tzinfo=UTC).date()).exists()


@pytest.mark.django_db
def test_it_knows_backups_languages_and_territories_of_pools():
    load_pack("software", now=NOW)

    marcus = Rep.objects.get(user__username="marcus.johnson")
    assert str(marcus.backup) == "Lena Brandt"
    assert Absence.objects.filter(rep=marcus, backup=marcus.backup).exists()
    assert Territory.objects.get(code="dach").pool.name == "DACH account executives"
    assert str(Territory.objects.get(code="iberia").backup) == "Giulia Ferrari"
    spanish = Pool.objects.get(name="Spanish round robin")
    assert spanish.language == 3
    speakers = RepSkill.objects.filter(skill__kind="language", level__gte=3).values_list("rep", flat=True)
    assert set(spanish.memberships.values_list("rep", flat=True)) <= set(speakers)


@pytest.mark.django_db
def test_a_pack_that_is_there_already_is_left_as_it_is():
    first = load_pack("software", now=NOW)
    Pool.objects.filter(name="WhatsApp desk").update(name="Chat desk")

    again = load_pack("software", now=NOW)

    assert (first.is_new, again.is_new) == (True, False)
    assert not Pool.objects.filter(name="WhatsApp desk").exists()
    assert Version.objects.count() == 1


@pytest.mark.django_db
def test_going_live_again_publishes_only_what_is_not_live():
    software = load_pack("software", now=NOW).rule_set
    load_pack("olist", now=NOW)

    assert go_live(software, NOW) is True
    assert go_live(software, NOW) is False
    assert Version.objects.get(is_live=True).rule_set == software


def test_an_unknown_pack_is_answered_with_those_that_are_there():
    with pytest.raises(PackError, match=r"no pack “solar”.*software"):
        read_pack("solar")


def test_days_may_run_over_the_end_of_the_week():
    assert list(weekdays("sun-tue")) == [6, 0, 1]
    assert list(weekdays("sat")) == [5]


def test_a_line_that_cannot_be_read_says_what_to_write():
    with pytest.raises(PackError, match="fact, operator, value"):
        condition("country", "A rule")
    with pytest.raises(PackError, match="is no step"):
        step("team: Sales", "A rule", {})
