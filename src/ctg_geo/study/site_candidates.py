"""The candidates of a plan, from the words that name them: where each is, and in which commune."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from ctg_geo.config.candidate_source import CandidateSource
from ctg_geo.config.table_source import TableSource
from ctg_geo.errors import SitingError
from ctg_geo.siting.candidates import chefs_lieux, grid, public_places, thinned, together
from ctg_geo.sources import CandidatesRead, read_candidates
from ctg_geo.sources.files import read_table
from ctg_geo.study.study import Study

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["CHEF_LIEU", "LIST", "candidates_of"]

CHEF_LIEU: Final = "chef_lieu"
LIST: Final = "list"
_KINDS: Final = ("chefs_lieux", "places:SERVICE", "grid:METRES", "roads:NUMBER", "FILE.csv")
_APART_M = 100.0  # nearer, two candidates of different kinds are one
_SEED = 7
_DEGREES = "EPSG:4326"
_DECIMALS = 7  # of degrees: a centimetre
_NEEDED: Final = ("candidate_id", "nom")
_OPTIONAL: Final = ("code_insee", "cost_open", "cost_place", "group", "decision")


def candidates_of(
    study: Study, kinds: tuple[str, ...], profile: str, demand: pd.Series
) -> tuple["gpd.GeoDataFrame", tuple[CandidatesRead, ...]]:
    """Return the candidates of some kinds, those of the first kinds kept before others.

    Parameters
    ----------
    kinds : ``chefs_lieux``, ``places:SERVICE``, ``grid:METRES``, ``roads:NUMBER`` or a file
    profile : of the roads that are thinned
    demand : by demand_id, people, whom thinned roads stand for

    Returns
    -------
    GeoDataFrame by candidate_id: nom, code_insee, kind, lon, lat (NaN at a chef-lieu), costs,
    group and decision where a list says them; and the lists as read

    Raises
    ------
    SitingError
        If a kind is unknown, or a candidate lies outside the communes of the study.
    MissingFileError, MissingColumnError, DataError
        If a list cannot be read.
    """
    read: list[CandidatesRead] = []
    tables = [_table(study, each, profile, demand, read) for each in kinds]
    every = together(tables, apart_m=_APART_M)
    if every.empty:
        raise SitingError("no_candidates", kinds=list(kinds))
    return _placed(study, every), tuple(read)


def _table(
    study: Study, kind: str, profile: str, demand: pd.Series, read: list[CandidatesRead]
) -> pd.DataFrame:
    territory = study.territory
    word, _, rest = kind.partition(":")
    if kind == "chefs_lieux":
        return chefs_lieux(territory.communes, territory.points)
    if word == "places" and rest:
        known = sorted(set(territory.equipements["service"]))
        if rest not in known:
            raise SitingError("places_unknown", service=rest, known=known)
        return public_places(territory.equipements, [rest], inside=True)
    if word == "grid":
        inside = territory.communes.loc[territory.inside]
        return grid(inside.geometry.union_all(), step_m=_number(kind, rest))
    if word == "roads":
        return _thinned(study, profile, demand, round(_number(kind, rest)))
    if kind.lower().endswith((".csv", ".xlsx")):
        read.append(_listed(Path(kind), study.territory.crs))
        return read[-1].table
    raise SitingError("candidate_kind", said=kind, known=list(_KINDS))


def _number(kind: str, said: str) -> float:
    try:
        return float(said)
    except ValueError as error:
        raise SitingError("candidate_kind", said=kind, known=list(_KINDS)) from error


def _thinned(study: Study, profile: str, demand: pd.Series, count: int) -> pd.DataFrame:
    """Thin the junctions of the roads, each standing for the people nearest to it."""
    from scipy.spatial import cKDTree  # noqa: PLC0415  (heavy)

    network, territory = study.network(profile), study.territory
    at = np.c_[network.x, network.y]
    homes = territory.homes.places.geometry.to_crs(network.crs)
    inside = territory.homes.code.isin(territory.inside).to_numpy()
    node = cKDTree(at).query(np.c_[homes.x, homes.y])[1]
    people = demand.reindex(homes.index).to_numpy(np.float64) * inside
    weight = np.bincount(node, people, len(at))
    names = pd.Index([f"road_{number}" for number in range(len(at))])
    points = pd.DataFrame(at, index=names, columns=["x", "y"])
    return thinned(points, pd.Series(weight, index=names), count=count, seed=_SEED)


def _listed(path: Path, crs: str) -> CandidatesRead:
    """Read a list whose columns are called as `CandidateSource` calls them."""
    said = {"path": path.name, "provider": "", "licence": "", "vintage": ""}
    told = {key: value or "-" for key, value in said.items()}
    found = set(read_table(path, TableSource.model_validate(told)).frame.columns)
    metric = {"x", "y"} <= found
    where = ("x", "y") if metric else ("lon", "lat")
    columns = {name: name for name in (*_NEEDED, *where, *_OPTIONAL)
               if name in found or name in (*_NEEDED, *where)}  # fmt: skip
    more = {"crs": crs} if metric else {}
    return read_candidates(
        path, CandidateSource.model_validate({**told, **more, "columns": columns}), crs=crs
    )


def _placed(study: Study, table: pd.DataFrame) -> "gpd.GeoDataFrame":
    """Put candidates where a scenario would: at a chef-lieu, or at degrees that can be written."""
    import geopandas as gpd  # noqa: PLC0415  (heavy)

    territory = study.territory
    points = gpd.GeoSeries.from_xy(table["x"], table["y"], index=table.index, crs=territory.crs)
    degrees = points.to_crs(_DEGREES)
    made = table.drop(columns=["x", "y"])
    chef = (table["kind"] == CHEF_LIEU).to_numpy()
    made["lon"] = degrees.x.round(_DECIMALS).mask(chef)
    made["lat"] = degrees.y.round(_DECIMALS).mask(chef)
    back = gpd.GeoSeries.from_xy(
        made["lon"].where(~chef, degrees.x), made["lat"].where(~chef, degrees.y),
        index=table.index, crs=_DEGREES,
    ).to_crs(territory.crs)  # fmt: skip
    back[chef] = points[chef]
    made["code_insee"] = _communes(territory.communes, back, made["code_insee"])
    names = made["code_insee"].map(territory.communes["nom"])
    made["commune"] = names
    made["nom"] = made["nom"].where(made["nom"] != "", names)
    return gpd.GeoDataFrame(made, geometry=back)


def _communes(
    communes: "gpd.GeoDataFrame", points: "gpd.GeoSeries", said: pd.Series
) -> "pd.Series":
    """Return the commune of each candidate; a chef-lieu is in its own.

    Raises
    ------
    SitingError
        If one lies in no commune of the study.
    """
    import shapely  # noqa: PLC0415  (heavy)

    tree = shapely.STRtree(communes.geometry.to_numpy())
    which, at = tree.query(points.to_numpy(), predicate="intersects")
    first = pd.Series(at, index=which).groupby(level=0).min()
    number = first.reindex(range(len(points)))
    known = said.isin(communes.index).to_numpy()
    lost = points.index[number.isna().to_numpy() & ~known]
    if len(lost):
        raise SitingError("candidate_outside", names=[str(each) for each in lost])
    codes = communes.index.to_numpy()[number.fillna(0).astype(int).to_numpy()]
    chef = np.array([str(each).startswith(f"{CHEF_LIEU}_") for each in points.index])
    return pd.Series(np.where(chef & known, said, codes), index=points.index)
