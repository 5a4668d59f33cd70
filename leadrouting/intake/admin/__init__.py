"""Where leads come from: campaigns with forms and links, connections, deliveries."""

from leadrouting.intake.admin import campaigns, forms

__all__ = ["campaigns", "forms"]
