"""How leads reach a rep: which live rules and pools lead to them, in order, and what keeps them away now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leadrouting.assignments.models import Decision
from leadrouting.engine.describe import describe_rule
from leadrouting.engine.facts import Catalogue
from leadrouting.engine.model import Rule, Step, StepKind
from leadrouting.engine.sentences import Names, join
from leadrouting.leads.models import Account
from leadrouting.rules.live import current
from leadrouting.rules.wording import all_names
from leadrouting.teams.models import Queue, Rep
from leadrouting.teams.portioning import member_in_words
from leadrouting.teams.snapshot import People, people_now
from leadrouting.workspace.fairness import CAUSES

SPAN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Way:
    """One live rule that leads to the rep. `hows` say by which of its steps; `leads` came by it within SPAN."""

    place: int
    rule: Rule
    when: str
    hows: Sequence[str]
    leads: int
    lacks: str
    is_valid: bool


@dataclass(frozen=True, slots=True)
class Reach:
    ways: Sequence[Way]
    others: int
    """Live rules that do not lead to the rep."""
    territories: Sequence[str]
    """By name: of the rep, or of a pool that the rep is in."""
    accounts: int
    queues: Sequence[Queue]
    now: Sequence[str]
    """What keeps leads away at this moment; empty when nothing does."""
    is_live: bool
    in_pools: bool


def reach(rep: Rep, now: datetime) -> Reach:
    """A constant number of queries, whatever the number of rules."""
    who, live, names = people_now().at(now), current(), all_names()
    territories = territories_of(rep.pk, who, now)
    accounts = Account.objects.filter(owner=rep).count()
    counted = dict(
        Decision.objects.filter(rep=rep, decided_at__gte=now - SPAN, rule_id__isnull=False)
        .order_by()
        .values_list("rule_id")
        .annotate(Count("lead", distinct=True))
    )
    teller = Teller(rep, who, names, now, has_territory=bool(territories), accounts=accounts)
    ways = list(teller.ways(live.rule_set.rules, live.catalogue, counted)) if live else []
    return Reach(
        ways=ways,
        others=len(live.rule_set.rules) - len(ways) if live else 0,
        territories=territories,
        accounts=accounts,
        queues=list(Queue.objects.filter(teams=rep.team_id).order_by("name")),
        now=teller.hindrances(),
        is_live=live is not None,
        in_pools=any(rep.pk in roster.rep_set for roster in who.pools.values()),
    )


def territories_of(rep: int, who: People, now: datetime) -> list[str]:
    """Also those that are theirs for a time."""
    pools = {pool for pool, roster in who.pools.items() if rep in roster.rep_set}
    held = [who.atlas.holder_of(code, now) for code in who.atlas.names]
    mine = [one for one in held if one is not None and (one.rep == rep or one.pool in pools)]
    return sorted(who.atlas.names[one.code] for one in mine)


class Teller:
    """Says by which steps leads come to one rep."""

    def __init__(
        self, rep: Rep, who: People, names: Names, now: datetime, *, has_territory: bool, accounts: int
    ) -> None:
        self.rep, self.who, self.names, self.now = rep, who, names, now
        self.has_territory, self.accounts = has_territory, accounts

    def ways(self, rules: Sequence[Rule], known: Catalogue, counted: Mapping[int, int]) -> Iterator[Way]:
        for place, rule in enumerate(rules, start=1):
            hows = self.hows(rule)
            if hows:
                yield Way(
                    place=place,
                    rule=rule,
                    when=describe_rule(rule, known),
                    hows=hows,
                    leads=counted.get(rule.id, 0),
                    lacks=self.lacks(rule),
                    is_valid=rule.is_valid(self.now),
                )

    def hows(self, rule: Rule) -> list[str]:
        """The steps that lead to the rep. A later one that asks the same people with fewer limits says nothing new."""
        first: dict[str, int] = {}
        for at, step in enumerate(rule.ladder, start=1):
            if said := self.said(step):
                first.setdefault(said, at)
        return [
            said if at == 1 else _("As step {number}: {how}").format(number=at, how=said)
            for said, at in first.items()
        ]

    def said(self, step: Step) -> str:
        match step.kind:
            case StepKind.POOL:
                return self.by_pool(step.id)
            case StepKind.REP:
                return _("The rule names you.") if step.id == self.rep.pk else ""
            case StepKind.ACCOUNT_OWNER:
                return _("When the lead’s account is yours.") if self.accounts else ""
            case StepKind.PREVIOUS_OWNER:
                return _("When the lead was yours before.")
            case StepKind.TERRITORY_OWNER:
                return (
                    _("When the lead is in a territory of yours or of your pools.")
                    if self.has_territory
                    else ""
                )
        return ""

    def by_pool(self, pool: int) -> str:
        roster = self.who.pools.get(pool)
        if roster is None or self.rep.pk not in roster.rep_set:
            return ""
        member = next(one for one in roster.members if one.rep == self.rep.pk)
        name = self.names.pool(pool)
        if roster.strategy.by_load:
            return _("In {pool}, where the lead goes to who carries least.").format(pool=name)
        if not member.weight:
            return _("In {pool}, where you have no share now.").format(pool=name)
        said = _("By turns in {pool}: {weight} of {total}.").format(
            pool=name, weight=member.weight, total=roster.total
        )
        share = member_in_words(member, self.who.reps[self.rep.pk], self.now)
        return f"{said} {share.capitalize()}." if share else said

    def lacks(self, rule: Rule) -> str:
        """The skills that the rule asks for and the rep has not, unless a step lets them go."""
        person = self.who.reps[self.rep.pk]
        missing = [(skill, level) for skill, level in rule.skills if person.skills.get(skill, 0) < level]
        if not missing or any(step.drop_skills for step in rule.ladder):
            return ""
        asked = join(
            [
                _("{skill} at level {level}").format(skill=self.names.skill(one), level=level)
                for one, level in missing
            ]
        )
        return _("You would get these if you had {skills}.").format(skills=asked)

    def hindrances(self) -> list[str]:
        person, load = self.who.reps[self.rep.pk], getattr(self.rep, "load", None)
        found = []
        if (why := person.unavailable(self.now)) is not None:
            found.append(_("At this moment: {why}.").format(why=CAUSES.get(why, why)))
        if load and self.rep.max_open is not None and load.open >= self.rep.max_open:
            found.append(
                ngettext(
                    "You have {count} open lead, as many as you may.",
                    "You have {count} open leads, as many as you may.",
                    load.open,
                ).format(count=load.open)
            )
        today = load.day if load and load.day_on == person.today(self.now) else 0
        if self.rep.max_day is not None and today >= self.rep.max_day:
            found.append(
                ngettext(
                    "You have taken {count} lead today, as many as you may.",
                    "You have taken {count} leads today, as many as you may.",
                    today,
                ).format(count=today)
            )
        return found
