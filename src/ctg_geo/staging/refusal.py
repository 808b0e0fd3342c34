"""Why the system refused, in words."""

from typing import Final

from ctg_geo import labels

__all__ = ["why"]

_HELD: Final = (32, 33)  # of Windows: another program holds the file, or a part of it


def why(error: OSError) -> str:
    """Say in French why the system refused, where it is a common reason."""
    held = getattr(error, "winerror", None) in _HELD
    key = "os.held" if held else f"os.{error.errno}"
    return labels.text(key) if labels.has(key) else error.strerror or str(error)
