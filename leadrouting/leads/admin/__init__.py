"""Leads, where they come from, and what ops want to know of them. Leads are registered in `sla`: it knows owners, decisions and clocks."""

from leadrouting.leads.admin import accounts, attributes, origins, quality, sources

__all__ = ["accounts", "attributes", "origins", "quality", "sources"]
