"""Outbound webhooks: what happens to leads, told to other systems, signed, each lead's in order."""
