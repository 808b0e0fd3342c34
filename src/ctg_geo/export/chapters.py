"""`chapitre_<name>.csv` and `.txt`: one analysis, as a table and in sentences."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ctg_geo.export.tables import spreadsheet

__all__ = ["Chapter"]


@dataclass(frozen=True, slots=True, eq=False)
class Chapter:
    """An analysis in words.

    `table` is what people read, `titles` its headings; `shown` are the figures of secrecy
    that it shows by commune, held against what was decided before anything is written.
    """

    key: str
    table: pd.DataFrame
    titles: Mapping[str, str]
    decimals: Mapping[str, int]
    lines: tuple[str, ...]
    shown: Mapping[str, pd.Series]

    @property
    def files(self) -> tuple[str, ...]:
        """Names of its files."""
        return (f"chapitre_{self.key}.csv", f"chapitre_{self.key}.txt")

    def write(self, folder: Path) -> None:
        """Write both files into a folder."""
        content = spreadsheet(self.table, self.titles.__getitem__, self.decimals)
        (folder / self.files[0]).write_bytes(content)
        (folder / self.files[1]).write_text("\n".join(self.lines) + "\n", encoding="utf-8")
