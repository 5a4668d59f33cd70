"""Custom attributes: what ops want to know about a lead beyond what is built in."""

from leadrouting.leads.attributes.defining import (
    AttributeInUse,
    Use,
    check_choices,
    definitions,
    refusal,
    remove,
    uses_of,
)
from leadrouting.leads.attributes.reading import (
    PREFIX,
    Definitions,
    clean_attributes,
    key_named,
    merged,
    unknown,
)
from leadrouting.leads.attributes.saying import leftover, told, worded

__all__ = [
    "PREFIX",
    "AttributeInUse",
    "Definitions",
    "Use",
    "check_choices",
    "clean_attributes",
    "definitions",
    "key_named",
    "leftover",
    "merged",
    "refusal",
    "remove",
    "told",
    "unknown",
    "uses_of",
    "worded",
]
