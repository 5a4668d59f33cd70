"""Leads that lie in no territory, territories that claim the same leads, and places outside their parents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from leadrouting.assignments.insight.past import Past, past_leads
from leadrouting.engine.sentences import join
from leadrouting.engine.territories.nodes import Spot, spot
from leadrouting.engine.territories.overlaps import Overlap, overlaps
from leadrouting.engine.territories.postal import shown
from leadrouting.engine.territories.reach import Outside, Reach
from leadrouting.rules.findings import Finding
from leadrouting.rules.health.mistakes import TERRITORIES
from leadrouting.teams.models import Territory
from leadrouting.teams.snapshot import people_now
from leadrouting.teams.territories import Atlas, Tree, nodes

LEADS = 1_000
SHOWN = 5
TEXTS = ("country", "region", "postal_code", "industry", "email_domain")
DISTRICT = 2
"""Characters of a postal code that name an area one would add."""


@dataclass(slots=True)
class Gap:
    """Leads from a place that lies in no territory: a country, or a part of one whose rest does."""

    place: str
    leads: int = 0
    samples: list[Past] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Clash:
    """Two territories that claim the same leads: `lead` is a real one, else `made_up` says one that would."""

    one: str
    two: str
    lead: Past | None
    made_up: str


@dataclass(frozen=True, slots=True)
class Known:
    """What is found of one tree, before any lead is looked at."""

    tree: Tree
    overlaps: Sequence[Overlap]
    outside: Sequence[Outside]


_latest: Known | None = None


def known(tree: Tree) -> Known:
    """From this process's memory while the tree is the same: it takes seconds for a million postal codes."""
    global _latest
    if _latest is None or _latest.tree is not tree:
        every = nodes()
        reach = Reach(every)
        _latest = Known(tree, deepest(overlaps(every, reach=reach), tree), reach.outside)
    return _latest


def deepest(found: Sequence[Overlap], tree: Tree) -> list[Overlap]:
    """Without those of a territory and one above another of its overlaps: mending the lower mends the upper."""
    above = {
        pair
        for one in found
        for upper, other in (
            *((code, one.two) for code in tree.paths[one.one][:-1]),
            *((code, one.one) for code in tree.paths[one.two][:-1]),
        )
        for pair in ((upper, other), (other, upper))
    }
    return [one for one in found if one[:2] not in above]


def clashes(atlas: Atlas, leads: Sequence[Past]) -> list[Clash]:
    found = known(atlas.tree).overlaps
    real: dict[tuple[str, str], Past] = {}
    wanted = {one[:2] for one in found}
    for lead in leads if wanted else ():
        held = sorted(atlas.tree.compiled.holders(spot_of(lead.facts)))
        for at, one in enumerate(held):
            for two in held[at + 1 :]:
                if (one, two) in wanted:
                    real.setdefault((one, two), lead)
    return [Clash(one.one, one.two, real.get(one[:2]), in_words(one.sample)) for one in found]


def gaps(atlas: Atlas, leads: Sequence[Past]) -> list[Gap]:
    """The largest first. Leads that name no place are not counted: no territory could hold them."""
    spots = [(lead, spot_of(lead.facts)) for lead in leads]
    missed = [(lead, at) for lead, at in spots if at.country and not atlas.match(at)]
    held = {at.country for _, at in spots} & {at.country for _, at in spots if atlas.match(at)}
    found: dict[str, Gap] = {}
    for lead, at in missed:
        gap = found.setdefault(place := part_of(at) if at.country in held else at.country, Gap(place))
        gap.leads += 1
        gap.samples.append(lead)
    return sorted(found.values(), key=lambda gap: (-gap.leads, gap.place))


def part_of(at: Spot) -> str:
    """The postal area, else the region, else only the country."""
    if at.postal:
        return f"{at.country} {shown(at.country, at.postal[:DISTRICT])}"
    return at.region or at.country


def spot_of(facts: Mapping[str, Any]) -> Spot:
    """Of the facts of a decision; the account goes by the e-mail's domain."""
    size = facts.get("company_size")
    country, region, postal_code, industry, domain = (str(facts.get(key) or "") for key in TEXTS)
    return spot(country, region, postal_code, industry, size if isinstance(size, int) else None, domain)


def in_words(at: Spot) -> str:
    """“a lead from DE, 80331, software, 50 employees”."""
    postal = shown(at.country, at.postal) if at.postal else ""
    size = f"{at.size:,} employees" if at.size is not None else ""
    said = [part for part in (at.region or at.country, postal, at.industry, size, *at.domains[:1]) if part]
    return ", ".join(said) or "anywhere"


def findings() -> list[Finding]:
    """For the check of rules; up to eight queries. Without any territory there is nothing to find."""
    names = dict(Territory.objects.values_list("code", "name"))
    if not names:
        return []
    atlas, leads = people_now().atlas, past_leads(LEADS)
    found = []
    if twice := known(atlas.tree).overlaps:
        said = [
            f"“{names.get(one, one)}” with “{names.get(two, two)}” ({in_words(at)})" for one, two, at in twice
        ]
        sentence = (
            f"Territories that claim the same leads: {join(said, SHOWN)}. Leave each place to one of them."
        )
        found.append(Finding(sentence, TERRITORIES, True, page()))
    if missing := gaps(atlas, leads):
        said = [f"{gap.place} ({gap.leads} lead{'s' * (gap.leads != 1)})" for gap in missing]
        sentence = f"Of the last {len(leads):,} leads, these come from places in no territory: {join(said, SHOWN)}. Add them to one."
        found.append(Finding(sentence, TERRITORIES, url=page()))
    return found


def page() -> str:
    return reverse("admin:teams_territory_overlaps")
