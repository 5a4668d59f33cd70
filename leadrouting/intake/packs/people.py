"""What a pack says of its people beside who they are: skills, and backups."""

from __future__ import annotations

from collections.abc import Mapping

from leadrouting.intake.packs.files import Pack
from leadrouting.teams.models import Rep, RepSkill, Skill


def equip(pack: Pack, reps: Mapping[str, Rep]) -> None:
    """`skills` of a rep are levels by name; `kind` comes from the pack's own table of skills. What is there
    already stays as it is. KeyError: somebody or something that the pack does not define."""
    skills: dict[str, Skill] = {}
    for entry in pack.get("skills", []):
        skills[entry["name"]], _ = Skill.objects.get_or_create(
            name=entry["name"], defaults={"kind": entry.get("kind", Skill.Kind.OTHER)}
        )
    for entry in pack["reps"]:
        rep = reps[entry["username"]]
        for name, level in entry.get("skills", {}).items():
            RepSkill.objects.get_or_create(rep=rep, skill=skills[name], defaults={"level": level})
        if "backup" in entry and rep.backup_id is None:
            rep.backup = reps[entry["backup"]]
            rep.save(update_fields=["backup"])
