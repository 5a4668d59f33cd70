"""A rule while it is being written: its sentence, what is wrong with its logic, and values to choose from."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from leadrouting.common.console import OpsAdmin
from leadrouting.engine.conditions import ConditionError, check_condition
from leadrouting.engine.logic import LogicError, parse
from leadrouting.engine.model import Rule, Step, StepKind
from leadrouting.rules.admin.moments import span
from leadrouting.rules.admin.seen import values_seen
from leadrouting.rules.catalogue import catalogue
from leadrouting.rules.documents import condition_from, operand_of
from leadrouting.rules.wording import all_names, rule_in_words

FLAGS = ("only_present", "ignore_hours", "ignore_capacity", "drop_skills")


def rule_words(admin: OpsAdmin, request: HttpRequest) -> JsonResponse:
    """POST a rule as it stands in the form; nothing is written. What is wrong with it comes back with status
    200: somebody is still typing."""
    allow(admin, request)
    try:
        rule, conditions = read(json.loads(request.body))
    except (ValueError, KeyError, TypeError, AttributeError):
        return JsonResponse(
            {"error": "Send the rule as JSON, with conditions, logic and targets."}, status=400
        )
    known = catalogue()
    problems = {}
    for number, condition in conditions.items():
        try:
            check_condition(condition, known)
        except ConditionError as error:
            problems[number] = str(error)
    valid = span(rule["valid_from"], rule["valid_until"], timezone.now())
    plain = Rule(**{**rule, "valid_from": None, "valid_until": None})
    words = rule_in_words(plain, all_names(), known)
    sentence = f"{words[:-1]}, valid {valid}." if valid else words
    return JsonResponse({"sentence": sentence, "logic": fault(rule), "problems": problems})


def rule_values(admin: OpsAdmin, request: HttpRequest) -> JsonResponse:
    """GET `?fact=city`: what leads had there most often of late."""
    allow(admin, request)
    return JsonResponse({"values": values_seen(request.GET.get("fact", ""))})


def allow(admin: OpsAdmin, request: HttpRequest) -> None:
    if not admin.has_change_permission(request):
        raise PermissionDenied


def read(data: dict[str, Any]) -> tuple[dict[str, Any], dict[int, Any]]:
    """The engine's rule, and its conditions by their row. Rows that are not filled in yet are passed over."""
    conditions = {
        number: condition_from(
            {
                "fact": str(one["fact"]),
                "operator": str(one["operator"]),
                "operand": operand_of(str(one["operator"]), str(one["value"])),
            }
        )
        for number, one in enumerate(data["conditions"])
        if one["fact"] and one["operator"]
    }
    rule = {
        "id": 0,
        "name": "",
        "logic": str(data.get("logic", "")),
        "conditions": tuple(conditions.values()),
        "ladder": tuple(step(one) for one in data.get("targets", []) if one["goes_to"]),
        "skills": tuple(
            (int(one["skill"]), int(one["level"] or 1)) for one in data.get("skills", []) if one["skill"]
        ),
        "valid_from": moment(data.get("valid_from")),
        "valid_until": moment(data.get("valid_until")),
    }
    return rule, conditions


def step(given: dict[str, Any]) -> Step:
    kind, _, key = str(given["goes_to"]).partition(":")
    if kind == StepKind.QUEUE:
        return Step(StepKind.QUEUE, int(key))
    wait = str(given.get("wait") or 0)
    flags = {name: bool(given.get(name)) for name in FLAGS}
    return Step(StepKind(kind), int(key), wait=int(wait) if wait.isdecimal() else 0, **flags)


def moment(text: Any) -> datetime | None:
    """What a datetime-local input holds, in the zone of the person who types."""
    at = parse_datetime(str(text)) if text else None
    return timezone.make_aware(at) if at is not None and timezone.is_naive(at) else at


def fault(rule: dict[str, Any]) -> dict[str, Any] | None:
    try:
        parse(rule["logic"], len(rule["conditions"]))
    except LogicError as error:
        return {"message": error.message, "column": error.column}
    return None
