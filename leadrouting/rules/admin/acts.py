"""What is done to a rule in its row, saved at once: on or off, its place, a copy, a review.

An act is `verb:rule:number`; the number is the rule's edition as shown, or the new place of a move. The page's
script asks for JSON; without scripts the buttons post the same and come back to the page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils import timezone

from leadrouting.common.console import OpsAdmin
from leadrouting.rules.admin.moments import when
from leadrouting.rules.admin.publishing import state_in_words
from leadrouting.rules.admin.ruleset_form import last_change
from leadrouting.rules.documents import draft_of
from leadrouting.rules.editing import Changed, duplicate, move, review, switch
from leadrouting.rules.models import Rule, RuleSet
from leadrouting.teams.auth import caller


@dataclass(frozen=True, slots=True)
class Done:
    """What to tell; `undo` is the act that takes it back, `fresh` means that the page must be shown anew."""

    said: str
    rule: int = 0
    edition: int = 0
    undo: str = ""
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """`number` is an edition or a place; `edition` the rule set's, as shown."""

    admin: OpsAdmin
    request: HttpRequest
    rule_set: RuleSet
    rule_id: int
    number: int
    edition: int
    now: datetime


def act(admin: OpsAdmin, request: HttpRequest, object_id: str) -> HttpResponse:
    """POST only. 409 with what happened when somebody else was faster."""
    rule_set = admin.get_object(request, unquote(object_id))
    if not isinstance(rule_set, RuleSet) or request.method != "POST":
        raise Http404("Rules are changed by a POST to their rule set.")
    if not admin.has_change_permission(request, rule_set):
        raise PermissionDenied
    now = timezone.now()
    try:
        verb, asked = read(admin, request, rule_set, now)
        done = VERBS[verb](asked)
    except Changed as error:
        return answer(admin, request, rule_set, Done(told(error, rule_set, now)), status=409)
    return answer(admin, request, rule_set, done)


def read(admin: OpsAdmin, request: HttpRequest, rule_set: RuleSet, now: datetime) -> tuple[str, Asked]:
    """Raises Http404 for what no button of the page sends."""
    verb, _, rest = request.POST.get("act", "").partition(":")
    if verb == "place":
        rest = place_to_place(request, rule_set)
    key, _, number = rest.partition(":")
    edition = request.POST.get("edition", "")
    if verb not in VERBS or not all(part.isascii() and part.isdigit() for part in (key, number, edition)):
        raise Http404(f"“{verb}” is not something that can be done to a rule.")
    if not Rule.objects.filter(pk=key).exclude(rule_set=rule_set).exists():
        return verb, Asked(admin, request, rule_set, int(key), int(number), int(edition), now)
    raise Http404("That rule belongs to another rule set.")


def place_to_place(request: HttpRequest, rule_set: RuleSet) -> str:
    """“Move rule 7 to place 2”, typed as two numbers: the same as dragging it there."""
    texts = [request.POST.get(name, "") for name in ("from", "to")]
    numbers = [int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0 for text in texts]
    keys = list(rule_set.rules.values_list("pk", flat=True))
    if not 1 <= numbers[0] <= len(keys) or numbers[1] < 1:
        raise Changed(f"Write the number of a rule, 1 to {len(keys)}, and its new place. Nothing was moved.")
    return f"{keys[numbers[0] - 1]}:{numbers[1]}"


def turn(asked: Asked, on: bool) -> Done:
    by = caller(asked.request)
    rule = switch(rule_id=asked.rule_id, edition=asked.number, on=on, by=by, now=asked.now)
    said = f"“{rule}” is {'on' if on else 'off'} in this draft."
    asked.admin.log_change(asked.request, rule, f"Switched {'on' if on else 'off'}.")
    return Done(
        f"{said} Leads notice when you publish.",
        rule.pk,
        rule.edition,
        f"{'off' if on else 'on'}:{rule.pk}:{rule.edition}",
    )


def put(asked: Asked) -> Done:
    before = list(asked.rule_set.rules.values_list("pk", flat=True))
    moved = move(
        rule_set_id=asked.rule_set.pk, edition=asked.edition, rule_id=asked.rule_id, place=asked.number
    )
    asked.rule_set.edition = moved.edition
    rule = Rule.objects.get(pk=asked.rule_id)
    old, new = before.index(rule.pk) + 1, min(max(asked.number, 1), len(before))
    said = f"“{rule}” moved from place {old} to {new}."
    asked.admin.log_change(asked.request, moved, said)
    return Done(said, rule.pk, rule.edition, f"to:{rule.pk}:{old}" if old != new else "")


def copied(asked: Asked) -> Done:
    copy = duplicate(rule_id=asked.rule_id, edition=asked.number, by=caller(asked.request), now=asked.now)
    asked.admin.log_addition(asked.request, copy, "Copied.")
    said = f"“{copy}” lies right below, switched off: change what it says, then switch it on."
    return Done(said, copy.pk, copy.edition, fresh=True)


def right(asked: Asked) -> Done:
    rule = review(rule_id=asked.rule_id, edition=asked.number, now=asked.now)
    asked.admin.log_change(asked.request, rule, "Reviewed: still right.")
    return Done(f"Noted: “{rule}” is still right today.", rule.pk, rule.edition)


VERBS: dict[str, Callable[[Asked], Done]] = {
    "on": lambda asked: turn(asked, True),
    "off": lambda asked: turn(asked, False),
    "to": put,
    "place": put,
    "copy": copied,
    "right": right,
}


def told(error: Changed, rule_set: RuleSet, now: datetime) -> str:
    """The refusal with the hour, and with the name of who moved rules where the order is concerned."""
    rule = error.now
    if rule is not None and rule.changed_at is not None:
        return f"{rule.changed_by or 'Somebody else'} changed “{rule}” at {when(rule.changed_at, now)}. Nothing was done: look at the rule first."
    last = last_change(rule_set)
    if "order" in str(error) and last is not None:
        return f"{last.user} changed the order or the settings at {when(last.action_time, now)}, so nothing was moved."
    return str(error)


def answer(
    admin: OpsAdmin, request: HttpRequest, rule_set: RuleSet, done: Done, status: int = 200
) -> HttpResponse:
    here = f"{admin.change_url(rule_set)}{f'#rule-{done.rule}' if done.rule else ''}"
    for_script = "application/json" in request.headers.get("Accept", "")
    if done.fresh or not for_script:
        level = messages.SUCCESS if status == 200 else messages.WARNING
        admin.message_user(request, done.said, level)
    if not for_script:
        return HttpResponseRedirect(here)
    rule_set.refresh_from_db(fields=["edition"])
    state = state_in_words(rule_set, draft_of(rule_set))
    return JsonResponse({**asdict(done), "order": rule_set.edition, "state": state}, status=status)
