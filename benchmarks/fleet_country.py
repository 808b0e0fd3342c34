"""A made country of the size of France on a real road topology; the same each time.

Nodes of the graph have no place: two are made of the times from a few far nodes, so that what is
near by road is near on the map. Such a map folds: roads that are far apart lie over each other.
Each is therefore drawn as its first hundredth, which changes no time. Homes stand along roads,
communes are boxes of as many homes each, places open where people are.
"""

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import Transformer
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra
from travel_graphs import around, dimacs

from ctg_geo.network import RoadNetwork
from ctg_geo.territory import Homes, Territory

__all__ = ["CELLS", "COMMUNES", "PLACES", "made_country", "made_roads"]

COMMUNES, CELLS, PLACES = 35_000, 2_300_000, 60_000
PEOPLE, YOUNG = 29.0, 0.033  # of a cell, on average; children under 3 among them
STRETCH = 10**0.5  # streets of the graph are a tenth of those of France, so longer by its root
CRS, CENTRE, ACROSS_M = "EPSG:2154", (700_000.0, 6_600_000.0), 900_000.0
DRAWN = 0.01  # of the length of an edge
SEED = 20261126

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def made_roads(roads: Path, name: str, share: float) -> RoadNetwork:
    """Return a share of a graph (the nodes nearest to one of them), with places for its nodes."""
    graph = dimacs(roads, name)
    times = np.rint(graph.time_ms * STRETCH).astype(np.int64)
    kept = np.arange(graph.nodes) if share >= 1 else around(graph, share, graph.nodes // 2)
    number = np.full(graph.nodes, -1)
    number[kept] = np.arange(len(kept))
    mine = (number[graph.tail] >= 0) & (number[graph.head] >= 0)
    tail, head, time_ms = number[graph.tail[mine]], number[graph.head[mine]], times[mine]
    x, y = _layout(len(kept), tail, head, time_ms, share)
    lon, lat = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True).transform(x, y)
    network = RoadNetwork.from_arcs(tail, head, time_ms / 1000, lon, lat, crs=CRS)
    return replace(network, edge_lines=shapely.linestrings(np.stack(
        [_at(network, np.arange(len(network.edges)), part) for part in (0.0, 1.0)], axis=1
    )))  # fmt: skip


def _layout(
    nodes: int, tail: Ints, head: Ints, time_ms: Ints, share: float
) -> tuple[Floats, Floats]:
    """Place nodes on a plane: the two main directions of their times from eight far nodes."""
    links = csr_array((time_ms.astype(np.float64), (tail, head)), shape=(nodes, nodes))
    assert connected_components(links, directed=False)[0] == 1, "the graph is in one piece"
    far, least = 0, np.full(nodes, np.inf)
    columns = []
    for _ in range(8):
        found = dijkstra(links, indices=far)
        columns.append(found)
        least = np.minimum(least, found)
        far = int(least.argmax())
    table = np.stack(columns, axis=1)
    table -= table.mean(axis=0)
    _, vectors = np.linalg.eigh(table.T @ table)
    plane = table @ vectors[:, [-1, -2]]
    plane += np.random.default_rng(SEED).normal(0, 1, plane.shape)  # no two at one place
    scale = ACROSS_M * share**0.5 / np.ptp(plane, axis=0).max()
    x, y = (plane * scale).T
    return x + CENTRE[0], y + CENTRE[1]


