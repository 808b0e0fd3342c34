"""Roads as a GeoPackage, to check a speed, a direction or a gap of the network in QGIS."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from ctg_geo import labels, quality
from ctg_geo.export._words import yes_no
from ctg_geo.export.aside import write_aside
from ctg_geo.export.geopackage import write_geopackage
from ctg_geo.export.layers import Layer, road_status
from ctg_geo.export.road_style import road_styles, road_word
from ctg_geo.quality import Finding

if TYPE_CHECKING:
    import geopandas as gpd

    from ctg_geo.network import RoadNetwork

__all__ = ["road_layers", "write_roads"]


def write_roads(
    path: Path,
    network: "RoadNetwork",
    *,
    study: str,
    profile: str,
    findings: Sequence[Finding] = (),
) -> None:
    """Write the roads and their nodes, styled and titled in French, whole or not at all.

    Parameters
    ----------
    path : .gpkg; an existing file is replaced
    network : timed for the profile
    study, profile : their names, as people read them
    findings : what is known of the roads

    Raises
    ------
    OutputError
        If the file cannot be written; a former one stays as it was.
    """
    layers = road_layers(network, study=study, profile=profile, findings=findings)
    styles = road_styles({layer.name: layer.titles for layer in layers})
    write_aside(path, lambda made: write_geopackage(made, layers, styles))


def road_layers(
    network: "RoadNetwork", *, study: str, profile: str, findings: Sequence[Finding] = ()
) -> list[Layer]:
    """Return the layers: roads (`routes`, or `routes_schematiques`), nodes, findings.

    Notes
    -----
    The speed used is length over time, so it holds what the profile adds to a time. `part`
    counts from 1, the largest part where one can go from any node to any other; an edge
    that joins two parts is of none.
    """
    return [
        _layer(
            "routes_schematiques" if network.schematic else "routes",
            _edges(network),
            study=study,
            profile=profile,
        ),
        _layer("noeuds", _nodes(network), study=study, profile=profile),
        _layer("constats", quality.to_frame(findings, {}), study=study, profile=profile),
    ]


def _layer(
    name: str, table: "gpd.GeoDataFrame | pd.DataFrame", *, study: str, profile: str
) -> Layer:
    titles = {
        str(column): labels.text(f"columns.{column}")
        for column in table.columns if column != "geometry"
    }  # fmt: skip
    return Layer(name, table, titles, labels.text(f"layers.road_{name}", study=study, mode=profile))


def _edges(network: "RoadNetwork") -> "gpd.GeoDataFrame":
    table = network.to_frame()
    length_km = table["length_m"] / 1000
    table["class_label"] = [road_word(each) for each in table["road_class"]]
    table["road_name"] = table["name"]
    table["stated_kmh"] = table["speed_kmh"].round(1)
    for way in ("forward", "backward"):
        hours = table[f"{way}_min"] / 60
        table[f"{way}_kmh"] = (length_km / hours.where((hours > 0) & (length_km > 0))).round(1)
        table[f"{way}_min"] = table[f"{way}_min"].round(4)
    table["length_m"] = table["length_m"].round(1)
    table["urban"] = yes_no(table["urban"]) if "urban" in table else None
    table["road_status"] = road_status(network)
    for column in ("speed_kind", "structure"):
        words = table[column] if column in table else pd.Series("", index=table.index)
        table[column] = [labels.text(f"{column}.{each or 'none'}") for each in words]
    start, end = network.part[network.edge_from], network.part[network.edge_to]
    table["main_part"] = yes_no(pd.Series((start == 0) & (end == 0)))
    table["part"] = pd.Series(start + 1).where(start == end).astype(np.float64)
    columns = ["road_class", "class_label", "road_name", "length_m", "stated_kmh", "speed_kind",
               "forward_kmh", "backward_kmh", "forward_min", "backward_min", "road_status",
               "urban", "structure",
               "main_part", "part", "geometry"]  # fmt: skip
    return table[columns]


def _nodes(network: "RoadNetwork") -> "gpd.GeoDataFrame":
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    kinds = network.node_kinds
    kind = np.zeros(network.nodes, dtype=np.int64) if kinds is None else kinds.astype(np.int64)
    table = pd.DataFrame(
        {
            "node": np.arange(network.nodes),
            "kind": kind,
            "kind_label": [labels.text(f"node_kind.{each}") for each in kind],
            "part": network.part + 1,
        }
    )
    return gpd.GeoDataFrame(table, geometry=shapely.points(network.x, network.y), crs=network.crs)
