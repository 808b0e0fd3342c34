"""A made country for the fleet: roads in a grid, communes of several homes, places in some."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from ctg_geo.network import RoadNetwork
from ctg_geo.parameters import Robustness, Service, Snapping
from ctg_geo.territory import Homes, Territory

__all__ = ["ROBUSTNESS", "SNAPPING", "country", "grid", "service"]

CRS = "EPSG:2154"
X0, Y0, STEP = 800_000.0, 6_400_000.0, 1_000.0
SNAPPING = Snapping()
ROBUSTNESS = Robustness(
    time_factors=(0.8, 1.0, 1.25), supply_factors=(0.85, 1.0, 1.15),
    other_decays=({"kind": "gaussian", "reach_min": 12},),
)  # fmt: skip


def grid(side: int, seed: int) -> RoadNetwork:
    """Return side × side crossings a kilometre apart, each way with a time of its own."""
    draw = np.random.default_rng(seed)
    number = np.arange(side * side).reshape(side, side)
    one = np.concatenate([number[:, :-1].ravel(), number[:-1].ravel()])
    two = np.concatenate([number[:, 1:].ravel(), number[1:].ravel()])
    tail, head = np.concatenate([one, two]), np.concatenate([two, one])
    seconds = draw.uniform(40, 200, len(tail)).round(3)
    row, column = np.divmod(np.arange(side * side), side)
    points = gpd.GeoSeries.from_xy(X0 + STEP * column, Y0 + STEP * row, crs=CRS).to_crs(4326)
    return RoadNetwork.from_arcs(tail, head, seconds, points.x, points.y, crs=CRS)


def service(measure: str = "e2sfca", **said: object) -> Service:
    """Return a service judged on its supply, or on time alone (`measure="time"`)."""
    told: dict[str, object] = {
        "label": "Crèches", "place_label": "Crèche", "demand": "children", "unit": "places",
        "people_label": "enfants", "max_min": 30,
    }  # fmt: skip
    if measure == "time":
        told["norm"] = {"within_min": 8, "source": "test"}
    else:
        told |= {
            "norm": {"within_min": 12, "per_100": 10, "source": "test"}, "measure": measure,
            "decay": {"kind": "gaussian", "reach_min": 10},
        }  # fmt: skip
    return Service.model_validate(told | said)


def country(
    *, side: int = 14, communes: int = 5, homes: int = 240, places: int = 30, seed: int = 0,
    masked: int = 0, buffer: bool = True,
) -> Territory:  # fmt: skip
    """Return communes × communes squares of the grid; of some (`masked`) people are secret."""
    draw = np.random.default_rng([seed, 1])
    wide = STEP * (side - 1) / communes
    row, column = np.divmod(np.arange(communes**2), communes)
    code = pd.Index([f"{10 + at // communes:02d}{at:03d}" for at in range(communes**2)],
                    name="code_insee")  # fmt: skip
    left, low = X0 + wide * column, Y0 + wide * row
    inside = (column < communes - 1) if buffer else np.ones(len(code), bool)
    table = gpd.GeoDataFrame(
        {"nom": [f"C{each}" for each in code], "epci": "200000001", "inside": inside,
         "rim": ~inside},
        geometry=shapely.box(left, low, left + wide, low + wide), index=code, crs=CRS,
    )  # fmt: skip
    people = pd.DataFrame({"population": draw.integers(50, 900, len(code)) / 1.0}, index=code)
    people["children"] = np.floor(people["population"] * draw.uniform(0.02, 0.1, len(code)))
    for name in ("population", "children"):
        people[f"{name}_status"] = "observed"
    hidden = code[draw.permutation(len(code))[:masked]]
    people.loc[hidden, "children"], people.loc[hidden, "children_status"] = np.nan, "secret"
    return Territory(
        "Pays", table, gpd.GeoSeries(table.centroid, crs=CRS), pd.Series("observed", index=code),
        people, _places(draw, places, code, wide, communes), (), (),
        _homes(draw, homes, code, wide, communes, people),
    )  # fmt: skip


def _spots(draw, count, wide, communes):
    x, y = draw.uniform(0, wide * communes, (2, count)).round(1)
    commune = (y // wide).astype(int) * communes + (x // wide).astype(int)
    return X0 + x, Y0 + y, commune


def _homes(draw, count, code, wide, communes, people):
    x, y, commune = _spots(draw, count, wide, communes)
    centres = np.divmod(np.arange(len(code)), communes)
    x = np.append(x, X0 + wide * (centres[1] + 0.5))  # every commune has a home
    y = np.append(y, Y0 + wide * (centres[0] + 0.5))
    commune = np.append(commune, np.arange(len(code)))
    turn = draw.permutation(len(x))
    x, y, commune = x[turn], y[turn], commune[turn]
    weight = draw.integers(0, 20, len(x)) + (turn >= count)
    share = weight / np.bincount(commune, weight)[commune]
    where = gpd.GeoDataFrame(
        {"code_insee": code.to_numpy()[commune], "imputed": False, "point_status": "observed"},
        geometry=gpd.points_from_xy(x, y), crs=CRS,
        index=pd.Index([f"h{at}" for at in range(len(x))], name="demand_id"),
    )  # fmt: skip
    shares = pd.DataFrame({"population": share, "children": share}, index=where.index)
    there = pd.DataFrame(index=where.index)
    for name in ("population", "children"):
        there[name] = share * people[name].to_numpy()[commune]
        there[f"{name}_status"] = people[f"{name}_status"].to_numpy()[commune]
    return Homes(where, shares, there, pd.DataFrame(index=code), (), spread=True)


def _places(draw, count, code, wide, communes):
    x, y, commune = _spots(draw, count, wide, communes)
    names = [f"p{at:03d}" for at in range(count)]
    return gpd.GeoDataFrame(
        {"service": "creche", "nom": names, "code_insee": code.to_numpy()[commune],
         "capacity": draw.integers(5, 60, count) / 1.0, "capacity_status": "observed",
         "location_status": "observed", "delivery": "fixed", "hours_per_week": np.nan,
         "inside": True, "from_file": "places.csv", "from_row": np.arange(count) + 2,
         "from_column": "places"},
        geometry=gpd.points_from_xy(x, y), crs=CRS,
        index=pd.Index(names, name="equipement_id"),
    )  # fmt: skip
