"""How good what comes in is: blank, odd and mistagged values by source. Reads only, set by set.

A value is odd when it could not be used (it is kept in `original` with the problem), when its e-mail is a throw-away
one, or when it looks like a test. It is mistagged when its source is none that is known, or contradicts the campaign or
the UTM source.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from json import dumps, loads
from typing import Any

import phonenumbers
from django.db import connection
from django.db.models.expressions import RawSQL

from leadrouting.leads.models import Lead
from leadrouting.leads.querysets import LeadQuerySet
from leadrouting.leads.sources import folded, known_names

BLANK: Mapping[str, str] = {
    "no_email": "lead.email = ''",
    "no_phone": "lead.phone = ''",
    "unreachable": "lead.email = '' AND lead.phone = ''",
    "no_name": "lead.name = ''",
    "no_company": "lead.company = ''",
    "no_country": "lead.country = ''",
    "no_language": "lead.language = ''",
    "no_campaign": "lead.campaign_id IS NULL",
}
PROBLEM = "lead.original @? '$.*.problem'"
TESTS = r"^(test|tests|testing|tester|asdf+|qwert[yz]?|xxx+|abc|foo|bar)[0-9]*([ .+_-]|$)"
ODD: Mapping[str, str] = {
    "not_understood": PROBLEM,
    "bad_phone": "lead.original @? '$.phone.problem'",
    "other_country": "lead.phone <> '' AND lead.country <> '' "
    "AND NOT starts_with(lead.phone, '+' || (%(calling)s::jsonb ->> lead.country))",
    "disposable": "lead.email_kind = 'disposable'",
    "looks_like_a_test": f"(lead.name ~* '{TESTS}' OR lead.email ~* '{TESTS.replace('([ .+_-]|$)', '([.+_-][^@]*)?@')}' "
    "OR lead.email_domain IN ('test.com', 'example.com', 'test.de', 'asdf.com'))",
    "name_is_an_address": "lead.name LIKE '%%@%%'",
}
FOLDED = "regexp_replace(lower({}), '[^[:alnum:]]', '', 'g')"
MISTAGGED: Mapping[str, str] = {
    "unknown_source": "lead.source <> '' AND NOT lead.source = ANY(%(keys)s)",
    "no_source": "lead.source = ''",
    "not_the_campaigns": "campaign.source <> '' AND lead.source <> '' AND campaign.source <> lead.source",
    "not_utm": f"lead.utm_source <> '' AND lead.source <> '' AND {FOLDED.format('lead.utm_source')} = ANY(%(names)s) "
    f"AND {FOLDED.format('lead.utm_source')} <> {FOLDED.format('lead.source')} "
    "AND (%(key_of)s::jsonb ->> "
    f"{FOLDED.format('lead.utm_source')}) <> lead.source",
}
KINDS: Mapping[str, str] = {**BLANK, **ODD, **MISTAGGED}
WORDS: Mapping[str, str] = {
    "no_email": "No e-mail",
    "no_phone": "No phone",
    "unreachable": "Neither e-mail nor phone",
    "no_name": "No name",
    "no_company": "No company",
    "no_country": "No country",
    "no_language": "No language",
    "no_campaign": "No campaign",
    "not_understood": "A value that was not understood",
    "bad_phone": "A phone number that was not understood",
    "other_country": "A phone number of another country",
    "disposable": "A throw-away e-mail",
    "looks_like_a_test": "Looks like a test",
    "name_is_an_address": "An e-mail address as the name",
    "unknown_source": "A source that nobody has named",
    "no_source": "No source",
    "not_the_campaigns": "Another source than the campaign’s",
    "not_utm": "Another source than utm_source says",
}
TO_DO: Mapping[str, str] = {
    "other_country": "The number says another country than the lead. Both may be right: somebody abroad, or a mobile from "
    "home. Ask which country counts, and correct it at the lead. Where all of a form’s leads are here, its country is "
    "probably chosen beforehand: leave it blank there. Nothing is changed by itself.",
}
"""What can be done where nothing can be put right in bulk."""
GROUPS = (("Blank", tuple(BLANK)), ("Odd", tuple(ODD)), ("Mistagged", tuple(MISTAGGED)))

FROM = """
    FROM leads_lead lead LEFT JOIN leads_campaign campaign ON campaign.id = lead.campaign_id
    WHERE lead.created_at >= %(since)s AND lead.created_at < %(until)s AND lead.merged_into_id IS NULL
