"""Half days, backups, and absences that overlap."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from leadrouting.common.models import Stamp
from leadrouting.engine.roster import Why
from leadrouting.teams.availability import absence_at
from leadrouting.teams.models import Absence, Rep
from leadrouting.teams.snapshot import People, read_people
from tests import world

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 3, 2)
DAY = {"first_day": MONDAY, "last_day": MONDAY}


def people() -> People:
    return read_people(Stamp.objects.values_list("version", flat=True).first() or 0)


def at(hour: int, minute: int = 0, day: int = 2) -> datetime:
    """In UTC. Kolkata is five and a half hours ahead: noon there is 06:30."""
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("half", "gone", "there"),
    [
        ({}, [at(18, 30, day=1), at(6, 29), at(6, 30), at(18, 29)], [at(18, 29, day=1), at(18, 30)]),
        ({"from_noon": True}, [at(6, 30), at(18, 29)], [at(6, 29), at(18, 30)]),
        ({"until_noon": True}, [at(18, 30, day=1), at(6, 29)], [at(6, 30), at(18, 29, day=1)]),
    ],
)
def test_half_days_turn_at_noon_where_the_rep_is(half, gone, there):
    rep = world.rep(time_zone="Asia/Kolkata")
    absence = Absence.objects.create(rep=rep, **DAY, **half)
    person = people().reps[rep.pk]
    for now in gone:
        assert person.unavailable(now) is Why.ABSENT and absence_at(rep, now) == absence, now
    for now in there:
        assert person.unavailable(now) is None and absence_at(rep, now) is None, now


def test_noon_is_noon_on_the_day_the_clocks_change():
    rep = world.rep(time_zone="Europe/Berlin")
    Absence.objects.create(rep=rep, first_day=date(2026, 3, 29), last_day=date(2026, 3, 29), until_noon=True)
    person = people().reps[rep.pk]
    assert person.is_absent(datetime(2026, 3, 28, 23, 0, tzinfo=UTC))
    assert person.is_absent(datetime(2026, 3, 29, 9, 59, tzinfo=UTC))
    assert not person.is_absent(datetime(2026, 3, 29, 10, 0, tzinfo=UTC))


def test_two_halves_of_a_day_fit_together():
    rep = world.rep()
    Absence.objects.create(rep=rep, **DAY, until_noon=True)
    second = Absence(rep=rep, **DAY, from_noon=True)
    second.full_clean()
    second.save()


@pytest.mark.parametrize("half", [{}, {"from_noon": True}])
def test_overlapping_absences_are_refused(half):
    rep = world.rep()
    Absence.objects.create(rep=rep, **DAY, from_noon=True)
    again = Absence(rep=rep, first_day=MONDAY, last_day=date(2026, 3, 4), **half)
    with pytest.raises(ValidationError, match="already absent on some of these days"):
        again.full_clean()
    with pytest.raises(IntegrityError, match="absence_no_overlap"), transaction.atomic():
        again.save()


def test_an_absence_of_nothing_is_refused():
    with pytest.raises(ValidationError, match="away from noon and back at noon"):
        Absence(rep=world.rep(), **DAY, from_noon=True, until_noon=True).full_clean()


def test_nobody_is_their_own_backup():
    rep = world.rep()
    rep.backup = rep
    with pytest.raises(ValidationError, match="Nobody is their own backup"):
        rep.full_clean()
    with pytest.raises(ValidationError, match="Nobody is their own backup"):
        Absence(rep=rep, **DAY, backup=rep).full_clean()


def test_an_absence_in_words():
    def said(**values) -> str:
        return Absence(**{**DAY, **values}).in_words

    assert said() == "2 Mar 2026"
    assert said(from_noon=True) == "2 Mar 2026, from noon"
    assert said(until_noon=True) == "2 Mar 2026, until noon"
    assert said(last_day=date(2026, 3, 6)) == "2 Mar 2026 to 6 Mar 2026"
    both = said(last_day=date(2026, 3, 6), from_noon=True, until_noon=True)
    assert both == "2 Mar 2026, from noon, to 6 Mar 2026, until noon"


class TestStandIn:
    now = at(9)

    def of(self, rep: Rep) -> int:
        found = people().stand_in(rep.pk, self.now)
        return found.rep if found else rep.pk

    def test_the_rep_while_there(self):
        assert self.of(rep := world.rep(backup=world.rep())) == rep.pk

    def test_the_backup_while_the_rep_is_absent_or_left(self):
        backup = world.rep()
        absent, left = world.rep(backup=backup), world.rep(backup=backup, is_active=False)
        Absence.objects.create(rep=absent, **DAY)
        assert self.of(absent) == self.of(left) == backup.pk

    def test_who_is_only_busy_needs_none(self):
        assert self.of(rep := world.rep(backup=world.rep(), presence="away")) == rep.pk

    def test_the_absence_names_another_one(self):
        usual, special = world.rep(), world.rep()
        rep = world.rep(backup=usual)
        Absence.objects.create(rep=rep, **DAY, backup=special)
        assert self.of(rep) == special.pk

    def test_a_backup_who_is_gone_is_passed_over_for_theirs(self):
        last = world.rep()
        gone = world.rep(backup=last, is_active=False)
        rep = world.rep(backup=gone)
        Absence.objects.create(rep=rep, **DAY)
        assert self.of(rep) == last.pk

    def test_two_who_back_each_other_up_and_are_both_gone(self):
        one = world.rep(is_active=False)
        other = world.rep(is_active=False, backup=one)
        Rep.objects.filter(pk=one.pk).update(backup=other)
        assert self.of(one) == one.pk
