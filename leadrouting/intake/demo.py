"""The demo: a pack's company with its log-ins, and weeks of history behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.validators import slug_re
from django.db import transaction
from rest_framework.authtoken.models import Token

from config.demo import LOGINS, SERVICE
from leadrouting.intake.packs import pack_names, read_pack
from leadrouting.intake.simulation.market import Market
from leadrouting.intake.simulation.own import still_defined
from leadrouting.leads.attributes import definitions
from leadrouting.leads.models import Lead, Source
from leadrouting.leads.services import receive_lead
from leadrouting.leads.sources import folded, known_names
from leadrouting.rules.models import RuleSet
from leadrouting.teams.models import Rep, User

PACK = "software"
LEADS, DAYS, SEED = 1600, 90, 7
EACH = 2  # leads from each market that are new when the demo starts
FIRST = 7_000  # their numbers, above those of history


def objection() -> str:
    """Why the demo must not be set up here: it opens accounts with a public password. Empty: it may."""
    if settings.SECURE_HTTPS:
        return "This installation is in production: no demo here."
    titles = [read_pack(name)["title"] for name in pack_names()]
    if Rep.objects.exists() and not RuleSet.objects.filter(name__in=titles).exists():
        return "People work here who are not the demo's: no demo here. Use an empty database."
    return ""


@transaction.atomic
def open_accounts() -> Token:
    """Give the log-ins their passwords, unless they have one by now, and the service its token."""
    for login in LOGINS:
        user = User.objects.get(username=login.username)
        if not user.has_usable_password():
            user.set_password(login.password)
            user.save(update_fields=["password"])
    service, is_new = User.objects.get_or_create(
        username=SERVICE, defaults={"name": "Website", "role": User.Role.SERVICE}
    )
    if is_new:
        service.set_unusable_password()
        service.save(update_fields=["password"])
    return Token.objects.get_or_create(user=service)[0]


def log_ins() -> str:
    """The log-ins as `make run` prints them."""
    width = max(len(login.label) for login in LOGINS)
    lines = [f"  {login.label:<{width}}  {login.username:<16} {login.password}" for login in LOGINS]
    token = Token.objects.filter(user__username=SERVICE).first()
    lines.append(f"  {'API token':<{width}}  {token.key if token else 'none yet: run manage.py demo'}")
    return "\n".join(["Log-ins of the demo:", *lines])


def began(now: datetime) -> datetime:
    """When the demo's rules went live: the day before its history begins."""
    return now - timedelta(days=DAYS + 1)


def needs_history() -> bool:
    return not Lead.objects.exists()


def enquire(pack: Mapping[str, Any], *, seed: int, clock: Callable[[], datetime]) -> int:
    """Leads of this very moment, some from each market: somebody has to answer them, and clocks run."""
    market = Market(pack, f"now:{seed}")
    places = [place for place in pack["markets"] for _ in range(EACH)]
    for number, place in enumerate(places, FIRST):
        values = market.lead(number, clock(), place, []).values
        receive_lead(now=clock(), **still_defined(values, definitions()))
    return len(places)


def name_sources() -> None:
    """Those of the demo's leads that nobody has named yet."""
    found = Lead.objects.exclude(source="").values_list("source", flat=True).distinct().order_by("source")
    known = known_names()
    new = [name for name in found if folded(name) not in known and slug_re.fullmatch(name)]
    Source.objects.bulk_create([Source(key=name, name=name.replace("-", " ").title()) for name in new])
