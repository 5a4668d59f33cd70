"""Which territory a stored tree gives a lead, and who owns it at an instant."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from leadrouting.common.models import Stamp
from leadrouting.engine.territories.nodes import spot
from leadrouting.teams import territories
from leadrouting.teams.models import Absence, Territory, TerritoryOwner
from leadrouting.teams.snapshot import read_people
from tests import world

pytestmark = pytest.mark.django_db
NOON, DAY = world.NOON, timedelta(days=1)


def test_all_kinds_are_read() -> None:
    dach = Territory.objects.create(code="dach", name="DACH", countries=["DE", "AT"])
    Territory.objects.create(
        code="munich", name="Munich", parent=dach, postal_areas=["DE:80", "DE:81000:81999"]
    )
    Territory.objects.create(
        code="large", name="Large", parent=dach, industries=["Software"], size_from=100, size_to=500
    )
    Territory.objects.create(code="acme", name="Acme", accounts=["Acme.com"])
    atlas = read_people(0).atlas
    assert atlas.match(spot("DE", "", "81331")) == ("dach", "munich")
    assert atlas.match(spot("AT", "", "80331")) == ("dach",)
    assert atlas.match(spot("AT", industry="software", size=500)) == ("dach", "large")
    assert atlas.match(spot("AT", industry="software", size=501)) == ("dach",)
    assert atlas.match(spot("FR", account="acme.com")) == ("acme",)


def test_a_scheduled_owner_counts_from_its_instant_until_its_end() -> None:
    lena, ben = world.reps(2)
    dach = Territory.objects.create(code="dach", name="DACH", owner=lena)
    TerritoryOwner.objects.create(territory=dach, rep=ben, valid_from=NOON, valid_until=NOON + DAY)
    atlas, second = read_people(0).atlas, timedelta(seconds=1)
    at = [NOON - second, NOON, NOON + DAY - second, NOON + DAY]
    held = [atlas.holder(("dach",), moment) for moment in at]
    assert [holder.rep for holder in held if holder] == [lena.pk, ben.pk, ben.pk, lena.pk]


def test_two_owners_at_a_time_are_refused() -> None:
    lena, ben = world.reps(2)
    dach = Territory.objects.create(code="dach", name="DACH")
    TerritoryOwner.objects.create(territory=dach, rep=lena, valid_from=NOON)
    with pytest.raises(IntegrityError, match="territory_one_owner_at_a_time"), transaction.atomic():
        TerritoryOwner.objects.create(territory=dach, rep=ben, valid_from=NOON + DAY)
    TerritoryOwner.objects.create(territory=dach, rep=ben, valid_from=NOON - DAY, valid_until=NOON)


def test_the_backup_stands_in_for_who_is_absent_or_switched_off() -> None:
    def taking(now=NOON) -> int:
        who = read_people(0)
        holder = who.atlas.holder(("dach",), now)
        found = who.stand_in(holder.rep, now, who.atlas.backups.get(holder.code))
        return found.rep if found else holder.rep

    own, ben = world.reps(2)
    lena = world.rep(backup=own)
    Territory.objects.create(code="dach", name="DACH", owner=lena, backup=ben)
    assert taking() == lena.pk
    absence = Absence.objects.create(rep=lena, first_day=NOON.date(), last_day=NOON.date())
    assert taking() == ben.pk, "the territory’s backup comes before the rep’s own"
    assert taking(NOON + 2 * DAY) == lena.pk
    absence.delete()
    lena.is_active = False
    lena.save()
    assert taking() == ben.pk
    ben.is_active = False
    ben.save()
    assert taking() == own.pk


def test_owners_for_a_time_bump_the_stamp() -> None:
    dach, lena = Territory.objects.create(code="dach", name="DACH"), world.rep()
    before = Stamp.objects.get().version
    TerritoryOwner.objects.create(territory=dach, rep=lena, valid_from=NOON)
    assert Stamp.objects.get().version > before


def test_the_tree_is_compiled_again_only_when_it_changed() -> None:
    dach = Territory.objects.create(code="dach", name="DACH", countries=["DE"])
    first = territories.tree()
    dach.owner = world.rep()
    dach.save()
    assert territories.tree() is first
    dach.countries = ["FR"]
    dach.save()
    assert territories.tree() is not first
    assert read_people(0).atlas.path("FR", "") == ("dach",)
