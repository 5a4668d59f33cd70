"""What routing needs is in memory before the first lead comes."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from leadrouting.assignments.warming import warm, warm_meanwhile
from leadrouting.engine.territories.nodes import spot
from leadrouting.rules import live
from leadrouting.teams import snapshot, territories
from leadrouting.teams.models import Territory
from leadrouting.teams.snapshot import people_now
from tests import world


@pytest.fixture(autouse=True)
def _new_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "_latest", None)
    monkeypatch.setattr(territories, "_latest", None)


@pytest.mark.django_db
def test_people_and_places_are_read_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    Territory.objects.create(code="dach", name="DACH", countries=["DE"])
    warm(world.NOON)
    with django_assert_num_queries(1):
        assert people_now().atlas.match(spot("DE")) == ("dach",)


@pytest.mark.django_db
def test_the_live_rules_are_compiled(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    version = world.live(world.rep())
    live.load.cache_clear()
    warm(world.NOON)
    with django_assert_num_queries(0):
        assert live.load(version.pk).eras


@pytest.mark.django_db(transaction=True)
def test_leads_that_come_meanwhile_wait_for_the_same_tree() -> None:
    Territory.objects.create(code="dach", name="DACH", countries=["DE"])

    def read(_: int) -> territories.Tree:
        try:
            return territories.tree()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        assert len({id(tree) for tree in threads.map(read, range(8))}) == 1


@pytest.mark.django_db(transaction=True)
def test_a_process_reads_ahead_in_a_thread_of_its_own() -> None:
    warm_meanwhile(world.NOON).join(10)
    assert snapshot._latest is not None


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_read_is_left_to_the_first_lead(caplog: pytest.LogCaptureFixture) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE teams_territory RENAME TO gone")
    try:
        warm(world.NOON)
        assert "could not be read ahead" in caplog.text
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE gone RENAME TO teams_territory")


@pytest.mark.django_db
def test_a_changed_tree_is_compiled_anew_and_a_new_owner_alone_is_not() -> None:
    lena, ben = world.reps(2)
    dach = Territory.objects.create(code="dach", name="DACH", countries=["DE"], owner=lena)
    first = territories.tree()
    dach.owner = ben
    dach.save()
    assert territories.tree() is first
    dach.countries = ["AT"]
    dach.save()
    assert territories.tree() is not first
