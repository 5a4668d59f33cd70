"""Why a file, a mapping or a row cannot be used; the messages are for people."""


class ImportRefused(Exception):
    """The file or its mapping cannot be used at all."""


class BadRow(Exception):
    """One row cannot be used; the others can."""
