"""The facts that rules may ask about, with the choices that this installation knows."""

from functools import cache

from leadrouting.engine.facts import Catalogue, Fact, FactType
from leadrouting.leads.enums import Channel, EmailKind, Priority, Urgency

CHOICES = {"channel": Channel, "priority": Priority, "urgency": Urgency, "email_kind": EmailKind}


@cache
def catalogue() -> Catalogue:
    plain = Catalogue()
    return Catalogue(
        Fact(
            fact.key,
            FactType.CHOICE,
            fact.label,
            fact.group,
            tuple((value, str(label)) for value, label in CHOICES[key].choices),
            fact.unit,
            fact.help,
        )
        for key in CHOICES
        if (fact := plain[key])
    )
