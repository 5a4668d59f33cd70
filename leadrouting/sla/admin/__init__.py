"""Deadlines, and the leads they run for."""

from leadrouting.sla.admin import clocks, leads, policies

__all__ = ["clocks", "leads", "policies"]
