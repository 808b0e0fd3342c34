"""The layers of the GeoPackage: which columns, in which order, in whose words."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from ctg_geo import contracts, labels, quality
from ctg_geo.export._unshown import drawn_keys
from ctg_geo.export._words import status_word, yes_no
from ctg_geo.export.gaps import zone_table, zone_titles
from ctg_geo.export.ground_layers import ground_layers
from ctg_geo.export.layer import Layer
from ctg_geo.export.publish import SPREAD, Publication
from ctg_geo.export.sheets import sheet_layer
from ctg_geo.quality import Finding
from ctg_geo.territory import Territory, hours_status

if TYPE_CHECKING:
    import geopandas as gpd

    from ctg_geo.network import RoadNetwork

__all__ = ["Layer", "commune_columns", "layers_of", "road_status"]


_COMMUNES = (
    "nom", "rank", "below", "missing", "missing_status", "concerned", "score", "class",
    "drawn", "class_label", "certainty", "certainty_label", "why", "access_per_100", "nearest_min",
    "nearest_status", "nearest_place", "places_here", "supply_here", "demand", "demand_status",
    "population", "result_status", "estimated",
)  # fmt: skip
_PLACES = ("place_nom", "service", "code_insee", "capacity", "capacity_status", "location_status",
           "delivery", "hours_per_week", "ratio_per_100", "inside", "source")  # fmt: skip
_ADMITS = ("age_from", "age_to", "residents")  # shown where a place takes some people only


def layers_of(publication: Publication, findings: Sequence[Finding]) -> list[Layer]:
    """Return the layers: communes, groups, demand points, places, roads, findings."""
    diagnosis = publication.diagnosis
    roads = diagnosis.network.to_frame().rename(columns={"name": "road_name"})
    for column in {"speed_kind", "structure"} & set(roads.columns):
        roads[column] = [labels.text(f"{column}.{each or 'none'}") for each in roads[column]]
    status = road_status(diagnosis.network)
    minutes = roads[["forward_min", "backward_min"]].min(axis=1)
    used = roads["length_m"] / 1000 / (minutes.where(minutes > 0) / 60)
    roads["speed_kmh"] = roads["speed_kmh"].fillna(used.round(1))
    roads["road_status"] = status
    roads["inside"] = _crossing(roads, diagnosis.territory)
    return [
        _layer(publication, "communes", _communes(publication)),
        *_groups(publication),
        *_quarters(publication),
        *_zones(publication),
        _layer(publication, "points_demande", _points(publication)),
        _layer(publication, "equipements", _places(publication)),
        _layer(publication, "routes", roads),
        *ground_layers(diagnosis.territory, publication.study),
        sheet_layer(publication),
        _layer(publication, "constats", quality.to_frame(findings, diagnosis.territory.names)),
    ]


def _crossing(roads: "gpd.GeoDataFrame", territory: Territory) -> pd.Series:
    """Say of each road whether it runs in the territory, for part of its way at least."""
    inside = territory.communes.loc[territory.inside].to_crs(roads.crs).geometry.to_numpy()
    lines = roads.geometry.to_numpy()
    found = np.zeros(len(lines), dtype=bool)
    found[shapely.STRtree(inside).query(lines, predicate="intersects")[0]] = True
    return yes_no(pd.Series(found, index=roads.index))


def road_status(network: "RoadNetwork") -> list[str]:
    """Say of each edge whether its time is observed: a mean speed that the road file states.

    A time made of a class, of a speed limit or of schematic roads is an estimate.
    """
    stated = network.edges["speed_kmh"].notna().to_numpy() & (not network.schematic)
    if "speed_kind" in network.edges.columns:
        stated &= (network.edges["speed_kind"] != "limit").to_numpy()
    return [status_word("observed" if each else "estimated") for each in stated]


def _layer(publication: Publication, name: str, table: "gpd.GeoDataFrame | pd.DataFrame") -> Layer:
    titles = {str(c): publication.title(str(c)) for c in table.columns if c != "geometry"}
    return Layer(name, table, titles, labels.text(f"layers.{name}", study=publication.study))


def _communes(publication: Publication) -> "gpd.GeoDataFrame":
    said = {"drawn": drawn_keys(publication), "rank": publication.communes["rank"].astype("Int64")}
    table = publication.communes.assign(**said).sort_index().reset_index()
    return table[[*commune_columns(publication), "geometry"]]


def commune_columns(publication: Publication) -> list[str]:
    """Name the columns of the layer of communes, but for their shapes."""
    spread = SPREAD if publication.spread else ()
    return ["code_insee", *publication.group_labels, *_COMMUNES,
            *publication.mode_columns, *publication.care_columns, *spread,
            *publication.gap_columns]  # fmt: skip


def _groups(publication: Publication) -> list[Layer]:
    """One polygon per group, with the comparison."""
    grouping = publication.grouping
    if grouping is None:
        return []
    numbers = publication.groups[grouping].copy()
    named = publication.group_names[grouping]
    numbers.index = [named.get(str(key), str(key)) for key in numbers.index]
    shapes = publication.communes[[grouping, "geometry"]].dissolve(by=grouping)
    table = shapes.join(numbers.rename(columns={"below": "share_below"})).reset_index()
    for column in ("concerned_share", "within_share", "reached_share"):
        table[column] = 100 * table[column]
    return [_layer(publication, "groupes", table.rename(columns={grouping: "group"}))]


def _points(publication: Publication) -> "gpd.GeoDataFrame":
    """Where demand was placed, buffer included; unknown figures stay blank.

    With people spread inside communes, access is told at each place and their number is not:
    access is a property of the place, the people of one cell are not for publication. Under a
    rule of secrecy access is not told either: with the mean of the commune it would tell how
    its people are shared out.
    """
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    diagnosis = publication.diagnosis
    territory, homes = diagnosis.territory, diagnosis.territory.homes
    local, code = diagnosis.homes, homes.code
    shown = diagnosis.demand_status.isin((contracts.OBSERVED, contracts.ESTIMATED))
    table = pd.DataFrame(
        {
            "nom": code.map(territory.communes["nom"]),
            "inside": yes_no(code.map(territory.communes["inside"])),
            "demand": local["demand"].where(code.map(shown)),
            "demand_status": code.map(diagnosis.demand_status).map(status_word),
            "point_status": homes.places["point_status"].map(status_word),
            "nearest_min": local["nearest_min"],
        }
    )
    if homes.spread:
        table = table.drop(columns=["demand", "demand_status"])
        if diagnosis.fewest:
            table = table.drop(columns="nearest_min")
        else:
            table["access_per_100"] = 100 * local["access"]
            for name in publication.care_columns:
                table[name] = local[name]
        table["imputed"] = yes_no(homes.places["imputed"])
        quarters = publication.around.quarters
        if quarters is not None and quarters.homes is not None:
            table["in_qpv"] = _in_qpv(quarters.homes, table.index)
        table.insert(0, "code_insee", code)
    table = table.rename_axis("demand_id" if homes.spread else "code_insee")
    geo = gpd.GeoDataFrame(table, geometry=homes.places.geometry.to_numpy(), crs=territory.crs)
    return geo.reset_index()


def _places(publication: Publication) -> "gpd.GeoDataFrame":
    diagnosis = publication.diagnosis
    places = diagnosis.equipements.rename(columns={"nom": "place_nom"})
    ratio = diagnosis.catchment.ratio if diagnosis.catchment is not None else None
    few = bool(diagnosis.fewest)  # a ratio tells how many people share a place
    places["ratio_per_100"] = np.nan if ratio is None or few else 100 * ratio
    places["inside"] = yes_no(places["inside"])
    shown = list(_PLACES)
    if diagnosis.service.judged_on_supply:
        places["capacity_at_point"] = _at_points(places)
        shown.insert(shown.index("capacity_status") + 1, "capacity_at_point")
    assumed = hours_status(places)
    if (assumed == contracts.ESTIMATED).any():
        places["hours_status"] = assumed.map(lambda key: labels.text(f"status.{key}"))
        shown.insert(shown.index("hours_per_week") + 1, "hours_status")
    if "presence" in places.columns:
        places["presence"] = 100 * places["presence"]
        shown.insert(shown.index("hours_per_week") + 1, "presence")
    if "care" in places.columns:
        care = diagnosis.service.care
        places["care"] = places["care"].map(lambda key: care[key].label)
        shown.insert(1, "care")
    for name in _ADMITS:
        if name in places.columns and not places[name].replace("", np.nan).isna().all():
            shown.insert(shown.index("inside"), name)
    for column in ("capacity_status", "location_status"):
        places[column] = places[column].map(lambda key: labels.text(f"status.{key}"))
    places["delivery"] = places["delivery"].map(lambda key: labels.text(f"delivery.{key}"))
    columns = list(shown)
    if publication.around.quarters is not None:
        places["in_qpv"] = _in_qpv(publication.around.quarters.places, places.index)
        columns.append("in_qpv")
    return places.reset_index()[["equipement_id", *columns, "geometry"]]


def _at_points(places: "gpd.GeoDataFrame") -> pd.Series:
    """Return what all places at the very point of each offer together, missing if none tells."""
    at = [places.geometry.x.round(0), places.geometry.y.round(0)]
    return pd.Series(places["capacity"].groupby(at).transform("sum", min_count=1))


def _in_qpv(quarter: pd.Series, index: pd.Index) -> pd.Series:
    """Say yes or no, or that a position is not known well enough to tell."""
    found = quarter.reindex(index)
    return yes_no(found != "").where(found.notna(), labels.text("words.unsure"))


def _zones(publication: Publication) -> list[Layer]:
    """Return the areas below the norm, if there are any."""
    if publication.gaps is None or publication.gaps.zones.empty:
        return []
    said = labels.text("layers.zones", study=publication.study)
    return [Layer("zones", zone_table(publication), zone_titles(publication), said)]


def _quarters(publication: Publication) -> list[Layer]:
    """Return the QPV of the territory and around it, if the study names them."""
    quarters = publication.around.quarters
    if quarters is None:
        return []
    return [_layer(publication, "qpv", quarters.table.reset_index())]
