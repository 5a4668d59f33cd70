"""Leads from files: read, mapped, saved and routed in bulk; what could not be used is told line by line."""
