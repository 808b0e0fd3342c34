"""What a reader of cells returns: where people are, at a fine grain."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ctg_geo.contracts import Band
from ctg_geo.quality import Finding

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["CellsRead", "squares"]


@dataclass(frozen=True, slots=True, eq=False)
class CellsRead:
    """Cells of a grid or a raster that may lie in the study.

    `table` by cell_id (text) has `persons`, one column per band of `bands` under its name
    (`"0-3"`; people of these ages; NaN where secret or unknown), `imputed` (the producer made
    the values up to keep a secret) and `listed` (the communes that the file names for the
    cell, one after the other; "" where it does not). `shapes` are the polygons, in `crs`.
    """

    name: str
    table: pd.DataFrame
    shapes: "npt.NDArray[np.object_]"
    crs: str
    bands: tuple[Band, ...]
    rows: int
    aside: Mapping[str, int]
    findings: list[Finding] = field(default_factory=list)


def squares(
    x: "npt.NDArray[np.float64]", y: "npt.NDArray[np.float64]", size: "npt.NDArray[np.float64]"
) -> "npt.NDArray[np.object_]":
    """Return squares by their lower left corners."""
    import shapely  # noqa: PLC0415  (heavy)

    return np.asarray(shapely.box(x, y, x + size, y + size), dtype=object)
