"""Archives written anew without the time they were made: the same content, the same bytes."""

import io
import re
import zipfile
from typing import Final

__all__ = ["same_archive"]

_STAMP: Final = (2000, 1, 1, 0, 0, 0)
_WRITTEN: Final = b"2000-01-01T00:00:00Z"
_TIMES: Final = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")


def same_archive(content: bytes) -> bytes:
    """Return an Office archive with fixed times, its parts in order, the list of types first."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as given,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as fixed,
    ):
        for name in sorted(
            given.namelist(), key=lambda each: (each != "[Content_Types].xml", each)
        ):
            part = given.read(name)
            if name == "docProps/core.xml":
                part = _TIMES.sub(rb"\g<1>" + _WRITTEN + rb"\g<2>", part)
            entry = zipfile.ZipInfo(name, _STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            fixed.writestr(entry, part)
    return made.getvalue()
