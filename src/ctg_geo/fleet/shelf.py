"""Where finished work is kept: whole files, named by all that they were made of."""

import hashlib
import io
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctg_geo.errors import FleetError

__all__ = ["Shelf", "named_by"]

_DIGEST: Final = 32  # bytes of a SHA-256


@dataclass(frozen=True, slots=True)
class Shelf:
    """A folder of finished tables, seen by all who work.

    A table appears under its key once it is whole, or not at all: whoever dies while writing
    leaves nothing that could be taken for it. Two who finish the same work write the same bytes.
    A file begins with the SHA-256 of the Parquet that follows, so that one that the disk has
    changed since is never taken for a finished table.
    """

    folder: Path

    def path(self, key: str) -> Path:
        """Return where the table of a key stands, or would."""
        return self.folder / f"{key}.piece"

    def has(self, key: str) -> bool:
        """Tell whether a whole table stands under a key: read to the last byte."""
        return self._content(key) is not None

    def damaged(self, key: str) -> bool:
        """Tell whether a file stands under a key that is not what was put there."""
        return self.path(key).exists() and not self.has(key)

    def read(self, key: str) -> pd.DataFrame:
        """Return the table of a key, and what was noted with it (`attrs`).

        Raises
        ------
        FleetError
            If it is not there, or not as it was put.
        """
        content = self._content(key)
        if content is None:
            raise FleetError("piece", file=str(self.path(key)))
        return pd.read_parquet(io.BytesIO(content))

    def put(self, key: str, table: pd.DataFrame) -> None:
        """Keep a table under a key, written to the disk before it can be seen."""
        buffer = io.BytesIO()
        table.to_parquet(buffer)
        content = buffer.getvalue()
        self.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".", dir=self.folder) as aside:
            made = Path(aside) / self.path(key).name
            with made.open("wb") as file:
                file.write(hashlib.sha256(content).digest())
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            made.replace(self.path(key))

    def _content(self, key: str) -> bytes | None:
        """Return the Parquet of a key; None where none stands there whole."""
        try:
            kept = self.path(key).read_bytes()
        except OSError:
            return None
        content = kept[_DIGEST:]
        return content if hashlib.sha256(content).digest() == kept[:_DIGEST] else None


def named_by(words: Iterable[str], arrays: Iterable[npt.NDArray[np.generic]] = ()) -> str:
    """Return the key of what is made of these words and numbers (SHA-256, 32 digits).

    Examples
    --------
    >>> named_by(["a", "bc"]) == named_by(["ab", "c"])
    False
    """
    digest = hashlib.sha256()
    for word in words:
        data = word.encode()
        digest.update(f"{len(data)};".encode() + data)
    for array in arrays:
        flat = np.ascontiguousarray(array)
        digest.update(f"{flat.dtype.str}{flat.shape};".encode())
        digest.update(flat.reshape(-1).view(np.uint8).data)
    return digest.hexdigest()[:32]
