"""Texts with placeholders: checked when they are saved, filled when they are sent. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

PLACEHOLDERS: Mapping[str, str] = {
    "name": "the prospect’s full name",
    "first_name": "the first word of it",
    "company": "the prospect’s company",
    "product": "what they asked for",
    "campaign": "the campaign’s name",
    "expected": "when somebody will be in touch, e.g. “tomorrow from 09:00”",
    "our_name": "the company’s name",
    "phone": "the company’s number",
    "booking_link": "where to choose a time; a line with it is left out where there is none",
}
WHOLE_LINE = frozenset({"booking_link"})
"""A line that speaks of one of these says nothing without it."""
INTERNAL = (
    *(
        "rule",
        "rule set",
        "score",
        "tier",
        "queue",
        "pool",
        "territory",
        "round robin",
        "escalation",
        "sla",
        "breach",
    ),
    *("assigned", "routing", "leadrouting", "lead", "crm", "backlog", "regel", "warteschlange", "punktzahl"),
)
"""Words about how we work, which are none of a prospect's business."""
HOLE = re.compile(r"\{([^{}]*)\}")
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
UNSAFE = re.compile(
    r"[<>@{}\[\]|\\]|https?:|www\.|\b[\w-]+\.(com|net|org|io|ru|cn|xyz|example|info|de|co|biz)\b|\d{4,}",
    re.IGNORECASE,
)
LONGEST_NAME = 60


def problems(text: str, *, own: Collection[str] = ()) -> list[str]:
    """What must not be sent, each with what to do. `own` are names of ours that are nobody else's business."""
    found = []
    for name in HOLE.findall(text):
        if name not in PLACEHOLDERS:
            known = ", ".join(f"{{{one}}}" for one in PLACEHOLDERS)
            found.append(f"There is no {{{name}}}. You can write: {known}.")
    if re.search(r"[{}]", HOLE.sub("", text)):
        found.append("A brace is open or closed alone: a placeholder is written like {name}.")
    if re.search(r"</?[a-z!][^>]*>", text, re.IGNORECASE):
        found.append("This is text, not HTML: take the marks in < > out.")
    if address := ADDRESS.search(text):
        found.append(
            f"“{address[0]}”: no address belongs into the text; answers reach the lead by themselves."
        )
    plain = f" {simple(text)} "
    for word in (*INTERNAL, *(one.lower() for one in own)):
        sought = simple(word)
        if sought and f" {sought} " in plain:
            found.append(f"“{word}” is an internal word: say it in the prospect’s words.")
    return found


def simple(text: str) -> str:
    """Its words, in small letters, a space between two."""
    return " ".join(re.findall(r"[^\W_]+", text.lower()))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Every hole is filled, with nothing where nothing is known; what is left over around nothing is tidied up."""
    lacking = {f"{{{name}}}" for name in WHOLE_LINE if not values.get(name)}
    lines = [line for line in text.splitlines() if not any(hole in line for hole in lacking)]
    told = HOLE.sub(lambda hole: values.get(hole[1], ""), "\n".join(lines))
    told = re.sub(r"[ \t]+([,.;:!?])", r"\1", re.sub(r"[ \t]{2,}", " ", told))
    told = "\n".join(line.rstrip() for line in told.splitlines()).strip()
    return re.sub(r"\n{3,}", "\n\n", told)


def one_line(text: str) -> str:
    """For a subject: no line breaks, no control characters."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def safe_name(name: str) -> str:
    """The name, if it can only be one: whoever writes a link or an advertisement there is greeted without a name."""
    told = one_line(name)
    return "" if len(told) > LONGEST_NAME or UNSAFE.search(told) else told
