"""What the database keeps even from those who write SQL: of a version nothing changes but whether it is live."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from leadrouting.rules.models import Version
from leadrouting.rules.services import publish
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def version() -> Version:
    return world.live(world.rep())


def run(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_every_column_but_is_live_is_frozen(version: Version) -> None:
    changes = {
        "id": "id + 1000",
        "rule_set_id": "rule_set_id + 1",
        "number": "number + 1",
        "document": "jsonb_set(document, '{catch_all}', '0')",
        "summary": "'Better'",
        "published_at": "published_at + interval '1 second'",
        "published_by_id": str(world.user().pk),
        "restores_id": "id",
        "overridden": "'Because'",
    }
    columns = {field.column for field in Version._meta.concrete_fields}
    assert columns == {*changes, "is_live"}
    for column, value in changes.items():
        with pytest.raises(DatabaseError, match="A published version cannot be changed"):
            run(f"UPDATE rules_version SET {column} = {value} WHERE id = {version.pk}")
    before = Version.objects.values().get(pk=version.pk)
    run(f"UPDATE rules_version SET is_live = false WHERE id = {version.pk}")
    assert Version.objects.values().get(pk=version.pk) == {**before, "is_live": False}


def test_a_change_hidden_behind_is_live_is_refused_too(version: Version) -> None:
    with pytest.raises(DatabaseError, match="cannot be changed"):
        run("UPDATE rules_version SET is_live = false, document = '{}'")


def test_no_version_is_deleted(version: Version) -> None:
    with pytest.raises(DatabaseError, match="A published version cannot be deleted"):
        run("DELETE FROM rules_version")
    with pytest.raises(IntegrityError, match=r"is still referenced|violates foreign key"):
        run("SET CONSTRAINTS ALL IMMEDIATE; DELETE FROM rules_ruleset")
    with pytest.raises(DatabaseError, match="cannot truncate a table referenced in a foreign key"):
        run("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE rules_version")
    assert Version.objects.get() == version


def test_only_one_is_live_and_numbers_come_once(version: Version) -> None:
    world.rule(version.rule_set, world.rep(), name="One more")
    second = publish(rule_set=version.rule_set, by=None, now=world.NOON)
    with pytest.raises(IntegrityError, match="version_one_live"):
        run(f"UPDATE rules_version SET is_live = true WHERE id = {version.pk}")
    with pytest.raises(IntegrityError, match="version_number_once"):
        Version.objects.create(
            rule_set=version.rule_set, number=second.number, document={}, published_at=world.NOON
        )
