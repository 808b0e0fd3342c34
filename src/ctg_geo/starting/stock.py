"""The files that every study begins with: services, profiles, catalogue of datasets."""

from importlib.resources import files
from pathlib import Path
from typing import Final

__all__ = ["STOCK", "stock"]

STOCK: Final = ("services.toml", "profiles.toml", "sources.toml")


def stock(name: str) -> str:
    """Return one of `STOCK`: from the installed package, or from the sources it is run from."""
    packed = files("ctg_geo") / "defaults" / name
    if packed.is_file():
        return packed.read_text(encoding="utf-8")
    return (Path(__file__).parents[3] / "config" / name).read_text(encoding="utf-8")
