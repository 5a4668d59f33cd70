"""Who speaks the language of a lead: reps’ skills of the kind language, found by a code or a name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from django.conf.locale import LANG_INFO

from leadrouting.engine.values import fold
from leadrouting.teams.models import Skill
from leadrouting.teams.person import Person

MORE = {
    "mandarin": "zh",
    "chinese": "zh",
    "flemish": "nl",
    "farsi": "fa",
    "norwegian": "no",
    "nb": "no",
    "nn": "no",
}
"""Names and codes that Django's list has otherwise, or not at all."""


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


def code_of(said: str) -> str:
    """The code without a country: `es-MX` and `Español` are `es`. What nobody knows is itself."""
    folded = fold(said)
    known = names().get(folded)
    if known is None:
        first = folded.replace("_", "-").partition("-")[0].strip()
        known = names().get(first, first if len(first) < len(folded) and len(first) in (2, 3) else folded)
    return known


@cache
def names() -> Mapping[str, str]:
    """By folded name, in English and in the language itself, and by code."""
    found: dict[str, str] = {}
    for code, info in LANG_INFO.items():
        short = code.partition("-")[0]
        for name in spellings(info):
            found.setdefault(fold(name), short)
        found.setdefault(fold(short), short)
    return {**found, **MORE}


def spellings(info: Mapping[str, object]) -> Iterable[str]:
    return [str(info[key]) for key in ("name", "name_local") if key in info]