"""
LOOK = f"""
    SELECT lead.source, lead.created_at >= %(middle)s AS is_now, count(*),
        {", ".join(f"count(*) FILTER (WHERE {condition})" for condition in KINDS.values())}
    {FROM} GROUP BY 1, 2
"""

NAMED = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True, slots=True)
class Row:
    """One source. `counts` by kind of problem; `before` the same in the period before."""

    source: str
    is_known: bool
    leads: int
    leads_before: int
    counts: Mapping[str, int]
    before: Mapping[str, int]
    looks_like: str = ""
    """The source, or the commonest spelling, that differs only by case, accents or spacing."""

    def share(self, kind: str) -> float | None:
        return self.counts[kind] / self.leads if self.leads else None

    def share_before(self, kind: str) -> float | None:
        return self.before[kind] / self.leads_before if self.leads_before else None


def known() -> dict[str, Any]:
    names = known_names()
    return {
        "keys": sorted(set(names.values())),
        "names": sorted(names),
        "key_of": dumps(names),
        "calling": calling_codes(),
    }


@cache
def calling_codes() -> str:
    """By country, as JSON. Countries that share one, such as the USA and Canada, are not told apart."""
    return dumps(
        {code: str(phonenumbers.country_code_for_region(code)) for code in phonenumbers.SUPPORTED_REGIONS}
    )


def spellings(rows: Iterable[tuple[str, int]], names: Mapping[str, str]) -> dict[str, str]:
    """By source what it looks like: a known one, else the commonest of those that are spelt alike."""
    commonest = dict(names)
    for source, _ in sorted(rows, key=lambda row: (-row[1], row[0])):
        if folded(source):
            commonest.setdefault(folded(source), source)
    return {source: found for source, _ in rows if (found := commonest.get(folded(source), source)) != source}


def look(now: datetime, span: timedelta) -> list[Row]:
    """The leads of the last `span`, beside those of the one before; by source, the largest first. Two queries."""
    values = known()
    spans = {"since": now - 2 * span, "middle": now - span, "until": now}
    with connection.cursor() as cursor:
        cursor.execute(LOOK, values | spans)
        found = cursor.fetchall()
    counted = {(source, is_now): (leads, numbers) for source, is_now, leads, *numbers in found}
    nothing = (0, [0] * len(KINDS))
    rows = []
    numbers_of = {
        source: sum(counted.get((source, is_now), nothing)[0] for is_now in (True, False))
        for source, _ in counted
    }
    alike = spellings(list(numbers_of.items()), loads(values["key_of"]))
    for source in {source for source, _ in counted}:
        leads, numbers = counted.get((source, True), nothing)
        leads_before, earlier = counted.get((source, False), nothing)
        rows.append(
            Row(
                source,
                source in values["keys"],
                leads,
                leads_before,
                dict(zip(KINDS, numbers, strict=True)),
                dict(zip(KINDS, earlier, strict=True)),
                alike.get(source, ""),
            )
        )
    return sorted(rows, key=lambda row: (-row.leads, -row.leads_before, row.source))


def leads_with(kind: str, now: datetime, span: timedelta, source: str | None = None) -> LeadQuerySet:
    """Those of the last `span`, newest first, found by the database. Raises KeyError for a kind that there is not."""
    of_source = "" if source is None else "AND lead.source = %(source)s"
    values = known() | {"since": now - span, "until": now, "source": source}
    statement = f"SELECT lead.id {FROM} AND ({KINDS[kind]}) {of_source}"
    given = [values[name] for name in NAMED.findall(statement)]
    found = RawSQL(NAMED.sub("%s", statement), given)  # noqa: S611  the texts are those above
    return Lead.objects.filter(pk__in=found).order_by("-created_at", "-id")
