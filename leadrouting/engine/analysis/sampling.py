"""A text that a simple regular expression is likely to match. A guess: whoever uses it asks the expression."""

from __future__ import annotations

_ESCAPES = {"d": "7", "w": "a", "s": " ", "t": " ", "n": " ", "D": "a", "W": " ", "S": "a", "b": "", "B": ""}
_EMPTY = "^$"


def sample(pattern: str) -> str:
    """The first alternative of each choice, each part as seldom as it may occur."""
    text, _ = _alternatives(pattern, 0)
    return text


def _alternatives(pattern: str, at: int) -> tuple[str, int]:
    """Read up to the end or a closing parenthesis. The shortest alternative that is not empty is taken."""
    found: list[str] = []
    pieces: list[str] = []
    while at < len(pattern) and pattern[at] != ")":
        if pattern[at] == "|":
            found.append("".join(pieces))
            pieces, at = [], at + 1
            continue
        piece, at = _piece(pattern, at)
        times, at = _times(pattern, at)
        pieces.append(piece * times)
    found.append("".join(pieces))
    return found[0], at


def _piece(pattern: str, at: int) -> tuple[str, int]:
    char = pattern[at]
    if char == "(":
        start = at + 1
        if pattern.startswith("?", start):
            colon = pattern.find(":", start)
            start = colon + 1 if colon >= 0 else start + 1
        text, end = _alternatives(pattern, start)
        return text, end + 1
    if char == "[":
        return _one_of(pattern, at + 1)
    if char == "\\" and at + 1 < len(pattern):
        escaped = pattern[at + 1]
        return _ESCAPES.get(escaped, escaped), at + 2
    if char == ".":
        return "a", at + 1
    return ("" if char in _EMPTY else char), at + 1


def _one_of(pattern: str, at: int) -> tuple[str, int]:
    end = pattern.find("]", at + 1)
    if end < 0:
        return "", len(pattern)
    inside = pattern[at:end]
    if inside.startswith("^"):
        return next((char for char in "a7 -q" if char not in inside), "a"), end + 1
    if inside.startswith("\\") and len(inside) > 1:
        return _ESCAPES.get(inside[1], inside[1]), end + 1
    return inside[0], end + 1


def _times(pattern: str, at: int) -> tuple[int, int]:
    """How often the piece before is repeated, and where reading goes on."""
    times = 1
    if at < len(pattern) and pattern[at] in "*?":
        times, at = 0, at + 1
    elif at < len(pattern) and pattern[at] == "+":
        at += 1
    elif at < len(pattern) and pattern[at] == "{":
        end = pattern.find("}", at)
        low = pattern[at + 1 : end].split(",")[0]
        times, at = (min(int(low), 20), end + 1) if end > 0 and low.isdigit() else (1, at + 1)
    if at < len(pattern) and pattern[at] == "?":
        at += 1  # lazy
    return times, at
