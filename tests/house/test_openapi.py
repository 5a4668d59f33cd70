"""The API describes itself: the OpenAPI document is valid, and nothing in it had to be guessed."""

from pathlib import Path

from django.core.management import call_command


def test_the_schema_is_valid(tmp_path: Path) -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", file=str(tmp_path / "schema.yml"))