def made_country(network: RoadNetwork, share: float) -> Territory:
    """Return a territory of as many communes, cells and places as a share of France has."""
    draw = np.random.default_rng([SEED, 1])
    cells, count = round(CELLS * share), round(COMMUNES * share)
    x, y = _along(network, draw, cells)
    commune, boxes, epci = _communes(x, y, count)
    code = pd.Index([f"{1 + at // 370:02d}{at % 370:03d}" for at in range(count)],
                    name="code_insee")  # fmt: skip
    ind = np.round(draw.lognormal(np.log(PEOPLE) - 0.5, 1.0, cells), 1)
    young = np.round(ind * YOUNG * draw.uniform(0.5, 1.5, cells), 2)
    every = {"population": ind, "children_0_2": young}
    sums = {name: np.bincount(commune, each, count) for name, each in every.items()}
    people = pd.DataFrame(sums, index=code)
    share_of = {name: each / sums[name][commune] for name, each in every.items()}
    at_homes = pd.DataFrame(every)
    for table in (people, at_homes):
        for name in ("population", "children_0_2"):
            table[f"{name}_status"] = "observed"
    where = gpd.GeoDataFrame(
        {"code_insee": code.to_numpy()[commune], "imputed": False, "point_status": "observed"},
        geometry=gpd.points_from_xy(x, y), crs=CRS,
    ).rename_axis("demand_id")  # fmt: skip
    communes = gpd.GeoDataFrame(
        {"nom": [f"Commune {each}" for each in code], "epci": [f"2{each:08d}" for each in epci],
         "inside": True, "rim": False}, geometry=boxes, index=code, crs=CRS,
    )  # fmt: skip
    first = pd.Series(np.arange(cells)).groupby(commune).first().to_numpy()
    points = gpd.GeoSeries(where.geometry.iloc[first].to_numpy(), index=code, crs=CRS)
    homes = Homes(
        where, pd.DataFrame(share_of), at_homes, pd.DataFrame(index=code), (), spread=True
    )
    return Territory(
        "Pays de mesure", communes, points, pd.Series("observed", index=code), people,
        _places(draw, where, ind, round(PLACES * share)), (), (), homes,
    )  # fmt: skip


def _along(network: RoadNetwork, draw: np.random.Generator, count: int) -> tuple[Floats, Floats]:
    """Return points along roads drawn at random."""
    edge = draw.integers(0, len(network.edges), count)
    part = draw.uniform(0, 1, count)
    x, y = _at(network, edge, part).T
    return x, y


def _at(network: RoadNetwork, edge: Ints, part: float | Floats) -> Floats:
    """Return points at a part of the drawn length of edges, x and y."""
    start, end = network.edge_from[edge], network.edge_to[edge]
    ends = (each[start] + part * DRAWN * (each[end] - each[start])
            for each in (network.x, network.y))  # fmt: skip
    return np.stack(list(ends), axis=1)


def _communes(x: Floats, y: Floats, count: int) -> tuple[Ints, npt.NDArray[np.object_], Ints]:
    """Cut points into boxes of about as many each: commune of each point, boxes, EPCI of each."""
    commune = np.empty(len(x), dtype=np.int64)
    boxes, epci = np.empty((count, 4)), np.empty(count, dtype=np.int64)
    bounds = x.min(), y.min(), x.max() + 1, y.max() + 1
    parts = [(np.arange(len(x)), 0, count, bounds, -1)]
    groups = 0
    while parts:
        points, first, number, (left, low, right, high), group = parts.pop()
        if group < 0 and number <= 28:
            group, groups = groups, groups + 1
        if number == 1:
            commune[points], boxes[first], epci[first] = first, (left, low, right, high), group
            continue
        half = number // 2
        wide = right - left >= high - low
        along = (x if wide else y)[points]
        at = len(points) * half // number
        turn = np.argpartition(along, at)
        cut = float(along[turn[at]])
        one = (left, low, cut, high) if wide else (left, low, right, cut)
        two = (cut, low, right, high) if wide else (left, cut, right, high)
        parts.append((points[turn[:at]], first, half, one, group))
        parts.append((points[turn[at:]], first + half, number - half, two, group))
    return commune, shapely.box(*boxes.T), epci


def _places(
    draw: np.random.Generator, where: gpd.GeoDataFrame, people: Floats, count: int
) -> gpd.GeoDataFrame:
    """Open places at homes drawn by their people."""
    at = np.sort(draw.choice(len(where), count, replace=False, p=people / people.sum()))
    named = pd.Index([f"e{number:05d}" for number in range(count)], name="equipement_id")
    return gpd.GeoDataFrame(
        {"service": "creche", "nom": [f"Crèche {each}" for each in named],
         "code_insee": where["code_insee"].to_numpy()[at],
         "capacity": draw.integers(10, 61, count).astype(float), "capacity_status": "observed",
         "location_status": "observed", "delivery": "fixed", "hours_per_week": np.nan,
         "inside": True, "from_file": "made", "from_row": np.arange(count) + 2,
         "from_column": "places"},
        geometry=where.geometry.to_numpy()[at], index=named, crs=CRS,
    )  # fmt: skip
