"""Refusals that a person can do something about. Their text is shown as it is."""


class Refused(Exception):
    """What was asked cannot be done; the message says why, and what to do instead."""


class NotYours(Refused):
    """The person may not do this with this lead."""
