"""Why the system refused, in words."""

import errno
from typing import Final

from ctg_geo import labels
from ctg_geo.errors import OutputError

__all__ = ["not_written", "why"]

_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_HELD: Final = (32, 33)  # of Windows: another program holds the file, or a part of it


def why(error: OSError) -> str:
    """Say in French why the system refused, where it is a common reason."""
    held = getattr(error, "winerror", None) in _HELD
    key = "os.held" if held else f"os.{error.errno}"
    return labels.text(key) if labels.has(key) else error.strerror or str(error)


def not_written(error: OSError, file: str) -> OutputError:
    """Return the refusal to write a file, with the mend that fits the reason."""
    reason = "full" if error.errno in _FULL else "write"
    return OutputError(reason, file=file, detail=why(error))
