"""Publishing and rolling back: one version after another, each frozen, one at a time live."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from json import dumps
from typing import Any

from django.db import transaction
from django.db.models import Max

from leadrouting.rules.catalogue import catalogue_as_it_was
from leadrouting.rules.documents import draft_of
from leadrouting.rules.expectations import Result, results
from leadrouting.rules.models import RuleSet, Version
from leadrouting.rules.problems import problems_of
from leadrouting.rules.signals import went_live
from leadrouting.teams.models import User

__all__ = [
    "LONG_ENOUGH", "AlreadyLive", "CannotPublish", "FailedTests", "Outdated", "live_version", "problems_of",
    "publish", "roll_back", "says_the_same", "sight",
]  # fmt: skip

LONG_ENOUGH = 10
"""Letters that a reason for passing over failed test leads has at least."""


class CannotPublish(Exception):
    """It cannot go live; `problems` lists why, in ops' words."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


class AlreadyLive(CannotPublish):
    """What is to go live says what is live already: a new version would only make the history longer."""

    def __init__(self, said: str) -> None:
        super().__init__([said])


class FailedTests(CannotPublish):
    """Test leads would not go where they are expected; `results` are those of all. A reason overrides this."""

    def __init__(self, results: Sequence[Result]) -> None:
        super().__init__([result.said for result in results if not result.passed])
        self.results = results


class Outdated(Exception):
    """Somebody else was faster: what was looked at is not what there is now. Look again."""


@transaction.atomic
def publish(
    *,
    rule_set: RuleSet,
    by: User | None,
    now: datetime,
    summary: str = "",
    override: str = "",
    seen: str | None = None,
) -> Version:
    """Freeze the draft into a new version and make it the one that routes.

    1. One at a time. 2. Refuse what is live already: so a second click is told what became of the first.
    3. Refuse when it is not what was `seen` (see `sight`), when anything is given. 4. Refuse what has problems.
    5. Try the test leads; `override` says why those that fail do not matter, in ten letters or more.
    Raises AlreadyLive, Outdated, CannotPublish, FailedTests.
    """
    one_at_a_time()
    draft, live = draft_of(rule_set), live_version()
    if live is not None and live.rule_set_id == rule_set.pk and live.document == draft:
        raise AlreadyLive(f"{live} is live already and says the same. Nothing was published.")
    if seen is not None and seen != sight(draft, live):
        raise Outdated("The draft was changed, or another version went live, while you looked at it.")
    if problems := problems_of(draft):
        raise CannotPublish(problems)
    tried = results(rule_set, draft, now=now)
    failed = not all(result.passed for result in tried)
    reason = override.strip() if failed else ""
    if failed and len(reason) < LONG_ENOUGH:
        raise FailedTests(tried)
    return go_live(rule_set, draft, by=by, now=now, summary=summary, overridden=reason)


@transaction.atomic
def roll_back(
    *, version: Version, by: User | None, now: datetime, reason: str = "", seen: str | None = None
) -> Version:
    """Make what this version says live again at once, as a new version; the draft and the tests have no say.

    It may be of another rule set than the one that is live: then its rule set takes over. `seen` is the `sight`
    of its document. Raises Outdated, AlreadyLive, and CannotPublish when it points at what is gone.
    """
    one_at_a_time()
    live = live_version()
    if seen is not None and seen != sight(version.document, live):
        raise Outdated("Another version went live while you looked at this page.")
    if live is not None and says_the_same(live, version):
        raise AlreadyLive(f"{version} says what is live already ({live}). There is nothing to roll back.")
    if problems := problems_of(version.document, catalogue_as_it_was(version.document)):
        mend = f"Load {version} into the draft, mend it there and publish it, or mend what it points at."
        raise CannotPublish([*problems, mend])
    return go_live(version.rule_set, version.document, by=by, now=now, summary=reason, restores=version)


def one_at_a_time() -> None:
    """Whoever else publishes, rolls back or loads a version waits here until this transaction ends."""
    list(RuleSet.objects.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))


def go_live(
    rule_set: RuleSet, document: dict[str, Any], *, by: User | None, now: datetime, **more: Any
) -> Version:
    last = rule_set.versions.aggregate(last=Max("number"))["last"] or 0
    Version.objects.filter(is_live=True).update(is_live=False)
    version = Version.objects.create(
        rule_set=rule_set,
        number=last + 1,
        document=document,
        published_at=now,
        published_by=by,
        is_live=True,
        **more,
    )
    went_live.send(Version, version=version)
    return version


def live_version() -> Version | None:
    return Version.objects.filter(is_live=True).select_related("rule_set", "published_by").first()


def says_the_same(one: Version, other: Version) -> bool:
    return one.pk == other.pk or (one.rule_set_id == other.rule_set_id and one.document == other.document)


def sight(document: dict[str, Any], live: Version | None) -> str:
    """What somebody looks at before they publish: the document, and the version that it would replace."""
    said = sha256(dumps(document, sort_keys=True).encode()).hexdigest()
    return f"{live.pk if live else 0}:{said}"
