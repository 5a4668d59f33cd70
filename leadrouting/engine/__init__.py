"""Matching, distribution and explanation as pure functions. No Django, no database, no clock, no logging.

`ENGINE_VERSION` is stored with each decision; raise it when the same inputs could decide differently.
"""

ENGINE_VERSION = 1
