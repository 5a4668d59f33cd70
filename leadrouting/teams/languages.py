"""Who speaks the language of a lead: reps’ skills of the kind language, found by a code or a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from leadrouting.common.languages import code_of
from leadrouting.teams.models import Skill
from leadrouting.teams.person import Person


@dataclass(frozen=True, slots=True)
class Languages:
    """`skills` are the skills of the kind language by the code of the language: key and name."""

    skills: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    silent: dict[tuple[int, int], frozenset[int]] = field(default_factory=dict)

    def find(self, said: str) -> tuple[int, str] | None:
        """The skill for a language as a lead names it: `es`, `es-MX`, `Spanish`. None: unknown, or nobody's skill."""
        return self.skills.get(code_of(said)) if said else None

    def not_speaking(self, skill: int, level: int, reps: Mapping[int, Person]) -> frozenset[int]:
        known = self.silent.get((skill, level))
        if known is None:
            known = frozenset(rep for rep, person in reps.items() if not person.has(((skill, level),)))
            self.silent[skill, level] = known
        return known


def read_languages(asked: bool) -> Languages:
    """One query; none unless somebody asks for languages."""
    rows = Skill.objects.filter(kind=Skill.Kind.LANGUAGE).order_by("-pk") if asked else []
    return Languages({code_of(skill.name): (skill.pk, skill.name) for skill in rows})
