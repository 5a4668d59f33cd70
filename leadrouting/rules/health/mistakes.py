"""The known mistakes: what is said when a set-up is free of one, and why it matters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from leadrouting.rules.findings import Finding

ONE_RULE = "one_rule"
ONE_POLICY = "one_policy"
ONLY_SOURCE = "only_source"
NO_NIGHT = "no_night"
NO_FALLBACK = "no_fallback"
TERRITORIES = "territories"
SKILLS = "skills"
UNREVIEWED = "unreviewed"


@dataclass(frozen=True, slots=True)
class Mistake:
    """`kind` is that of its findings."""

    kind: str
    title: str
    fine: str
    why: str


MISTAKES = (
    Mistake(
        ONE_RULE,
        "One rule for everything",
        "Several rules tell leads apart.",
        "When all leads go the same way, the best ones wait in line with the rest.",
    ),
    Mistake(
        ONE_POLICY,
        "One deadline for everything",
        "SLA policies tell leads apart.",
        "Somebody on chat waits seconds, somebody who filled in a form an hour: one deadline is wrong for both.",
    ),
    Mistake(
        ONLY_SOURCE,
        "Rules that ask only where leads come from",
        "Rules ask for more than the source.",
        "The source does not say who the lead is or what they want, so the wrong people get good leads.",
    ),
    Mistake(
        NO_NIGHT,
        "No plan for nights and weekends",
        "Somebody takes leads outside office hours, or hears of those that wait.",
        "Leads that come at night otherwise wait unseen until morning, when others have answered them.",
    ),
    Mistake(
        NO_FALLBACK,
        "No next step",
        "Every rule has a next step when its first target cannot take a lead.",
        "One holiday or one busy day is then enough for good leads to pile up.",
    ),
    Mistake(
        TERRITORIES,
        "Territories with gaps or overlaps",
        "Every country of the latest leads lies in one territory, or there are no territories.",
        "A place in no territory matches no rule about territories; one in two goes to either.",
    ),
    Mistake(
        SKILLS,
        "Skills that nobody has",
        "Somebody active has all the skills that each rule asks for.",
        "A rule whose skills nobody has passes all its leads on.",
    ),
    Mistake(
        UNREVIEWED,
        "Rules that nobody looks at",
        "Every rule was changed or reviewed in the last 90 days.",
        "Teams and markets change; rules that nobody looks at send leads to where things were.",
    ),
)


@dataclass(frozen=True, slots=True)
class Checked:
    """One known mistake, with what was found of it: nothing, when all is fine."""

    mistake: Mistake
    findings: tuple[Finding, ...]

    @property
    def is_serious(self) -> bool:
        return any(finding.is_serious for finding in self.findings)


def checklist(findings: Iterable[Finding]) -> list[Checked]:
    """All known mistakes in their order, those that were found first."""
    found = list(findings)
    checked = [
        Checked(mistake, tuple(one for one in found if one.kind == mistake.kind)) for mistake in MISTAKES
    ]
    return sorted(checked, key=lambda one: (not one.findings, not one.is_serious))
