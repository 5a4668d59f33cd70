"""Doorbells of the queue."""

from django.utils import timezone

from leadrouting.leads import linking, suspects


def find_suspects() -> int:
    """Returns how many pairs are new."""
    return suspects.find_all(timezone.now())


def link_leads(accounts: list[int]) -> int:
    """Open leads that came before these accounts. Returns how many were linked."""
    return linking.link(accounts, timezone.now())
