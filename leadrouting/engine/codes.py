"""Facts whose values are codes: what people call each, and which code is meant when they write its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from leadrouting.engine.values import fold

SUGGESTED = 3


@dataclass(frozen=True)
class Codes:
    """`names` is by code what people call it; `find` gives the code that somebody means, empty when nobody knows.
    A code that `find` gives and `names` has not counts as well."""

    what: str
    names: Mapping[str, str]
    find: Callable[[str], str]

    @cached_property
    def folded(self) -> Mapping[str, str]:
        """The code as it is written, by the code as values are compared."""
        return {fold(code): code for code in self.names}

    def name(self, raw: str) -> str:
        """`IN` is India; empty for what is no code."""
        code = self.folded.get(fold(raw))
        return self.names[code] if code else ""

    def problem(self, raw: str) -> str:
        """Why no lead can have this value, and what to write instead; empty when one can."""
        if fold(raw) in self.folded:
            return ""
        code = self.find(raw)
        if code and fold(code) != fold(raw):
            return f"“{raw.strip()}” is not {self.what}: write {self.told(code)}."
        if code:
            return ""
        near = self.near(raw)
        return f"“{raw.strip()}” is not {self.what} that we know. {f'Did you mean {near}?' if near else 'Choose one from the list.'}"

    def near(self, raw: str) -> str:
        """`IN (India)`, by names and codes that are spelt alike."""
        spelt = {fold(code): code for code in self.names} | {
            fold(name): code for code, name in self.names.items()
        }
        found = get_close_matches(fold(raw), list(spelt), n=SUGGESTED, cutoff=0.7)
        codes = dict.fromkeys(spelt[one] for one in found)
        return " or ".join(map(self.told, codes))

    def told(self, code: str) -> str:
        """`IN (India)`; the code alone where it has no other name."""
        name = self.names.get(code, code)
        return code if name.replace(" ", "_") == code else f"{code} ({name})"
