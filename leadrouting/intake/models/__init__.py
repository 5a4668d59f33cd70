from leadrouting.intake.models.connection import Connection, Kind
from leadrouting.intake.models.delivery import Delivery, Item

__all__ = ["Connection", "Delivery", "Item", "Kind"]
