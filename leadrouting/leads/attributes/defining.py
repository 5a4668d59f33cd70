"""Changing which attributes there are. What a rule asks about stays; only raw SQL gets past that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from leadrouting.engine.values import fold
from leadrouting.leads.models import Attribute
from leadrouting.leads.signals import attributes_in_use


@dataclass(frozen=True, slots=True)
class Use:
    """A rule that asks about an attribute. `values` are those that it names, folded; `link` leads to it."""

    rule: str
    where: str
    link: str
    values: frozenset[str] = frozenset()


class AttributeInUse(ProtectedError):
    """Rules ask about the attribute: take the condition out of them first."""

    def __init__(self, attribute: Attribute, uses: Sequence[Use]) -> None:
        super().__init__(refusal(attribute, uses), {attribute})
        self.uses = uses


def definitions() -> dict[str, Attribute]:
    """By key, in the order of labels. One query."""
    return {attribute.key: attribute for attribute in Attribute.objects.all()}


def uses_of(keys: Iterable[str]) -> dict[str, list[Use]]:
    """Who asks about each of these attributes. A constant number of queries."""
    found: dict[str, list[Use]] = {key: [] for key in keys}
    answers: list[tuple[Any, Any]] = attributes_in_use.send(sender=Attribute, keys=tuple(found))
    for _, told in answers:
        for key, uses in told.items():
            found[key] += uses
    return found


@transaction.atomic
def remove(attribute: Attribute) -> None:
    """Leads keep their values, under the key. Raises AttributeInUse."""
    attribute.delete()


def keep_if_used(sender: Any, instance: Attribute, **_: Any) -> None:
    """Before any deletion, of one or of many."""
    if uses := uses_of([instance.key])[instance.key]:
        raise AttributeInUse(instance, uses)


def check_choices(attribute: Attribute, choices: Sequence[str]) -> None:
    """Raises ValidationError when a rule names one that would go. Without choices any text may be named."""
    kept, before = {fold(one) for one in choices}, {fold(one) for one in attribute.choices}
    if not kept:
        return
    for use in uses_of([attribute.key])[attribute.key]:
        if gone := sorted(value for value in use.values - kept if not before or value in before):
            raise ValidationError(
                format_html(
                    "“{}” must stay: {} names it. Change the rule first.",
                    spelt(gone[0], attribute),
                    linked(use),
                )
            )


def spelt(folded: str, attribute: Attribute) -> str:
    return next((str(one) for one in attribute.choices if fold(one) == folded), folded)


def refusal(attribute: Attribute, uses: Sequence[Use]) -> SafeString:
    """Why it must stay, with links to the rules."""
    names = format_html_join(", ", "{}", ((linked(use),) for use in uses[:10]))
    more = f" and {len(uses) - 10} more" if len(uses) > 10 else ""
    return format_html(
        "“{}” cannot be deleted: it is asked about by {}{}. Take the condition out of {} first.",
        *(attribute, names, more, "these rules" if len(uses) > 1 else "this rule"),
    )


def linked(use: Use) -> SafeString:
    return format_html('<a href="{}" class="text-link">rule “{}”</a> {}', use.link, use.rule, use.where)
