from leadrouting.intake.models.connection import Connection, Kind
from leadrouting.intake.models.delivery import Delivery, Item
from leadrouting.intake.models.form import Form, FormField, Opened

__all__ = ["Connection", "Delivery", "Form", "FormField", "Item", "Kind", "Opened"]
