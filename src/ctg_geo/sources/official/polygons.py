"""Communes layers of official providers: their columns, their layer, what is no commune."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from ctg_geo.config.study_file import PolygonSource
from ctg_geo.quality import Finding
from ctg_geo.sources.door import RawTable
from ctg_geo.sources.files import read_layer
from ctg_geo.sources.layers import layers_of
from ctg_geo.sources.official import admin_express, api_geo, contours_etalab
from ctg_geo.sources.official.headings import either

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["OfficialLayer", "read_official"]

_COLUMNS: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "admin_express": admin_express.COLUMNS,
    "contours_etalab": contours_etalab.COLUMNS,
    "api_geo": api_geo.COLUMNS,
}


@dataclass(frozen=True, slots=True, eq=False)
class OfficialLayer:
    """Shapes and attributes of a layer, whose columns are known, and the rows that count."""

    shapes: "gpd.GeoDataFrame"
    raw: RawTable
    columns: dict[str, str]
    epci: npt.NDArray[np.object_]
    kept: npt.NDArray[np.bool_]
    aside: dict[str, int]


def read_official(path: Path, source: PolygonSource) -> OfficialLayer:
    """Read a layer of communes by the names that its provider publishes.

    `columns` of the source replace them. Municipal arrondissements (`ARM`) are set aside:
    they lie upon their commune. Of several EPCI the first is kept (the métropole, where
    it has territories), and told.

    Raises
    ------
    MissingColumnError, MissingCrsError, UnreadableFileError, ConfigError, DataError
        If the layer or a column is missing, or the file cannot be read.
    """
    shapes, raw = read_layer(path, _with_layer(path, source))
    names: dict[str, tuple[str, ...]] = dict(_COLUMNS[source.format or ""])
    names |= {str(wanted): (column,) for wanted, column in source.columns.items()}
    columns = either(raw, names, optional=("epci",))
    code = raw.text(columns["code_insee"])
    upon = np.array([contours_etalab.ARRONDISSEMENT.fullmatch(each) is not None for each in code])
    aside = {"arrondissement": int(upon.sum())} if upon.any() else {}
    return OfficialLayer(shapes, raw, columns, _epci(raw, columns), ~upon, aside)


def _with_layer(path: Path, source: PolygonSource) -> PolygonSource:
    """Name the layer of communes of a GeoPackage that holds several."""
    if source.layer is not None or path.suffix.lower() != ".gpkg":
        return source
    fitting = [each for each in layers_of(path) if each.casefold() in admin_express.LAYERS]
    return source.model_copy(update={"layer": fitting[0]}) if len(fitting) == 1 else source


def _epci(raw: RawTable, columns: dict[str, str]) -> npt.NDArray[np.object_]:
    if "epci" not in columns:
        return np.full(len(raw), "", dtype=object)
    said = raw.text(columns["epci"])
    first = [each.split("/")[0].strip() for each in said]
    several = sum("/" in each for each in said)
    if several:
        raw.findings.append(Finding("info", "several_epci", raw.name, facts={"count": several}))
    none = admin_express.NO_EPCI
    return np.array(["" if each in none else each for each in first], dtype=object)
