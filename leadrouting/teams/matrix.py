"""Who of a team can do what, at which level: a table of reps and skills."""

from __future__ import annotations

from typing import Any

from leadrouting.teams.models import Rep, RepSkill, Team


def skill_matrix(team: Team) -> dict[str, Any]:
    """Skills that somebody in the team has, by kind and name, and for each active rep the levels. Two queries."""
    reps = list(
        Rep.objects.filter(team=team, is_active=True).select_related("user").order_by("user__name", "pk")
    )
    held = RepSkill.objects.filter(rep__in=reps).select_related("skill")
    skills = sorted({one.skill for one in held}, key=lambda skill: (skill.get_kind_display(), skill.name))
    levels = {(one.rep_id, one.skill_id): one for one in held}
    rows = [(rep, [levels.get((rep.pk, skill.pk)) for skill in skills]) for rep in reps]
    return {"skills": skills, "rows": rows}
