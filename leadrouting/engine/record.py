"""A verdict as JSON and back: short keys, nothing that is empty, no object per member."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from leadrouting.engine.model import StepKind
from leadrouting.engine.roster import Strategy, Why
from leadrouting.engine.verdict import StandIn, Tried, Verdict


def encode(verdict: Verdict) -> dict[str, Any]:
    """Plain dicts, lists, strings and whole numbers; `decode` gives an equal verdict back."""
    data: dict[str, Any] = {
        "lead": verdict.lead,
        "rule": verdict.rule,
        "step": verdict.step,
        "rep": verdict.rep,
        "queue": verdict.queue,
        "tried": [_encode_tried(tried) for tried in verdict.tried],
    }
    if verdict.passed_cap:
        data["passed_cap"] = True
    return data


def decode(data: Mapping[str, Any]) -> Verdict:
    """The verdict that `encode` wrote. KeyError or ValueError: it did not write this."""
    return Verdict(
        lead=data["lead"],
        rule=data["rule"],
        step=data["step"],
        rep=data["rep"],
        queue=data["queue"],
        tried=tuple(_decode_tried(tried) for tried in data["tried"]),
        passed_cap=data.get("passed_cap", False),
    )


def _encode_tried(tried: Tried) -> dict[str, Any]:
    data: dict[str, Any] = {"step": tried.step, "kind": str(tried.kind), "id": tried.id}
    if tried.roster is not None:
        data["roster"] = tried.roster
    if tried.strategy is not None:
        data["strategy"] = str(tried.strategy)
    if tried.picked is not None:
        data["picked"] = tried.picked
    if tried.reasons:
        data["reasons"] = {str(why): list(reps) for why, reps in tried.reasons.items()}
    if tried.credits:
        data["credits"], data["rest"] = list(tried.credits), tried.rest
    if tried.loads:
        data["loads"] = list(tried.loads)
    if tried.caps is not None:
        data["caps"] = list(tried.caps)
    if tried.team is not None:
        data["team"] = list(tried.team)
    if tried.after_hours:
        data["after_hours"] = True
    if tried.territory:
        data["territory"] = tried.territory
    if tried.language:
        data["language"] = tried.language
    if tried.until_opening:
        data["until_opening"] = True
    if tried.stands_in is not None:
        data["stands_in"] = _encode_stand_in(tried.stands_in)
    if tried.wait:
        data["wait"], data["waited"] = tried.wait, tried.waited
    return data


def _decode_tried(data: Mapping[str, Any]) -> Tried:
    strategy = data.get("strategy")
    return Tried(
        step=data["step"],
        kind=StepKind(data["kind"]),
        id=data["id"],
        roster=data.get("roster"),
        strategy=None if strategy is None else Strategy(strategy),
        picked=data.get("picked"),
        reasons={why: tuple(reps) for why, reps in data.get("reasons", {}).items()},
        credits=tuple(data.get("credits", ())),
        rest=data.get("rest", 0),
        loads=tuple(data.get("loads", ())),
        caps=None if (caps := data.get("caps")) is None else tuple(caps),
        wait=data.get("wait", 0),
        waited=data.get("waited", 0),
        team=None if (team := data.get("team")) is None else tuple(team),
        after_hours=data.get("after_hours", False),
        stands_in=_decode_stand_in(data["id"], data["stands_in"]) if "stands_in" in data else None,
        territory=data.get("territory", ""),
        language=data.get("language", ""),
        until_opening=data.get("until_opening", False),
    )


def _encode_stand_in(stand_in: StandIn) -> dict[str, Any]:
    """Without who stands in: that is the step's own rep."""
    data: dict[str, Any] = {"for": stand_in.of, "why": str(stand_in.why)}
    if stand_in.until:
        data["until"] = stand_in.until
    if stand_in.via:
        data["via"] = list(stand_in.via)
    return data


def _decode_stand_in(rep: int, data: Mapping[str, Any]) -> StandIn:
    return StandIn(rep, data["for"], Why(data["why"]), data.get("until", ""), tuple(data.get("via", ())))
