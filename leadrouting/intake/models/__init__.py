from leadrouting.intake.models.connection import Connection, Kind
from leadrouting.intake.models.delivery import Delivery, Item
from leadrouting.intake.models.form import Form, FormField, Opened
from leadrouting.intake.models.imported import ImportJoined, ImportPart, ImportRow, ImportRun, ImportSource
from leadrouting.intake.models.mailbox import Mailbox

__all__ = [
    "Connection",
    "Delivery",
    "Form",
    "FormField",
    "ImportJoined",
    "ImportPart",
    "ImportRow",
    "ImportRun",
    "ImportSource",
    "Item",
    "Kind",
    "Mailbox",
    "Opened",
]
