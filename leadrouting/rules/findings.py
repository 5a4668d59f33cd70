"""What somebody should know about a rule set before it goes live."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One warning. `sentence` is for people; `kind` a short word that its page knows, e.g. `shadowed`.

    A serious finding is most likely a mistake; any other one is worth a look. `url` leads to where more is
    said or to the rule that it speaks of; empty where there is no such page.
    """

    sentence: str
    kind: str = ""
    is_serious: bool = False
    url: str = ""
