"""Leads, and where they come from. Leads are registered in `sla`: it knows owners, decisions and clocks."""

from leadrouting.leads.admin import origins

__all__ = ["origins"]
