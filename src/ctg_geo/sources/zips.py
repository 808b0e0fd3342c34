"""Open a zip: whatever is wrong with its list of parts is told in one way."""

import lzma
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Final

__all__ = ["BROKEN_ZIP", "opened_zip"]

# What the list of parts, or a part that is read, may raise; `OSError` is left to each reader.
BROKEN_ZIP: Final = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError,
    struct.error, UnicodeDecodeError,
)  # fmt: skip


def opened_zip(path: Path) -> zipfile.ZipFile:
    """Open a zip whose parts all have a name that can be read.

    Raises
    ------
    OSError, zipfile.BadZipFile
        If it cannot be read, is no zip, or its list of parts is damaged.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (ValueError, IndexError, struct.error, NotImplementedError) as error:
        raise zipfile.BadZipFile(str(error)) from error
    if not all(part.filename for part in archive.infolist()):
        archive.close()
        raise zipfile.BadZipFile("a part has no name")
    return archive
