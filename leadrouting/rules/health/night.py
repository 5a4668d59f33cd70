"""Whether leads that come when everybody is off have somewhere to go, or somebody who hears of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from leadrouting.engine.model import Rule, Step, StepKind
from leadrouting.rules.findings import Finding
from leadrouting.rules.health.mistakes import NO_NIGHT
from leadrouting.rules.health.saying import quoted
from leadrouting.rules.links import queue_page
from leadrouting.teams.models import Queue
from leadrouting.teams.snapshot import People, Person

HOURS = 7 * 24
"""How far ahead the office hours are looked at: each full hour of a week."""
ALWAYS = (1 << HOURS) - 1


def unplanned_nights(
    rules: Sequence[Rule], queues: Mapping[int, Queue], catch_all: int, who: People, now: datetime
) -> list[Finding]:
    """Rules with an hour in the week to come in which nobody of their ladder is at work, and whose leads then
    wait in a queue that tells nobody. By queue, because a queue is what is mended.

    What can be known: office hours and steps that ignore them. Owners of accounts and the like differ from
    lead to lead; they count as nobody.
    """
    watch = Watch(who, now)
    waiting: dict[int, list[Rule]] = {}
    for rule in rules:
        queue = next((step.id for step in rule.ladder if step.kind is StepKind.QUEUE), catch_all)
        is_watched = queue in queues and queues[queue].alarm_after is not None
        if not is_watched and watch.covered(rule.ladder) != ALWAYS:
            waiting.setdefault(queue, []).append(rule)
    return [finding(queues[queue], found) for queue, found in waiting.items() if queue in queues]


def finding(queue: Queue, rules: Sequence[Rule]) -> Finding:
    said = (
        f"Outside office hours leads of {quoted(rules)} wait in the queue “{queue}”, and nobody is told. "
        "Say after how long its owner gets a message, or add a step that ignores office hours."
    )
    return Finding(said, NO_NIGHT, url=queue_page(queue.pk))


class Watch:
    """Hours of the week to come as bits, set where somebody is at work."""

    def __init__(self, who: People, now: datetime) -> None:
        start = now.replace(minute=0, second=0, microsecond=0)
        self.who = who
        self.hours = [start + timedelta(hours=hour) for hour in range(HOURS)]
        self.by_calendar: dict[int, int] = {}
        self.by_step: dict[Step, int] = {}

    def covered(self, ladder: Iterable[Step]) -> int:
        found = 0
        for step in ladder:
            if step not in self.by_step:
                self.by_step[step] = self.at_step(step)
            found |= self.by_step[step]
        return found

    def at_step(self, step: Step) -> int:
        """A pool that holds its leads until it opens is a plan for its nights too."""
        pool = self.who.pools.get(step.id) if step.kind is StepKind.POOL else None
        any_hour = step.ignore_hours or (pool is not None and pool.any_hour)
        found = self.present(self.people_of(step), any_hour)
        if pool is not None and pool.after_pool:
            after = replace(step, id=pool.after_pool)
            found |= self.present(self.people_of(after), any_hour or self.who.pools[after.id].any_hour)
        is_held = pool is not None and pool.holds and not step.wait and found
        return ALWAYS if is_held else found

    def present(self, people: Iterable[Person], any_hour: bool) -> int:
        found = 0
        for person in people:
            found |= ALWAYS if any_hour else self.at_work(person)
        return found

    def people_of(self, step: Step) -> Iterator[Person]:
        reps: Iterable[int] = ()
        if step.kind is StepKind.POOL and step.id in self.who.pools:
            reps = self.who.pools[step.id].reps
        elif step.kind is StepKind.REP:
            reps = (step.id,)
        return (self.who.reps[rep] for rep in reps if rep in self.who.reps and self.who.reps[rep].is_active)

    def at_work(self, person: Person) -> int:
        if person.never_open:
            return 0
        if person.calendar is None:
            return ALWAYS
        key = id(person.calendar)  # many share one
        if key not in self.by_calendar:
            is_open = person.calendar.is_open
            self.by_calendar[key] = sum(1 << hour for hour, at in enumerate(self.hours) if is_open(at))
        return self.by_calendar[key]
