"""Places that lie in no territory, or in two, looked for among the latest leads and in the territories."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.urls import reverse

from leadrouting.assignments.insight.past import Past, past_leads
from leadrouting.assignments.supposing import people_now
from leadrouting.engine.sentences import join
from leadrouting.rules.findings import Finding
from leadrouting.rules.health.mistakes import TERRITORIES
from leadrouting.teams.models import Territory
from leadrouting.teams.territories import Atlas

LEADS = 1_000
SHOWN = 5

Listed = Mapping[str, Sequence[str]]
"""By place, the codes of the territories that name it."""


def findings() -> list[Finding]:
    """Up to six queries. Without any territory there is nothing to find."""
    nodes = list(Territory.objects.values_list("code", "name", "countries", "regions"))
    if not nodes:
        return []
    atlas = people_now().atlas
    names = {code: name for code, name, _, _ in nodes}
    listed = places((code, [*countries, *regions]) for code, _, countries, regions in nodes)
    return [*claimed_twice(listed, atlas, names), *nowhere(past_leads(LEADS), atlas)]


def places(nodes: Iterable[tuple[str, Sequence[str]]]) -> Listed:
    found: dict[str, list[str]] = {}
    for code, named in nodes:
        for place in dict.fromkeys(place.upper() for place in named):
            found.setdefault(place, []).append(code)
    return found


def claimed_twice(listed: Listed, atlas: Atlas, names: Mapping[str, str]) -> Iterator[Finding]:
    """Serious: which of two territories a lead belongs to is then chance. One within the other is no clash."""
    clashes = [
        f"{place} ({join([f'“{names[code]}”' for code in codes])})"
        for place, codes in sorted(listed.items())
        if any(apart(one, two, atlas) for one in codes for two in codes)
    ]
    if clashes:
        said = f"In more than one territory: {join(clashes, SHOWN)}. Leave each place to one territory."
        yield Finding(said, TERRITORIES, True, territory_list())


def apart(one: str, two: str, atlas: Atlas) -> bool:
    return one not in atlas.paths.get(two, ()) and two not in atlas.paths.get(one, ())


def nowhere(leads: Sequence[Past], atlas: Atlas) -> Iterator[Finding]:
    missing: Counter[str] = Counter()
    for lead in leads:
        country, region = str(lead.facts.get("country", "")), str(lead.facts.get("region", ""))
        if country and not atlas.path(country, region):
            missing[country.upper()] += 1
    if missing:
        shown = join(
            [f"{country} ({count} lead{'s' * (count != 1)})" for country, count in missing.most_common()],
            SHOWN,
        )
        said = f"Of the last {len(leads):,} leads, these come from countries in no territory: {shown}. Add them to one."
        yield Finding(said, TERRITORIES, url=territory_list())


def territory_list() -> str:
    return reverse("admin:teams_territory_changelist")
