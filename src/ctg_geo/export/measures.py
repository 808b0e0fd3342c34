"""All measures of a service by commune, as a French spreadsheet opens them."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from ctg_geo import labels
from ctg_geo.export.aside import write_aside
from ctg_geo.export.tables import spreadsheet

__all__ = ["write_measures"]

_DECIMALS = {
    "nearest_min": 1, "third_nearest_min": 1,
    "spatial_availability": 2, "cumulative": 2, "gravity": 2, "two_step": 4, "e2sfca": 4,
    "m2sfca": 4, "three_step": 4, "bfca": 6, "raam": 4,
}  # fmt: skip


def write_measures(
    path: str | Path, table: pd.DataFrame, *, used: str, enter: Callable[[], None]
) -> None:
    """Write measures side by side.

    Parameters
    ----------
    path : .csv to write; written aside, then moved
    table : by code_insee; the columns of `ctg_geo.access.side_by_side`, among others
    used : the measure that the diagnosis rests on
    enter : notes the publication in a register once the file is made, before it can be seen

    Raises
    ------
    OutputError
        If the file cannot be written; a former one stays as it was.
    """

    def title(column: str) -> str:
        said = labels.text(f"measures.{column}")
        return said + labels.text("measures.used") if column == used else said

    content = spreadsheet(table.reset_index(), title, _DECIMALS)

    def write(made: Path) -> None:
        made.write_bytes(content)
        enter()

    write_aside(Path(path), write)
