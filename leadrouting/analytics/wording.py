"""The weekly report in words: a summary in sentences, and the e-mail to the manager."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leadrouting.analytics.figures import DASH

NAME = 24  # characters of a name in the e-mail's table


def summary(content: dict[str, Any]) -> list[str]:
    """What a manager should know, one sentence each, the most pressing last."""
    return [balance(content), deadlines(content), inactive(content), *map(suggestion, content["pools"])]


def balance(content: dict[str, Any]) -> str:
    rows = sorted(
        (row for row in content["reps"] if row["active"]), key=lambda row: (-row["open"], row["name"])
    )
    if not rows or not rows[0]["open"]:
        return _("No active rep had an open conversation at the end of the week.")
    most, least = rows[0], rows[-1]
    index = figure(content, "workload_balance")["shown"]
    number = sum(row["open"] for row in rows)
    if len(rows) == 1:
        said = ngettext(
            "{number} open conversations. The workload balance index is {index} (0 is even).",
            "{number} open conversations. The workload balance index is {index} (0 is even).",
            number,
        )
    else:
        said = ngettext(
            "{number} open conversations, from {least} ({lowest}) to {most} ({highest}). "
            "The workload balance index is {index} (0 is even).",
            "{number} open conversations, from {least} ({lowest}) to {most} ({highest}). "
            "The workload balance index is {index} (0 is even).",
            number,
        )
    return said.format(
        number=number,
        index=index,
        least=least["open"],
        lowest=least["name"],
        most=most["open"],
        highest=most["name"],
    )


def deadlines(content: dict[str, Any]) -> str:
    sla = figure(content, "sla_compliance")
    if sla["value"] is None:
        return _("No deadline for a first response ended in this week.")
    met, ended = int(sla["numerator"]), int(sla["denominator"])
    rows = sorted(
        (row for row in content["reps"] if row["missed"]), key=lambda row: (-row["missed"], row["name"])
    )
    names = [f"{row['name']} ({row['missed']})" for row in rows]
    said = (
        _("{met} of {ended} deadlines were met ({share}). Missed by {reps}.")
        if names
        else _("{met} of {ended} deadlines were met ({share}).")
    )
    return said.format(met=met, ended=ended, share=sla["shown"], reps=listed(names) if names else "")


def inactive(content: dict[str, Any]) -> str:
    rows = [f"{row['name']} {_(row['why'])}" for row in content["inactive"]]
    return _("Inactive: {reps}.").format(reps="; ".join(rows)) if rows else _("No rep was inactive.")


def suggestion(pool: dict[str, Any]) -> str:
    name = pool["name"]
    if pool["why"]:
        return _("Pool {pool} {why}. No weights are suggested.").format(pool=name, why=_(pool["why"]))
    if not pool["changed"]:
        return _("Pool {pool}: the weights are fine as they are.").format(pool=name)
    moved = [row for row in pool["weights"] if row["now"] != row["suggested"]]
    changes = listed(f"{row['name']} {row['now']} → {row['suggested']}" for row in moved)
    before, after = index(pool["index_unchanged"]), index(pool["index_predicted"])
    said = (
        _(
            "Pool {pool}: suggested weights are {changes}; the others stay. "
            "If the week came again, its balance index would end at {after} instead of {before}."
        )
        if len(moved) < len(pool["weights"])
        else _(
            "Pool {pool}: suggested weights are {changes}. "
            "If the week came again, its balance index would end at {after} instead of {before}."
        )
    )
    return said.format(pool=name, changes=changes, after=after, before=before)


def told(content: dict[str, Any]) -> dict[str, Any]:
    """The content as it was stored, which is in English, in the language of who reads it."""
    return {
        **content,
        "summary": summary(content),
        "figures": [
            {**one, "label": _(one["label"]), "formula": _(one["formula"])} for one in content["figures"]
        ],
        "reps": [{**row, "why": row["why"] and _(row["why"])} for row in content["reps"]],
        "pools": [{**pool, "why": pool["why"] and _(pool["why"])} for pool in content["pools"]],
    }


def subject(team: str, week: date) -> str:
    return f"Week of {week:%d %B %Y}: how {team} did, and what to change"


def body(content: dict[str, Any], week: date) -> str:
    """Plain text that reads well in any mail program."""
    last = week + timedelta(days=6)
    lines = [f"{content['team']}, {week:%d %B} to {last:%d %B %Y} (UTC)", ""]
    lines += [f"- {sentence}" for sentence in content["summary"]]
    lines += ["", "The figures", ""]
    lines += [f"  {one['label']:<28} {one['shown']:>14}   ({one['parts']})" for one in content["figures"]]
    lines += ["", "The reps (conversion: of the leads of the last four weeks)", "", *table(content["reps"])]
    return "\n".join(lines)


def table(rows: list[dict[str, Any]]) -> list[str]:
    if not rows:
        return ["  The team has no rep."]
    heads = f"  {'':<{NAME}} {'received':>9} {'open':>6} {'closed':>7} {'won':>5} {'missed':>7} {'conversion':>11}"
    return [heads] + [
        f"  {short(row['name']):<{NAME}} {row['received']:>9} {row['open']:>6} {row['closed']:>7} {row['won']:>5}"
        f" {row['missed']:>7} {row['conversion']['shown']:>11}"
        for row in rows
    ]


def figure(content: dict[str, Any], key: str) -> dict[str, Any]:
    return next(one for one in content["figures"] if one["key"] == key)


def listed(parts: Iterable[str]) -> str:
    """One, two and three."""
    *most, last = parts
    return _("{most} and {last}").format(most=", ".join(most), last=last) if most else last


def index(value: float | None) -> str:
    return DASH if value is None else f"{value:.2f}"


def short(name: str) -> str:
    return name if len(name) <= NAME else f"{name[: NAME - 1]}…"
