"""Where leads come from: campaigns with forms and links, files, connections, deliveries."""

from leadrouting.intake.admin import campaigns, forms, imports

__all__ = ["campaigns", "forms", "imports"]
