"""The types of facts."""

from enum import StrEnum


class FactType(StrEnum):
    """What values a fact has; it decides which operators are allowed."""

    CHOICE = "choice"
    TEXT = "text"
    NUMBER = "number"
    YES_NO = "yes_no"
    SET = "set"
    MOMENT = "moment"
    PLACE = "place"
