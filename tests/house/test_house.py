"""The house rules that a machine can see."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db.models import Model

ROOT = Path(settings.BASE_DIR)
STAIRS = ("common", "teams", "leads", "rules", "assignments", "sla", "notifications", "analytics")
TOP = ("api", "intake", "workspace")
DOMAIN = (*STAIRS, "engine", "businesstime")
WALL = 300
EDGE = re.compile(r"/(receivers|tasks|admin|management|broker)\b")


def sources() -> list[Path]:
    files = [*(ROOT / "leadrouting").rglob("*.py"), *(ROOT / "config").rglob("*.py")]
    return [file for file in files if "migrations" not in file.parts]


def named(file: Path) -> str:
    return str(file.relative_to(ROOT))


@pytest.mark.parametrize("file", sources(), ids=named)
def test_no_file_is_longer_than_the_wall(file):
    assert len(file.read_text().splitlines()) <= WALL


def floor(label: str) -> int:
    return STAIRS.index(label) if label in STAIRS else len(STAIRS)


def test_no_foreign_key_points_upward():
    upward = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_models()
        if model.__module__.startswith("leadrouting.")
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model._meta.app_label in (*STAIRS, *TOP)
        if floor(field.related_model._meta.app_label) > floor(model._meta.app_label)
    ]
    assert upward == []


def test_domain_code_reads_no_clock():
    reads = [
        f"{named(file)}:{number}"
        for file in sources()
        if file.relative_to(ROOT).parts[1] in DOMAIN and not EDGE.search(named(file))
        for number, line in enumerate(file.read_text().splitlines(), 1)
        if re.search(r"timezone\.now\(|datetime\.now\(|utcnow\(|date\.today\(|time\.time\(", line)
    ]
    assert reads == [], "`now` is passed in; only the edge asks the clock."


def test_every_model_says_what_it_is():
    assert [
        m._meta.label
        for m in apps.get_models()
        if m.__module__.startswith("leadrouting.") and m.__str__ is Model.__str__
    ] == []


@pytest.mark.django_db
def test_migrations_are_complete():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
