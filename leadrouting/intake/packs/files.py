"""A pack as plain values: all TOML files of its folder, read as one."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from django.conf import settings

Pack = dict[str, Any]


class PackError(Exception):
    """The pack cannot be used; the message says where and what to change."""


def folder() -> Path:
    return Path(settings.BASE_DIR) / "fixtures" / "packs"


def pack_names() -> list[str]:
    return sorted(path.name for path in folder().iterdir() if path.is_dir())


def read_pack(name: str) -> Pack:
    """Raises PackError for an unknown name, a file that is no TOML, or a table that two files define."""
    if name not in pack_names():
        raise PackError(f"There is no pack “{name}”. There are: {', '.join(pack_names())}.")
    pack: Pack = {}
    for path in sorted((folder() / name).glob("*.toml")):
        try:
            part = tomllib.loads(path.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise PackError(f"{path}: {error}") from None
        if twice := pack.keys() & part.keys():
            raise PackError(f"{path}: “{twice.pop()}” is in another file of the pack already.")
        pack |= part
    return pack
