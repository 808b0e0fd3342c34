"""What the page holds: outlines, people that may be told, places, slopes; nothing secret."""

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely

from ctg_geo import contracts, labels
from ctg_geo.export.committee.model import CommitteeModel
from ctg_geo.export.committee.plans import Paid, Proposal
from ctg_geo.export.palettes import CHANGES, FALLS, NO_DATA, RISES, class_colours
from ctg_geo.export.publish import Publication
from ctg_geo.territory.admission import reserved

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["payload"]

_FINE_M: Final = 60.0  # simplification of outlines
_COARSE_M: Final = 250.0  # of those around
_DEGREES: Final = 1e-4  # 10 m
_OPENED: Final = "comite-"  # as the page names the places opened on it
_ROADS: Final = ("motorway", "trunk", "primary", "secondary")


def payload(publication: Publication, model: CommitteeModel) -> dict[str, Any]:
    """Return the data of the page, plain enough for JSON, in a fixed order."""
    diagnosis = publication.diagnosis
    service = diagnosis.service
    inside = list(model.here.index)
    return {
        "study": publication.study,
        "service": {
            "key": diagnosis.key, "label": service.label, "unit": service.unit,
            "people": service.people_label, "norm": service.per_100, "within": service.within_min,
            "said": publication.norm, "place": service.place_label,
            "measure": publication.measure,
            "one": {each: labels.one_of(each) for each in (service.unit, service.people_label)},
        },
        "estimated": [labels.text(f"estimated.{key}") for key in diagnosis.estimated],
        "sources": list(publication.sources),
        "spread": publication.spread,
        "classes": _classes(publication),
        "noData": NO_DATA,
        "fragile": labels.text("certainty.fragile"), "unjudged": labels.text("certainty.none"),
        "changes": [*reversed(RISES), CHANGES["same"], *FALLS],
        "grouping": _grouping(publication),
        "communes": _communes(publication, inside),
        "places": _places(publication, model),
        "sites": [
            {"key": key, "slope": _column(model.sites[key])} for key in model.sites.columns
        ],
        "spots": [
            {"key": each.key, "code": each.code, "commune": each.commune, "inside": each.inside,
             "lon": each.lon, "lat": each.lat, "degrees": each.degrees}
            for each in model.plans.sites
        ],
        "proposals": [*map(_proposal, model.plans.shown)],
        "taken": _taken(publication),
        "outlines": _outlines(publication, inside),
        "around": _around(publication),
        "roads": _roads(publication),
        "schematic": diagnosis.network.schematic,
    }  # fmt: skip


def _proposal(plan: Proposal) -> dict[str, Any]:
    return {
        "name": plan.name, "motive": plan.motive, "source": plan.source, "cost": plan.cost,
        "yearly": plan.cost_per_year,
        "capacity": dict(plan.capacity), "moved": dict(plan.moved),
        "opened": [
            {"id": each.place, "name": each.name, "code": each.site, "capacity": each.capacity}
            for each in plan.opened
        ],
        "paid": {key: said for key, each in plan.paid.items() if (said := _paid(each))},
        "others": [
            {"toml": each.toml, "lacks": list(each.lacks), **_paid(each.paid)}
            for each in plan.others
        ],
    }  # fmt: skip


def _paid(paid: Paid) -> dict[str, Any]:
    """Return what a change declares, under the keys of its file; what it does not is not there."""
    said = {"cost": paid.cost, "cost_per_year": paid.cost_per_year, "note": paid.note or None}
    return {key: value for key, value in said.items() if value is not None}


def _taken(publication: Publication) -> list[str]:
    """Return the identifiers, of any service, that a place opened on the page may not take."""
    every = publication.diagnosis.territory.equipements.index.astype(str)
    return sorted(each for each in every if each.startswith(_OPENED))


def _column(slopes: pd.Series) -> list[list[float]]:
    """Return the communes (by place in the list) that a site serves, and how much each gets."""
    values = slopes.to_numpy(np.float64)
    return [[int(at), float(values[at])] for at in np.flatnonzero(values)]


def _classes(publication: Publication) -> list[dict[str, Any]]:
    colours = class_colours(publication.classes)
    return [
        {"number": each.number, "label": publication.class_labels[each.number],
         "low": None if np.isinf(each.low) else each.low,
         "high": None if np.isinf(each.high) else each.high,
         "level": each.level, "colour": colours[each.number]}
        for each in publication.classes
    ]  # fmt: skip


