"""One name for each source, whatever it comes under."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from leadrouting.engine.values import fold
from leadrouting.leads.models import Source


def folded(name: str) -> str:
    """Without case, accents, and anything that is neither letter nor figure."""
    return "".join(letter for letter in fold(name) if letter.isalnum())


def names_of(source: Source) -> set[str]:
    return {folded(one) for one in (source.key, source.name, *source.synonyms)} - {""}


def known_names() -> dict[str, str]:
    """Every name that a source goes by, folded, and its key. One query."""
    return {name: source.key for source in Source.objects.order_by("-id") for name in names_of(source)}


def source_called(name: str) -> str:
    """The key of the source with this name; the name itself where none has it. One query."""
    return known_names().get(folded(name), name)


def as_known(names: Mapping[str, str], name: str) -> str:
    return names.get(folded(name), name)


def taken(source: Source) -> dict[str, str]:
    """Names of this source that another one has already, with that one's name."""
    others = Source.objects.exclude(pk=source.pk)
    theirs = {name: other.name for other in others for name in names_of(other)}
    return {name: theirs[name] for name in names_of(source) if name in theirs}


@transaction.atomic
def learn(source: Source, name: str) -> bool:
    """What comes under this name is that source from now on. False where the name is blank, or somebody's already."""
    source = Source.objects.select_for_update().get(pk=source.pk)
    if not folded(name) or folded(name) in known_names():
        return False
    source.synonyms = [*source.synonyms, name.strip()[:60]]
    source.save(update_fields=["synonyms"])
    return True
