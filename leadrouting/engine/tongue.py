"""The language in which sentences are said. This room knows English only: who starts the program hands in the rest.

What people read is written out in calls of `say` (one text) and `say_many` (for one, for several, and how many), or
of `noop` and `both`, for texts that are said later: translations are gathered from calls of these names. Names and
values go in by name with `format`, so that a translation can put them elsewhere.
"""

from __future__ import annotations

from datetime import date
from typing import Protocol


class Tongue(Protocol):
    def say(self, text: str) -> str: ...

    def say_many(self, one: str, many: str, count: int) -> str: ...

    def figure(self, number: float, places: int = 0) -> str:
        """`1,234.5`"""

    def day(self, day: date) -> str:
        """`4 May 2026`"""


class English:
    def say(self, text: str) -> str:
        return text

    def say_many(self, one: str, many: str, count: int) -> str:
        return one if count == 1 else many

    def figure(self, number: float, places: int = 0) -> str:
        return f"{number:,.{places}f}"

    def day(self, day: date) -> str:
        return f"{day.day} {day:%B} {day.year}"


_tongue: Tongue = English()


def speak(tongue: Tongue) -> None:
    """From now on, in the whole process. Called once, when it starts."""
    global _tongue
    _tongue = tongue


def noop(text: str) -> str:
    """A text that is said later."""
    return text


def both(one: str, many: str) -> tuple[str, str]:
    """What is said later of one, and of several."""
    return one, many


def say(text: str) -> str:
    return _tongue.say(text)


def say_many(one: str, many: str, count: int) -> str:
    return _tongue.say_many(one, many, count)


def figure(number: float, places: int = 0) -> str:
    return _tongue.figure(number, places)


def day_in_words(day: date) -> str:
    return _tongue.day(day)
