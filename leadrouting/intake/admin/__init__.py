"""Where leads come from: campaigns with forms and links, files, connections, deliveries."""

from leadrouting.intake.admin import campaigns, connections, deliveries, forms, imports, kept, mailboxes

__all__ = ["campaigns", "connections", "deliveries", "forms", "imports", "kept", "mailboxes"]