def _grouping(publication: Publication) -> dict[str, Any] | None:
    name = publication.grouping
    if name is None:
        return None
    return {"name": name, "label": publication.group_labels[name]}


def _communes(publication: Publication, inside: list[str]) -> list[dict[str, Any]]:
    """Return communes as published: people only where they are told."""
    table, points = publication.communes, publication.diagnosis.territory.points
    places = points[inside].to_crs(4326)
    grouping = publication.grouping
    told = publication.diagnosis.demand_status.isin((contracts.OBSERVED, contracts.ESTIMATED))
    rows = []
    for code in inside:
        row = table.loc[code]
        people = float(row["demand"]) if told[code] and pd.notna(row["demand"]) else None
        rows.append({
            "code": code, "name": labels.typeset(str(row["nom"])), "people": people,
            "status": str(row["demand_status"]),
            "group": None if grouping is None else str(row[grouping]),
            "population": None if pd.isna(row["population"]) else float(row["population"]),
            "lon": round(places[code].x, 5), "lat": round(places[code].y, 5),
            "why": labels.typeset(str(row["why"])),
            "certainty": str(row["certainty_label"]),
        })  # fmt: skip
    return rows


def _places(publication: Publication, model: CommitteeModel) -> list[dict[str, Any]]:
    table = publication.diagnosis.equipements
    points, limited = table.geometry.to_crs(4326), reserved(table)
    scale = _scale(publication)
    return [
        {"id": str(key), "name": labels.typeset(str(table.at[key, "nom"])),
         "code": str(table.at[key, "code_insee"]), "inside": bool(table.at[key, "inside"]),
         "capacity": float(table.at[key, "capacity"]),
         "estimated": table.at[key, "capacity_status"] != contracts.OBSERVED,
         "lon": round(points[key].x, 5), "lat": round(points[key].y, 5),
         "reserved": str(key) in limited, "scale": scale[key],
         "slope": _column(model.here[key])}
        for key in model.here.columns
    ]  # fmt: skip


def _scale(publication: Publication) -> dict[str, float]:
    """Return the part of its capacity that a place counts for: hours there, ages it admits.

    A scenario changes the capacity itself, where the page shows the part of it that counts.
    """
    counted = publication.diagnosis.equipements["capacity"].astype(float)
    whole = publication.diagnosis.territory.equipements["capacity"].reindex(counted.index)
    part = counted / whole.astype(float)
    return {str(key): float(part[key]) if 0 < part[key] < np.inf else 1.0 for key in part.index}


def _outlines(publication: Publication, inside: list[str]) -> list[dict[str, Any]]:
    shapes = publication.diagnosis.territory.communes.geometry
    return _drawn(shapes[inside], _FINE_M)


def _around(publication: Publication) -> list[dict[str, Any]]:
    communes = publication.diagnosis.territory.communes
    return _drawn(communes.geometry[~communes["inside"]], _COARSE_M)


def _drawn(shapes: "gpd.GeoSeries", tolerance: float) -> list[dict[str, Any]]:
    """Return outlines simplified together, so that neighbours keep one border."""
    if shapes.empty:
        return []
    whole = shapely.coverage_simplify(shapes.to_numpy(), tolerance)
    degrees = type(shapes)(whole, crs=shapes.crs).to_crs(4326)
    return [shapely.geometry.mapping(each) for each in _rounded(degrees)]


def _rounded(shapes: "gpd.GeoSeries") -> list[Any]:
    moved = shapely.transform(shapes.to_numpy(), lambda xy: np.round(xy / _DEGREES) * _DEGREES)
    return list(shapely.transform(moved, lambda xy: np.round(xy, 5)))


def _roads(publication: Publication) -> list[dict[str, Any]]:
    """Return the larger roads of the territory, for orientation."""
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    network, communes = publication.diagnosis.network, publication.diagnosis.territory.communes
    roads = network.to_frame()
    if not network.schematic:
        roads = roads[roads["road_class"].isin(_ROADS)]
    area = shapely.union_all(communes.geometry[communes["inside"]].to_numpy())
    within = shapely.intersection(shapely.simplify(roads.geometry.to_numpy(), _FINE_M), area)
    shapes = gpd.GeoSeries(within[shapely.length(within) > 0], crs=roads.crs)
    if shapes.empty:
        return []
    lines = shapes.to_crs(4326)
    return [shapely.geometry.mapping(each) for each in _rounded(lines)]
