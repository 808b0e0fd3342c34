"""Results bound into one document are of one state of the study's files."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from ctg_geo.documents.published import Published
from ctg_geo.errors import UnreadableFileError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["check_same_inputs"]


def check_same_inputs(read: Iterable[Published]) -> None:
    """Refuse results of which some were made before a file of the study changed.

    Each run keeps the hash of each file it read; files that only one of them read (a scenario)
    say nothing.

    Raises
    ------
    UnreadableFileError
        Naming the file, and a folder made of each of its two states.
    """
    seen: dict[tuple[str, str], tuple[str, Path]] = {}
    for each in read:
        for key, (path, digest) in _inputs(each).items():
            held, folder = seen.setdefault(key, (digest, each.folder))
            if held != digest:
                raise UnreadableFileError(
                    "mixed_results", file=str(each.folder), other=str(folder), input=path
                )


def _inputs(published: Published) -> Mapping[tuple[str, str], tuple[str, str]]:
    """Return path and hash of each file read, by role; and path, where a role has several."""
    inputs = published.manifest["inputs"]
    files = Counter(each["role"] for each in inputs)
    return {
        (each["role"], each["path"] if files[each["role"]] > 1 else ""):
            (each["path"], each["sha256"])
        for each in inputs
    }  # fmt: skip
