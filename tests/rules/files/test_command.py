"""`manage.py rules export|import`."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from leadrouting.rules.files import exported_yaml
from leadrouting.rules.models import Rule, RuleSet, Version
from tests import world

pytestmark = pytest.mark.django_db


def rules(*words: Any) -> str:
    out = StringIO()
    call_command("rules", *map(str, words), stdout=out)
    return out.getvalue()


@pytest.fixture
def file(inbound: RuleSet, tmp_path: Path) -> Path:
    path = tmp_path / "inbound.yml"
    rules("export", path)
    return path


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def test_export_and_import_of_what_is_there(inbound: RuleSet, file: Path) -> None:
    assert file.read_text() == exported_yaml(inbound) == rules("export")
    assert rules("import", file) == "The draft of “Inbound” says all that already. Nothing to do.\n"
    assert set(Rule.objects.values_list("edition", "changed_at")) == {(1, None)}


def test_what_changes_is_said_before_and_after(inbound: RuleSet, file: Path) -> None:
    edit(file, "[country, is, IN]", "[country, is, NP]")
    edit(file, "  - name: Norway\n    active: false\n", "  - name: Norway\n")
    edit(file, "tests:", "  - name: Last\n    give: [{queue: Triage}]\n\ntests:")
    keys = dict(inbound.rules.values_list("name", "pk"))

    said = rules("import", file, "--dry-run")
    assert "~ India VIP: When country is Nepal and (tier is any of vip or gold" in said
    assert "~ Norway: Switched on." in said and "+ Last: For every lead, give to Triage." in said
    assert "would say what the file says: 1 added, 2 changed, 1 rule unchanged." in said
    assert not Rule.objects.filter(name="Last").exists()

    rules("import", file)
    assert {name: key for name, key in inbound.rules.values_list("name", "pk") if name != "Last"} == keys
    editions = dict(inbound.rules.values_list("name", "edition"))
    assert editions == {"India VIP": 2, "Plans": 1, "Norway": 2, "Last": 1}
    inbound.refresh_from_db()
    assert inbound.edition == 2


def test_removing_renaming_and_moving(inbound: RuleSet, file: Path) -> None:
    text = file.read_text()
    start, end = text.index("  - name: Plans"), text.index("  - name: Norway")
    file.write_text(text[:start] + text[end:].replace("name: Norway", "name: Norge"))
    norway = inbound.rules.get(name="Norway").pk
    said = rules("import", file)
    assert "- Plans: When plan is pro" in said and "Named “Norway” before." in said
    assert inbound.rules.get(name="Norge").pk == norway
    assert list(inbound.rules.values_list("name", "precedence")) == [("India VIP", 1), ("Norge", 2)]


def test_errors_name_the_file_and_the_line_and_nothing_is_written(
    inbound: RuleSet, file: Path, capsys: Any
) -> None:
    edit(file, "Senior closers", "Snior closers")
    edit(file, "[country, is, IN]", "[country, is, NP]")
    with pytest.raises(CommandError, match=r"2 problems. Nothing was written."):
        rules("import", file)
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == f"{file}:25:16: There is no pool “Snior closers”. Did you mean “Senior closers”?"
    assert inbound.rules.get(name="India VIP").edition == 1


def test_what_somebody_else_changed_is_not_undone(inbound: RuleSet, file: Path) -> None:
    edit(file, "[country, is, IN]", "[country, is, NP]")
    Rule.objects.filter(name="Plans").update(note="Ask Lena.")
    with pytest.raises(CommandError, match=r"somebody changed or added “Plans”. Importing would undo that"):
        rules("import", file)
    assert inbound.rules.get(name="Plans").note == "Ask Lena."
    assert "needs --force" in rules("import", file, "--dry-run")
    rules("import", file, "--force")
    assert inbound.rules.get(name="Plans").note == ""


def test_what_somebody_deleted_is_named(inbound: RuleSet, file: Path) -> None:
    inbound.rules.get(name="Norway").delete()
    with pytest.raises(CommandError, match="somebody deleted “Norway”"):
        rules("import", file)


def test_several_rule_sets_and_one_that_is_new(inbound: RuleSet, file: Path) -> None:
    edit(file, "rule_set: Inbound", "rule_set: Outbound")
    assert "It is new." in rules("import", file)
    with pytest.raises(
        CommandError, match=r"Say which rule set with --rule-set. There are: “Inbound”, “Outbound”"
    ):
        rules("export")
    with pytest.raises(CommandError, match="There is no rule set “Inbond”"):
        rules("export", "--rule-set", "Inbond")
    again = rules("export", "--rule-set", "Outbound")
    assert (
        again.replace("Outbound", "Inbound").splitlines()[:-1]
        == rules("export", "--rule-set", "Inbound").splitlines()[:-1]
    )


def test_import_and_publish_in_one_step_or_not_at_all(inbound: RuleSet, file: Path) -> None:
    edit(file, "active: false", "active: true")
    edit(file, "{queue: Triage, wait: 10}", "{pool: Senior closers}")
    edit(file, "tests:", "tests: []\nx_tests:")
    text = file.read_text()
    file.write_text(text[: text.index("x_tests")] + text[text.index("based_on") :])
    assert "Inbound v1 is live." in rules("import", file, "--publish", "Norway is back")
    assert Version.objects.get(is_live=True).summary == "Norway is back"

    again = rules("import", file, "--publish", "Once more", "--force")
    assert "Inbound v1 is live already and says the same. Nothing was published." in again

    world.pool(name="Nobody")
    edit(file, "rep: lena.brandt", "pool: Nobody")
    with pytest.raises(CommandError, match=r"It cannot be published. Nothing was written"):
        rules("import", file, "--publish", "x", "--force")
    assert not Rule.objects.filter(targets__pool__name="Nobody").exists()


def test_a_file_that_is_not_there(inbound: RuleSet, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        rules("import", tmp_path / "nothing.yml")
    with pytest.raises(CommandError, match="cannot be written"):
        rules("export", tmp_path / "no" / "where.yml")
