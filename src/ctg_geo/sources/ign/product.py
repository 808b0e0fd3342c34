"""A road product of IGN: its layer, its columns and its rules, and how all are read."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from ctg_geo.config.table_source import TableSource
from ctg_geo.errors import NoRoadError
from ctg_geo.provenance import Ledger
from ctg_geo.sources.door import RawTable
from ctg_geo.sources.ign.edges import Pieces, pieces
from ctg_geo.sources.ign.features import Features, read_features
from ctg_geo.sources.ign.report import Account, findings
from ctg_geo.sources.ign.words import Column, RoadRule
from ctg_geo.sources.osm.access import MODES
from ctg_geo.sources.roads_read import RoadsRead

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely import Geometry

__all__ = ["Product", "read_product"]

logger = logging.getLogger(__name__)

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_FASTEST_KMH: Final = 150.0  # a mean speed above is no speed of a car
_ROUNDED_M: Final = 10.0  # ROUTE 500 writes lengths to 0.01 km
_LIKELY: Final = (0.5, 2.0)  # stated length over drawn one


@dataclass(frozen=True, slots=True)
class Product:
    """A road product: `rule` reads one row, `speed` (km/h) and `length_km` name columns."""

    name: str
    layer: str
    columns: tuple[Column, ...]
    identifier: str
    names: tuple[str, ...]  # columns that name a road, the first written one serves
    rule: Callable[[Mapping[str, str]], RoadRule]
    speed: str | None = None
    speed_kind: Literal["limit", "mean"] = "limit"
    length_km: str | None = None


def read_product(
    path: Path, source: TableSource, product: Product, *, crs: str, area: "Geometry | None"
) -> RoadsRead:
    """Read the roads of a product that touch an area; see `read_bdtopo`."""
    found = read_features(
        path, source, product.columns, layer=product.layer, product=product.name, crs=crs,
        area=area,
    )  # fmt: skip
    raw = found.raw
    rule, of = _rules(raw.frame, product)
    parts = pieces(found.shapes)
    aside = _aside(rule, of, parts, found, product)
    speed, fast = _speeds(raw, product)
    raw.raise_defects()
    kept = aside == ""
    if not kept.any():
        raise _none_usable(rule, path.name, found.read)
    length, unlikely = _lengths(parts, raw, product)
    raw.raise_defects()
    edges = _edges(parts, rule, of, kept, speed, length, product, raw, crs)
    nodes, edges = _numbered(parts.nodes, edges)
    account = Account(
        product.name, path.name, found.read, rule, of, aside, tuple(map(str, raw.row)),
        fast, unlikely, parts.uneven,
        tuple(str(each) for each in product.columns if _missed(each, product, raw.frame)),
    )  # fmt: skip
    logger.info("%s: %d roads, %d edges", path.name, len(of), len(edges))
    said = [*found.findings, *findings(account, edges, states_speed=product.speed is not None)]
    return RoadsRead(nodes, edges, said, _ledger(path.name, found, aside))


def _none_usable(rule: list[RoadRule], file: str, read: int) -> NoRoadError:
    """Say why no road can be used: above all, words that are not those of the product."""
    words = [each.odd[0] for each in rule if each.aside == "unknown_nature"]
    if not words:
        return NoRoadError("unusable", file=file, ways=read)
    values = sorted({value for _, value in words})
    return NoRoadError("words", file=file, ways=read, column=words[0][0], values=values)


def _missed(column: Column, product: Product, frame: pd.DataFrame) -> bool:
    """Tell whether a file without a column says less of its roads."""
    named = {product.identifier, *product.names}
    return column.name not in frame and column.name not in named and not column.dated


def _rules(frame: pd.DataFrame, product: Product) -> tuple[list[RoadRule], Ints]:
    """Read each different row once, names and numbers apart; tell which one each road has."""
    free = {product.identifier, *product.names, product.speed, product.length_km} - {"cpx_numero"}
    words = [str(name) for name in frame if name not in free]
    of = np.asarray(frame.groupby(words, sort=False).ngroup(), dtype=np.int64)
    _, first = np.unique(of, return_index=True)
    rows = frame[words].iloc[first].to_numpy(dtype=object)
    return [product.rule(dict(zip(words, row, strict=True))) for row in rows], of


def _aside(
    rule: list[RoadRule], of: Ints, parts: Pieces, found: Features, product: Product
) -> npt.NDArray[np.object_]:
    """Say why each road is left out; empty if it is not.

    A road is repeated if its identifier and its shape are: parts of a road that was cut keep
    its identifier.
    """
    aside = np.array([each.aside for each in rule], dtype=object)[of]
    drawn = np.bincount(parts.road, minlength=len(of)) > 0
    aside[(aside == "") & ~drawn] = "without_length"
    if product.identifier in found.raw.frame:
        name = found.raw.frame[product.identifier]
        drawn_again = pd.DataFrame({"name": name, "shape": shapely.to_wkb(found.shapes)})
        again = (drawn_again.duplicated() & (name != "")).to_numpy()
        aside[again & (aside == "")] = "repeated"
    return aside


def _speeds(raw: RawTable, product: Product) -> tuple[Floats, int]:
    """Return the speeds stated, NaN where there is none or 0, and how many cannot be."""
    if product.speed is None:
        return np.full(len(raw), np.nan), 0
    speed = raw.numbers(product.speed).value
    fast = speed > _FASTEST_KMH
    return np.where((speed > 0) & ~fast, speed, np.nan), int(fast.sum())


def _lengths(parts: Pieces, raw: RawTable, product: Product) -> tuple[Floats, int]:
    """Return lengths by piece: the stated one shared by drawn length, where it is likely.

    A stated length that differs from the drawn one by no more than its rounding gives way
    to it; one that is unlikely too, and is counted.
    """
    drawn = parts.length_m
    if product.length_km is None or product.length_km not in raw.frame:
        return drawn, 0
    stated = 1000 * raw.numbers(product.length_km).value
    whole = np.bincount(parts.road, weights=drawn, minlength=len(raw))
    ratio = np.divide(stated, whole, out=np.full(len(raw), np.nan), where=whole > 0)
    other = np.abs(stated - whole) > _ROUNDED_M
    likely = (ratio >= _LIKELY[0]) & (ratio <= _LIKELY[1])
    factor = np.where(other & likely, ratio, 1.0)
    return drawn * factor[parts.road], int((other & ~likely).sum())


def _edges(
    parts: Pieces,
    rule: list[RoadRule],
    of: Ints,
    kept: npt.NDArray[np.bool_],
    speed: Floats,
    length: Floats,
    product: Product,
    raw: RawTable,
    crs: str,
) -> "gpd.GeoDataFrame":
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    some = kept[parts.road]
    road = parts.road[some]
    said = {
        key: np.array([getattr(each, key) for each in rule], dtype=object)[of][road]
        for key in ("road_class", "structure", *MODES)
    }
    urban = np.array([each.urban for each in rule], dtype=bool)[of][road]
    driven = said["car"] != "no"  # a mean speed of cars says nothing of the others
    identifier = raw.frame.get(product.identifier)
    table: dict[str, object] = {
        "from_node": parts.tail[some],
        "to_node": parts.head[some],
        "road_class": said["road_class"],
        "length_m": length[some],
        "speed_kmh": np.where(driven, speed[road], np.nan),
        "speed_kind": np.full(len(road), product.speed_kind, dtype=object),
        "name": _names(raw.frame, product.names)[road],
        "urban": urban,
        "structure": said["structure"],
        **{mode: said[mode] for mode in MODES},
        "road_id": (raw.row.astype(str) if identifier is None else identifier.to_numpy())[road],
    }
    return gpd.GeoDataFrame(table, geometry=parts.line[some], crs=crs)


def _names(frame: pd.DataFrame, columns: tuple[str, ...]) -> npt.NDArray[np.object_]:
    """Return the first name that is written."""
    names = np.full(len(frame), "", dtype=object)
    for column in columns:
        if column in frame:
            names = np.where(names == "", frame[column].to_numpy(dtype=object), names)
    return names


def _numbered(
    nodes: pd.DataFrame, edges: "gpd.GeoDataFrame"
) -> tuple[pd.DataFrame, "gpd.GeoDataFrame"]:
    """Keep the nodes that edges join, and number them anew."""
    ends = edges[["from_node", "to_node"]].to_numpy()
    used, number = np.unique(ends, return_inverse=True)
    number = number.reshape(-1, 2)
    numbered = edges.assign(from_node=number[:, 0], to_node=number[:, 1])
    return nodes.iloc[used].reset_index(drop=True), numbered


def _ledger(file: str, found: Features, aside: npt.NDArray[np.object_]) -> Ledger:
    reasons, counts = np.unique(aside[aside != ""].astype(str), return_counts=True)
    every = found.aside | {
        str(reason): int(count) for reason, count in zip(reasons, counts, strict=True)
    }
    held = {reason: count for reason, count in sorted(every.items()) if count}
    return Ledger(file, found.read, found.read - sum(held.values()), held)
