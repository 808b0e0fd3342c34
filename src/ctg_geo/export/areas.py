"""Isochrones as a GeoPackage that opens with French titles."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ctg_geo import labels
from ctg_geo.export.area_style import area_style
from ctg_geo.export.aside import write_aside
from ctg_geo.export.geopackage import write_geopackage
from ctg_geo.export.layers import Layer
from ctg_geo.export.made_of import MadeOf

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["write_areas"]


def write_areas(
    path: str | Path,
    areas: "gpd.GeoDataFrame",
    names: pd.Series,
    *,
    title: str,
    made_of: MadeOf,
) -> None:
    """Write areas, the longest time first, so that shorter ones are drawn upon it.

    Parameters
    ----------
    path : .gpkg to write; written aside, then moved
    areas : columns place (missing: the nearest of all), minutes, geometry
    names : by place, its name
    title : what the areas are of, for the description of the layer
    made_of : mode, nature and sources of the times; the layer and each row say them

    Raises
    ------
    OutputError
        If the file cannot be written; a former one stays as it was.
    """
    order = np.lexsort((np.arange(len(areas)), -areas["minutes"].to_numpy()))
    table = areas.iloc[order].reset_index(drop=True)
    if table["place"].isna().all():
        table = table.drop(columns="place")
    else:
        table.insert(1, "place_nom", table["place"].map(names))
    table["area_km2"] = table.geometry.area / 1e6
    table["profile"], table["times"] = made_of.profile, made_of.times
    table = table.rename(columns={"place": "place_id"})
    titles = {str(c): labels.text(f"areas.{c}") for c in table.columns if c != "geometry"}
    layer = Layer("isochrones", table, titles, made_of.describe(title))
    styles = {layer.name: area_style(table["minutes"].tolist(), titles)}
    write_aside(Path(path), lambda made: write_geopackage(made, [layer], styles))
