"""From a tree to what it says, with everything that is wrong about it."""

from leadrouting.rules.files.checking.draft import checked, name_in

__all__ = ["checked", "name_in"]
