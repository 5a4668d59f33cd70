"""What somebody wrote, without what they answer to. Pure; the whole is kept with the delivery."""

from __future__ import annotations

import re

WROTE = re.compile(
    r"^\s*(on\b.{0,200}\bwrote|am\b.{0,200}\bschrieb\b.{0,120}|le\b.{0,200}\ba écrit|el\b.{0,200}\bescribió"
    r"|em\b.{0,200}\bescreveu|il\b.{0,200}\bha scritto|op\b.{0,200}\bschreef\b.{0,120}|den\b.{0,200}\bskrev\b.{0,120})\s*:\s*$",
    re.IGNORECASE | re.DOTALL,
)
DIVIDERS = re.compile(
    r"^\s*(-{2,}\s*(original message|forwarded message|ursprüngliche nachricht|weitergeleitete nachricht"
    r"|message d'origine|mensaje original|mensagem original|messaggio originale|oorspronkelijk bericht)\s*-{2,}"
    r"|_{10,})\s*$",
    re.IGNORECASE,
)
HEADER = re.compile(r"^\s*\*?(from|von|de|da|van|från|fra)\s*:\*?\s.+", re.IGNORECASE)
SENT = re.compile(
    r"^\s*\*?(sent|date|gesendet|datum|envoyé|enviado|enviada|inviato|data|fecha|verzonden|skickat|sendt)\s*:",
    re.IGNORECASE,
)
LOOK_AHEAD = 3
"""Lines over which a quote's first line may be broken."""


def own_words(text: str) -> str:
    """Up to the first sign of a quote; without the signature after `-- `. All of it when nothing would be left."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    end = next((number for number in range(len(lines)) if begins_quote(lines, number)), len(lines))
    kept = [line for line in lines[:end] if not line.lstrip().startswith(">")]
    if "-- " in kept:
        kept = kept[: kept.index("-- ")]
    return tidy(kept) or tidy(lines)


def begins_quote(lines: list[str], number: int) -> bool:
    line = lines[number]
    if DIVIDERS.match(line):
        return True
    if HEADER.match(line) and any(SENT.match(one) for one in lines[number + 1 : number + 1 + LOOK_AHEAD]):
        return True
    return any(
        WROTE.match(" ".join(lines[number : number + many + 1])[:500])
        for many in range(LOOK_AHEAD)
        if line.strip()
    )


def tidy(lines: list[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip()
