"""Packs: ready set-ups for a line of business, each a folder of TOML files under fixtures/packs/."""

from leadrouting.intake.packs.files import PackError, pack_names, read_pack
from leadrouting.intake.packs.loading import Loaded, go_live, load_pack

__all__ = ["Loaded", "PackError", "go_live", "load_pack", "pack_names", "read_pack"]
