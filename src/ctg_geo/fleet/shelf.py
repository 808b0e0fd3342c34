"""Where finished work is kept: whole files, named by all that they were made of."""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["Shelf", "named_by"]


@dataclass(frozen=True, slots=True)
class Shelf:
    """A folder of finished tables, seen by all who work.

    A table appears under its key once it is whole, or not at all: whoever dies while writing
    leaves nothing that could be taken for it. Two who finish the same work write the same bytes.
    """

    folder: Path

    def path(self, key: str) -> Path:
        """Return where the table of a key stands, or would."""
        return self.folder / f"{key}.parquet"

    def has(self, key: str) -> bool:
        """Tell whether a whole table stands under a key; a damaged one is none."""
        import pyarrow.parquet as pq  # noqa: PLC0415  (heavy)
        from pyarrow import ArrowException  # noqa: PLC0415

        try:
            pq.read_metadata(self.path(key))
        except (OSError, ArrowException):
            return False
        return True

    def read(self, key: str) -> pd.DataFrame:
        """Return the table of a key, and what was noted with it (`attrs`)."""
        return pd.read_parquet(self.path(key))

    def put(self, key: str, table: pd.DataFrame) -> None:
        """Keep a table under a key, written to the disk before it can be seen."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".", dir=self.folder) as aside:
            made = Path(aside) / self.path(key).name
            with made.open("wb") as file:
                table.to_parquet(file)
                file.flush()
                os.fsync(file.fileno())
            made.replace(self.path(key))


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
