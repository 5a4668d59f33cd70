"""Rule sets as files: YAML for people and pull requests, JSON for programs.

Reading makes a tree that knows its lines, checking makes of it what the draft shall say or a list of all that
is wrong, comparing says what would change, writing does it.
"""

from leadrouting.rules.files.services import (
    Imported,
    Outdated,
    WrongFile,
    digest_of,
    exported,
    exported_yaml,
    import_json,
    import_yaml,
)

__all__ = [
    "Imported",
    "Outdated",
    "WrongFile",
    "digest_of",
    "exported",
    "exported_yaml",
    "import_json",
    "import_yaml",
]
