"""The communes of a study: its territory, the buffer around it, and the rim of both."""

from typing import TYPE_CHECKING

import pandas as pd
import shapely

from ctg_geo.config.study_file import StudySection
from ctg_geo.errors import ConfigError
from ctg_geo.territory.mergers import (
    merged_communes,
)
from ctg_geo.territory.vintages import Moves

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["area_codes", "marked_area", "study_area"]

_SLIVER_M = 50.0  # gaps between polygons of different layers are no outer edge


def study_area(
    communes: "gpd.GeoDataFrame",
    moves: Moves,
    study: StudySection,
    *,
    name: str,
    cog: int | None = None,
) -> "gpd.GeoDataFrame":
    """Return the communes of the territory and its buffer, of the layer `name`, and no more.

    Parameters
    ----------
    communes : the layer, one row a commune, in the CRS of the study
    moves : what codes became
    study : which territory, and its buffer
    name : of the layer, for errors
    cog : year of the layer's codes; None where it is not known

    Raises
    ------
    ConfigError
        If the territory named is not in the layer.
    """
    merged, _ = merged_communes(communes, moves, table=name, cog=cog)
    area, _ = marked_area(merged, study, name)
    return area


def area_codes(
    communes: "gpd.GeoDataFrame",
    moves: Moves,
    study: StudySection,
    *,
    name: str,
    cog: int | None = None,
) -> frozenset[str]:
    """Return the codes of the territory and its buffer, with all that became theirs.

    Parameters
    ----------
    communes : the layer, one row a commune, in the CRS of the study
    moves : what codes became
    study : which territory, and its buffer
    name : of the layer, for errors
    cog : year of the layer's codes; None where it is not known

    Raises
    ------
    ConfigError
        If the territory named is not in the layer.
    """
    area = frozenset(map(str, study_area(communes, moves, study, name=name, cog=cog).index))
    return area | moves.before(area)


def marked_area(
    communes: "gpd.GeoDataFrame", study: StudySection, name: str
) -> tuple["gpd.GeoDataFrame", list[str]]:
    """Mark the territory, keep its buffer and the rim of it; list the communes beyond."""
    inside = _inside(communes, study, name)
    core = shapely.union_all(communes.geometry[inside].to_numpy())
    away = shapely.distance(communes.geometry.to_numpy(), core)
    near = inside.to_numpy() | ((away <= study.buffer_km * 1000) & (study.buffer_km > 0))
    area = communes.assign(inside=inside)[near].sort_index()
    united = shapely.union_all(area.geometry.to_numpy()).simplify(_SLIVER_M)
    outline = united.buffer(_SLIVER_M).buffer(-_SLIVER_M)
    outer = shapely.boundary(shapely.MultiPolygon(_hulls(outline)))
    rim = shapely.distance(area.geometry.to_numpy(), outer) < 2 * _SLIVER_M
    return area.assign(rim=rim & ~area["inside"]), sorted(communes.index[~near])


def _hulls(outline: shapely.Geometry) -> list[shapely.Polygon]:
    parts = shapely.get_parts(outline)
    return [shapely.Polygon(part.exterior) for part in parts]


def _inside(communes: "gpd.GeoDataFrame", study: StudySection, name: str) -> pd.Series:
    if study.inside.epci is not None:
        found: pd.Series = communes["epci"] == study.inside.epci
        if not found.any():
            raise ConfigError("no_epci", file=name, value=study.inside.epci)
        return found
    unknown = [code for code in study.inside.communes if code not in communes.index]
    if unknown:
        raise ConfigError("no_commune", file=name, codes=unknown)
    return pd.Series(communes.index.isin(study.inside.communes), index=communes.index)
